"""A store suspended before the decision: only a person's reasoned act on prima facie evidence.

A complaint or an open case removes nothing by itself; the term is short and ends by itself.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Role, require
from marketplace.base.clock import Clock, FixedClock
from marketplace.base.db import announce
from marketplace.base.errors import NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.enforcement.commands import closing, reasons
from marketplace.features.enforcement.events import StoreSuspendedPending
from marketplace.features.enforcement.kinds import (
    FindingStatus,
    MeasureEnd,
    MeasureKind,
    StatementBasis,
)
from marketplace.features.enforcement.queries.facts import imposed, load_finding
from marketplace.features.enforcement.statement import MeasureSaid
from marketplace.features.enforcement.tables import (
    FindingEvidence,
    InterimSuspension,
    MeasureTaken,
)
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Store

LEAST_REASON = 10  # characters; a person says why it cannot wait


def suspend_pending_decision(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    finding_id: int,
    reason: str,
) -> int:
    """Suspend a store until its finding is decided, at longest for the program's term.

    Once for a finding: what ran out, was lifted or was appealed against does not begin anew.

    Raises:
        Refused: no person acts, decided already, suspended for it before, no evidence with a
            digest, no reason in words, or the store does not trade.
    """
    finding, scope = load_finding(session, finding_id)
    require(actor, "enforcement.suspend_pending_decision", scope)
    clock = FixedClock(clock.now())  # one instant for all that follows
    if actor.account_id is None or actor.role is Role.SYSTEM:
        raise Refused("person_decides")
    if finding.status is not FindingStatus.SUSPECTED:
        raise Refused("decided_already")
    if _was_suspended(session, finding_id):
        raise Refused("suspended_before")
    if not _has_evidence(session, finding_id):
        raise Refused("prima_facie_missing")
    if len(normalize(reason)) < LEAST_REASON:
        raise Refused("reason_too_short", least=LEAST_REASON)
    store = closing.locked(session, finding.store_id)
    if store.status is not StoreStatus.OPEN:
        raise Refused("store_not_open")
    days = rulebook.enforcement.measures.interim_days
    until = clock.now() + timedelta(days=days)
    holder = None
    if finding.factory_id is not None and finding.operator_id is not None:
        holder = (finding.factory_id, finding.operator_id)
    statement = reasons.issue(
        session, rulebook, clock=clock, by=actor, store=store, holder=holder, finding=finding,
        grounds=reasons.Grounds(
            basis=StatementBasis.PRIMA_FACIE,
            reason=normalize_prose(reason),
            rules=(
                reasons.cite(rulebook, "interim", "enforcement.measures.interim_days", days=days),
            ),
            measures=(MeasureSaid(MeasureKind.INTERIM_SUSPENSION, {}, until),),
        ),
    )  # fmt: skip
    row = InterimSuspension(
        store_id=store.key,
        finding_id=finding.key,
        statement_id=statement.key,
        from_at=clock.now(),
        until_at=until,
        reason=normalize_prose(reason),
        imposed_by=actor.account_id,
    )
    session.add(row)
    store.status = StoreStatus.SUSPENDED
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="enforcement.suspend_pending_decision",
        subject=f"finding:{finding.key}",
        program=finding.program,
        operator_id=finding.operator_id,
        reason=row.reason,
        facts={"store_id": store.key, "until": until},
    )
    announce(
        session,
        imposed(session, finding, MeasureKind.INTERIM_SUSPENSION),
    )
    announce(
        session,
        StoreSuspendedPending(
            store_id=store.key,
            program=store.program,
            finding_id=finding.key,
            operator_id=finding.operator_id,
        ),
    )
    return row.key


def lift_pending_suspension(
    session: Session, *, clock: Clock, actor: Actor, finding_id: int, reason: str
) -> None:
    """End a suspension pending decision before its term.

    Raises:
        NotFound: none runs for this finding.
        Refused: without a reason.
    """
    _finding, scope = load_finding(session, finding_id)
    require(actor, "enforcement.lift_pending_suspension", scope)
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    row = _running(session, finding_id)
    if row is None:
        raise NotFound("suspension_not_found", suspension_id=finding_id)
    _end(session, clock, actor, row, MeasureEnd.LIFTED)


def end_interim_of(session: Session, *, clock: Clock, by: Actor, finding_id: int) -> None:
    """End the suspension pending a decision that was taken; a step of deciding."""
    row = _running(session, finding_id)
    if row is not None:
        _end(session, clock, by, row, MeasureEnd.LIFTED)


def end_due_interim(session: Session, *, clock: Clock, by: Actor, program: str) -> int:
    """End suspensions pending a decision whose term is over; a step of the minute's work."""
    rows = session.execute(
        select(InterimSuspension)
        .join(Store, col(Store.id) == col(InterimSuspension.store_id))
        .where(
            Store.program == program,
            col(InterimSuspension.ended_at).is_(None),
            InterimSuspension.until_at <= clock.now(),
        )
    ).scalars()
    ended = [row for row in rows if not _is_paused(session, row)]
    for row in ended:
        _end(session, clock, by, row, MeasureEnd.EXPIRED)
    return len(ended)


def _running(session: Session, finding_id: int) -> InterimSuspension | None:
    return session.execute(
        select(InterimSuspension).where(
            InterimSuspension.finding_id == finding_id,
            col(InterimSuspension.ended_at).is_(None),
        )
    ).scalar()


def _end(
    session: Session, clock: Clock, by: Actor, row: InterimSuspension, why: MeasureEnd
) -> None:
    row.ended_at, row.end_reason = clock.now(), why
    reasons.end_measures(session, at=clock.now(), why=why, statement_id=row.statement_id)
    store = closing.locked(session, row.store_id)
    audit.record(
        session,
        clock=clock,
        actor=by,
        action="enforcement.end_pending_suspension",
        subject=f"finding:{row.finding_id}",
        program=store.program,
        facts={"store_id": row.store_id, "why": why},
    )
    if store.status is StoreStatus.SUSPENDED:
        closing.reopen(session, clock=clock, by=by, store=store)


def _is_paused(session: Session, row: InterimSuspension) -> bool:
    of = col(MeasureTaken.statement_id) == row.statement_id
    asked = sa.select(reasons.is_paused(MeasureKind.INTERIM_SUSPENSION, of))
    return bool(session.execute(asked).scalar_one())


def _was_suspended(session: Session, finding_id: int) -> bool:
    """Tell whether one was imposed for this finding and ended; one that runs stops the store."""
    found = session.execute(
        select(InterimSuspension.id).where(
            InterimSuspension.finding_id == finding_id,
            col(InterimSuspension.ended_at).is_not(None),
        )
    ).first()
    return found is not None


def _has_evidence(session: Session, finding_id: int) -> bool:
    found = session.execute(
        select(FindingEvidence.id).where(FindingEvidence.finding_id == finding_id)
    ).first()
    return found is not None
