"""Writes what a review ended in; whoever calls it has asked who may."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base import audit
from marketplace.base.access import Actor
from marketplace.base.clock import Clock
from marketplace.features.links.kinds import LinkOutcome, LinkReviewStatus
from marketplace.features.links.queries import scope_of_subject
from marketplace.features.links.tables import LinkReview


def settle(
    session: Session,
    clock: Clock,
    row: LinkReview,
    *,
    by: Actor,
    outcome: LinkOutcome,
    reason: str,
) -> None:
    """Write an outcome and its entry."""
    row.status = LinkReviewStatus.DECIDED
    row.outcome = outcome
    row.reason = reason
    row.decided_by = by.account_id
    row.decided_at = clock.now()
    scope = scope_of_subject(session, row.program, row.subject_ref)
    audit.record(
        session,
        clock=clock,
        actor=by,
        action="links.decide_review",
        subject=f"link_review:{row.key}",
        program=row.program,
        operator_id=scope.operator_id,
        reason=reason,
        facts={"outcome": outcome, "of": row.subject_ref, "because": row.because_store_id},
    )
