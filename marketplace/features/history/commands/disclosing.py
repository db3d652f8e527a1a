"""Takes self-disclosures in bands, lets their maker withdraw them and a reader look, recorded.

It must not touch points, offenses, featuring, rank or credit: nothing here announces anything.
"""

from __future__ import annotations

from sqlmodel import Session, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound, Refused
from marketplace.features.history.kinds import (
    DisclosureStatus,
    QuantityBand,
)
from marketplace.features.history.queries import DisclosureContent
from marketplace.features.history.tables import Disclosure, DisclosureView
from marketplace.features.registry.queries import scope_of_operator


def disclose(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    operator_id: int,
    quantity_band: QuantityBand,
    year_band: str,
    notice_sha256: str,
) -> int:
    """Take or correct an owner's self-disclosure.

    `notice_sha256` is the digest of the before-you-type screen the owner was shown: who sees it,
    what it is used for and never used for, what must be passed on by law.

    Returns the disclosure; the same answer again writes nothing and returns the one that stands.

    Raises:
        NotAllowed: for an agent of the firm; only its head speaks of the past.
        Refused: without the notice; nobody discloses unread.
    """
    scope = scope_of_operator(session, operator_id)
    require(actor, "history.disclose", scope)
    if len(notice_sha256) != 64:
        raise Refused("notice_not_read")
    for earlier in _all_current(session, operator_id):
        if (earlier.quantity_band, earlier.year_band) == (quantity_band, year_band):
            return earlier.key
        earlier.status = DisclosureStatus.CORRECTED
    session.flush()
    row = Disclosure(
        operator_id=operator_id,
        program=str(scope.program),
        quantity_band=quantity_band,
        year_band=year_band,
        made_by=actor.account_id or 0,
        made_at=clock.now(),
        read_notice_sha256=notice_sha256,
        status=DisclosureStatus.CURRENT,
    )
    session.add(row)
    session.flush()
    _record(session, clock, actor, "history.disclose", row.key, scope)
    return row.key


def withdraw_disclosure(
    session: Session, *, clock: Clock, actor: Actor, operator_id: int
) -> None:
    """Take a self-disclosure back; it costs nothing."""
    scope = scope_of_operator(session, operator_id)
    require(actor, "history.withdraw_disclosure", scope)
    rows = _all_current(session, operator_id)
    if not rows:
        raise NotFound("disclosure_not_found", operator_id=operator_id)
    for row in rows:
        row.status = DisclosureStatus.WITHDRAWN
        _record(session, clock, actor, "history.withdraw_disclosure", row.key, scope)


def view_disclosure(
    session: Session, *, clock: Clock, actor: Actor, operator_id: int, reason: str
) -> DisclosureContent:
    """Return a disclosure to an officer; every view is kept and shown to the owner.

    Raises:
        Refused: without a reason.
    """
    scope = scope_of_operator(session, operator_id)
    require(actor, "history.view_disclosure", scope)
    if len(reason.strip()) < 4:
        raise Refused("reason_missing")
    rows = _all_current(session, operator_id)
    if not rows:
        raise NotFound("disclosure_not_found", operator_id=operator_id)
    row = rows[0]
    session.add(
        DisclosureView(
            disclosure_id=row.key,
            viewed_by=actor.account_id or 0,
            viewed_at=clock.now(),
            reason=reason.strip(),
        )
    )
    _record(session, clock, actor, "history.view_disclosure", row.key, scope, reason=reason)
    return DisclosureContent(row.key, row.quantity_band, row.year_band, row.made_at)


def _all_current(session: Session, operator_id: int) -> list[Disclosure]:
    return list(
        session.execute(
            select(Disclosure).where(
                Disclosure.operator_id == operator_id,
                Disclosure.status == DisclosureStatus.CURRENT,
            )
        ).scalars()
    )


def _record(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    disclosure_id: int,
    scope: Scope,
    *,
    reason: str | None = None,
) -> None:
    # The bands stay out of the trail: who may read the trail may not read the disclosure.
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"disclosure:{disclosure_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        reason=reason,
    )
