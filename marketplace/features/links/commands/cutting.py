"""Cuts a false link with a reason; it stays cut, and reviews that rested on it end with it."""

from __future__ import annotations

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, may, require
from marketplace.base.clock import Clock
from marketplace.base.db import announce
from marketplace.base.errors import NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.links.commands.settling import settle
from marketplace.features.links.events import AffiliateTieChanged
from marketplace.features.links.kinds import (
    LinkOutcome,
    LinkReason,
    LinkReviewStatus,
    LinkStatus,
)
from marketplace.features.links.queries.facts import (
    scope_of_subject,
    standing_links,
    subject_of_store,
)
from marketplace.features.links.rules import group_of
from marketplace.features.links.tables import LinkReview, StoreLink

_LEAST_REASON = 4


def cut_link(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    link_id: int,
    reason: str,
) -> int:
    """Cut a false link; return how many open reviews rested on it alone and ended.

    Raises:
        Refused: cut already, without a reason, or a confirmed holding: that one is ended in the
            register, not cut here.
    """
    row = _load(session, actor, link_id, "links.cut_link")
    if row.status is LinkStatus.CUT:
        raise Refused("decided_already")
    if row.reason is LinkReason.OPERATES:
        raise Refused("link_is_a_holding")
    if len(normalize(reason)) < _LEAST_REASON:
        raise Refused("reason_missing")
    row.status = LinkStatus.CUT
    row.cut_by, row.cut_at, row.changed_at = actor.account_id, clock.now(), clock.now()
    row.cut_reason = normalize_prose(reason)
    session.flush()
    _trail(session, clock, actor, row, "links.cut_link", row.cut_reason)
    _announce(session, row)
    return _end_reviews(session, rulebook, clock, actor, row.program, row.cut_reason)


def restore_link(
    session: Session, *, clock: Clock, actor: Actor, link_id: int, reason: str
) -> None:
    """Take a cut back; the link stands again where its facts still hold at the next derivation.

    Raises:
        Refused: not cut, without a reason, or by the person who cut it.
    """
    row = _load(session, actor, link_id, "links.restore_link")
    if row.status is not LinkStatus.CUT:
        raise Refused("link_not_cut")
    if row.cut_by is not None and row.cut_by == actor.account_id:
        raise Refused("author_never_decides")
    if len(normalize(reason)) < _LEAST_REASON:
        raise Refused("reason_missing")
    row.status = LinkStatus.GONE
    row.cut_by = row.cut_at = row.cut_reason = None
    row.changed_at = clock.now()
    _trail(session, clock, actor, row, "links.restore_link", normalize_prose(reason))
    _announce(session, row)


def _announce(session: Session, row: StoreLink) -> None:
    if row.reason is LinkReason.AFFILIATE:
        announce(session, AffiliateTieChanged(row.program))


def _load(session: Session, actor: Actor, link_id: int, action: str) -> StoreLink:
    row = session.get(StoreLink, link_id, with_for_update=True)
    if row is None:
        raise NotFound("link_not_found", link_id=link_id)
    require(actor, action, Scope(program=row.program))
    if actor.districts_in(row.program):
        ends = (row.left_ref, row.right_ref)
        if not any(
            may(actor, action, scope_of_subject(session, row.program, ref)) for ref in ends
        ):
            raise NotFound("link_not_found", link_id=link_id)
    return row


def _end_reviews(
    session: Session, rulebook: Rulebook, clock: Clock, actor: Actor, program: str, reason: str
) -> int:
    """End the open reviews whose subject is no longer tied to the store dealt with."""
    links = standing_links(session, program=program)
    waiting = session.execute(
        select(LinkReview)
        .where(LinkReview.program == program, LinkReview.status == LinkReviewStatus.OPEN)
        .order_by(col(LinkReview.id))
    ).scalars()
    ended = 0
    for review in list(waiting):
        ways = group_of(
            rulebook.conduct.links, links, subject_of_store(review.because_store_id)
        )
        if review.subject_ref not in ways:
            settle(
                session, clock, review, by=actor, outcome=LinkOutcome.LINK_CUT, reason=reason
            )
            ended += 1
    return ended


def _trail(
    session: Session, clock: Clock, actor: Actor, row: StoreLink, action: str, reason: str
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"link:{row.key}",
        program=row.program,
        reason=reason,
        facts={"left": row.left_ref, "right": row.right_ref, "reason": row.reason},
    )
