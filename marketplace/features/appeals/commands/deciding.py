"""Somebody who had no part before decides an appeal; an upheld one reverses what it is against.

What an upheld appeal does is done by the commands of enforcement, so that the ledger, the
measures and the store follow the same rules as any other reversal.
"""

from __future__ import annotations

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, FixedClock
from marketplace.base.db import announce
from marketplace.base.errors import Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize_prose
from marketplace.features.appeals.events import AppealDecided
from marketplace.features.appeals.kinds import AppealStatus
from marketplace.features.appeals.parts import barred_from
from marketplace.features.appeals.queries import load_appeal, load_statement
from marketplace.features.appeals.tables import Appeal
from marketplace.features.complaints import commands as complaints
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import MeasureEnd, StatementBasis
from marketplace.features.enforcement.tables import (
    InterimSuspension,
    MeasureTaken,
    PointsEntry,
    StatementOfReasons,
    StoreSuspension,
)
from marketplace.features.holds import commands as holds

LEAST_REASON = 10  # characters; the owner reads it


def decide_appeal(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    appeal_id: int,
    uphold: bool,
    reason: str,
) -> None:
    """Uphold or reject an appeal.

    Upheld: the finding is overturned, the complaint taken back or the suspension lifted, and what
    follows in the ledger follows; what ended by itself meanwhile stays ended. Rejected: what was
    paused runs again.

    Raises:
        Refused: not open, no person or one who had a part before, or a reason too short.
    """
    row, scope = load_appeal(session, appeal_id)
    require(actor, "appeals.decide_appeal", scope)
    if row.status is not AppealStatus.FILED:
        raise Refused("appeal_not_open")
    if actor.account_id is None or actor.account_id in barred_from(session, rulebook, row):
        raise Refused("had_a_part_before")
    said = normalize_prose(reason)
    if len(said) < LEAST_REASON:
        raise Refused("answer_too_short", least=LEAST_REASON)
    clock = FixedClock(clock.now())
    row.status = AppealStatus.UPHELD if uphold else AppealStatus.REJECTED
    row.decided_by, row.closed_at, row.decision = actor.account_id, clock.now(), said[:2000]
    session.flush()
    statement, _scope = load_statement(session, row.statement_id)
    if uphold:
        _reverse(session, rulebook, clock, actor, statement, said[:1000])
    else:
        enforcement.resume_measures(
            session, clock=clock, by=actor, statement_id=row.statement_id
        )
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="appeals.decide_appeal",
        subject=f"appeal:{row.key}",
        program=row.program,
        operator_id=row.operator_id,
        reason=said,
        facts={"upheld": uphold, "instance": row.instance, "statement_id": row.statement_id},
    )
    announce(
        session,
        AppealDecided(
            row.key, row.program, row.store_id, row.operator_id, row.statement_id,
            statement.complaint_ref, uphold,
        ),
    )  # fmt: skip


def settle_appeals_of(session: Session, *, clock: Clock, finding_id: int) -> None:
    """Close open appeals whose finding fell meanwhile; a step of reacting."""
    rows = session.execute(
        select(Appeal)
        .join(StatementOfReasons, col(StatementOfReasons.id) == col(Appeal.statement_id))
        .where(StatementOfReasons.finding_id == finding_id, Appeal.status == AppealStatus.FILED)
    ).scalars()
    for row in list(rows):
        row.status, row.closed_at = AppealStatus.SETTLED, clock.now()


def settle_appeals_of_closure(session: Session, *, clock: Clock, complaint_ref: str) -> None:
    """Close open appeals against a closure that fell with a complaint; a step of reacting."""
    stores = select(PointsEntry.store_id).where(PointsEntry.complaint_ref == complaint_ref)
    rows = session.execute(
        select(Appeal)
        .join(StatementOfReasons, col(StatementOfReasons.id) == col(Appeal.statement_id))
        .where(
            StatementOfReasons.basis == StatementBasis.COMPLAINTS,
            col(StatementOfReasons.store_id).in_(stores),
            Appeal.status == AppealStatus.FILED,
        )
    ).scalars()
    for row in list(rows):
        ends = session.execute(
            select(MeasureTaken.end_reason).where(MeasureTaken.statement_id == row.statement_id)
        ).scalars()
        if all(end is MeasureEnd.REVERSED for end in ends):
            row.status, row.closed_at = AppealStatus.SETTLED, clock.now()


def _reverse(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    who: Actor,
    statement: StatementOfReasons,
    reason: str,
) -> None:
    finding_id = statement.finding_id
    if statement.basis is StatementBasis.COMPLAINTS and statement.complaint_ref is not None:
        _reverse_complaint(session, rulebook, clock, who, statement, reason)
    elif statement.basis is StatementBasis.PRIMA_FACIE and finding_id is not None:
        if _is_running(session, statement.key):
            enforcement.lift_pending_suspension(
                session, clock=clock, actor=who, finding_id=finding_id, reason=reason
            )
    elif statement.basis is StatementBasis.PLAN_MISSING and finding_id is not None:
        suspension_id = _suspension_of(session, finding_id)
        if suspension_id is not None:
            enforcement.lift_suspension(
                session, clock=clock, actor=who, suspension_id=suspension_id, reason=reason
            )
    elif statement.basis is StatementBasis.PAYMENT_HOLD:
        holds.reverse_hold_of(
            session, clock=clock, by=who, statement_id=statement.key, reason=reason
        )
    elif finding_id is not None:
        enforcement.overturn_finding(
            session, rulebook, clock=clock, actor=who, finding_id=finding_id, reason=reason
        )


def _reverse_complaint(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    who: Actor,
    statement: StatementOfReasons,
    reason: str,
) -> None:
    """Take the complaint back that closed; in its case too, where it has one."""
    number = statement.complaint_ref or ""
    kept = complaints.reverse_answer_of(
        session, rulebook, clock=clock, by=who, program=statement.program, number=number,
        reason=reason,
    )  # fmt: skip
    if not kept:
        enforcement.reverse_complaint(
            session, rulebook, clock=clock, actor=who, complaint_ref=number
        )


def _is_running(session: Session, statement_id: int) -> bool:
    found = session.execute(
        select(InterimSuspension.id).where(
            InterimSuspension.statement_id == statement_id,
            col(InterimSuspension.ended_at).is_(None),
        )
    ).first()
    return found is not None


def _suspension_of(session: Session, finding_id: int) -> int | None:
    row = session.execute(
        select(StoreSuspension).where(
            StoreSuspension.finding_id == finding_id, col(StoreSuspension.lifted_at).is_(None)
        )
    ).scalar()
    return None if row is None else int(row.key)
