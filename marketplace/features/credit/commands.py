"""An owner disputes an event of his score; somebody who had no hand in it decides."""

from __future__ import annotations

from sqlmodel import Session, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, add_working_days, today
from marketplace.base.db import announce
from marketplace.base.errors import NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.credit.events import DisputeDecided
from marketplace.features.credit.evidence import events_of, people_behind
from marketplace.features.credit.kinds import DisputeStatus
from marketplace.features.credit.tables import CreditDispute
from marketplace.features.registry.queries import scope_of_operator

_LEAST_REASON = 4


def file_dispute(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    operator_id: int,
    event_ref: str,
    statement: str,
) -> int:
    """Dispute an event that counts in one's score; the same one waiting is the same dispute.

    Raises:
        NotFound: when no such event counts.
        Refused: without a reason.
    """
    scope = scope_of_operator(session, operator_id)
    require(actor, "credit.file_dispute", scope)
    event = next(
        (e for e in events_of(session, rulebook, operator_id) or () if e.ref == event_ref), None
    )
    if event is None:
        raise NotFound("credit_event_not_found")
    if len(normalize(statement)) < _LEAST_REASON:
        raise Refused("reason_missing")
    waiting = session.execute(
        select(CreditDispute.id).where(
            CreditDispute.operator_id == operator_id,
            CreditDispute.event_ref == event_ref,
            CreditDispute.status == DisputeStatus.OPEN,
        )
    ).scalar()
    if waiting is not None:
        return int(waiting)
    days = rulebook.conduct.credit.answer_working_days
    row = CreditDispute(
        program=str(scope.program),
        district=scope.district,
        operator_id=operator_id,
        component=event.component,
        event_ref=event_ref,
        statement=normalize_prose(statement),
        filed_by=actor.account_id,
        filed_at=clock.now(),
        due_on=add_working_days(today(clock), days, rulebook.calendar),
        status=DisputeStatus.OPEN,
    )
    session.add(row)
    session.flush()
    _trail(session, clock, actor, row, "credit.file_dispute", None)
    return row.key


def decide_dispute(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    dispute_id: int,
    accept: bool,
    reason: str,
) -> None:
    """Accept a dispute, which takes the event out of the score, or reject it.

    The event itself stays as it was decided: an offense is reversed only by an appeal.

    Raises:
        Refused: decided already, without a reason, by nobody, or by who recorded or decided the
            event, whether it still counts or not.
    """
    row = session.get(CreditDispute, dispute_id)
    if row is None:
        raise NotFound("credit_dispute_not_found", dispute_id=dispute_id)
    require(actor, "credit.decide_dispute", Scope(row.program, row.district, row.operator_id))
    if row.status is not DisputeStatus.OPEN:
        raise Refused("decided_already")
    if len(normalize(reason)) < _LEAST_REASON:
        raise Refused("reason_missing")
    had_a_hand = people_behind(session, row.event_ref)
    if actor.account_id is None or actor.account_id in had_a_hand:
        raise Refused("author_never_decides")
    row.status = DisputeStatus.ACCEPTED if accept else DisputeStatus.REJECTED
    row.decided_by, row.decided_at = actor.account_id, clock.now()
    row.reason = normalize_prose(reason)
    _trail(session, clock, actor, row, "credit.decide_dispute", row.reason)
    announce(session, DisputeDecided(row.key, row.operator_id, row.program, accept))


def _trail(
    session: Session,
    clock: Clock,
    actor: Actor,
    row: CreditDispute,
    action: str,
    reason: str | None,
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"credit_dispute:{row.key}",
        program=row.program,
        operator_id=row.operator_id,
        reason=reason,
        facts={"event": row.event_ref, "component": row.component, "status": row.status},
    )
