"""Where a store stands, now or on any past day, and why; plans and courses that wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow, require
from marketplace.base.clock import civil_day
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.features.enforcement import rules
from marketplace.features.enforcement.kinds import (
    CourseState,
    MeasureKind,
    PlanState,
    StatementBasis,
)
from marketplace.features.enforcement.ledger import LedgerEntry
from marketplace.features.enforcement.queries.facts import (
    holder_or_last,
    ledger_of,
    load_finding,
    scope_of_store,
    versions_of,
)
from marketplace.features.enforcement.tables import (
    CourseAssignment,
    Finding,
    InterimSuspension,
    MeasurePause,
    MeasureTaken,
    PointsEntry,
    StatementOfReasons,
    StoreSuspension,
)
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Factory, Store


@dataclass(frozen=True, slots=True)
class LedgerStep:
    """One entry of the ledger: what it did then, what it counts for now, and its paper.

    `now` is None for what was taken back since, and for a reversal itself.
    """

    entry: LedgerEntry
    now: LedgerEntry | None
    finding_id: int | None
    statement_id: int | None
    statement_number: str | None


@dataclass(frozen=True, slots=True)
class StoreState:
    """A store as it stood at an instant: status, points, offenses, complaints, every step."""

    store_id: int
    store_name: str
    at: datetime
    status: StoreStatus
    balance: int
    offenses: int
    complaints: dict[str, int]
    suspended_until: datetime | None
    steps: tuple[LedgerStep, ...]
    closed_by: LedgerEntry | None
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuspensionRow:
    """A suspension for rectification with its plan."""

    suspension_id: int
    store_id: int
    store_name: str
    factory_id: int | None
    factory_name: str | None
    from_at: datetime
    until_at: datetime
    plan: str | None
    plan_at: datetime | None
    answer: str | None
    state: PlanState
    escalated_at: datetime | None
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class PendingRow:
    """A suspension pending decision that runs: why, and until when at longest."""

    finding_id: int
    reason: str
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A mandatory course of a firm."""

    course_id: int
    statement_id: int
    store_id: int
    store_name: str
    factory_id: int | None
    factory_name: str | None
    course: str
    due_on: date
    state: CourseState
    attended: str | None
    returned: str | None
    paused: bool


def state_of_store_at(
    session: Session, actor: Actor, rulebook: Rulebook, *, store_id: int, at: datetime
) -> StoreState:
    """Return where a store stood at an instant (inclusive) and why, by replaying its events.

    Each event is judged by the version of the rules that was in force when it was decided.

    Raises:
        NotFound: when there is no such store, or this actor may not know of it.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    holder = holder_or_last(session, store_id=store_id, day=civil_day(at))
    require(actor, "enforcement.state_of_store_at", scope_of_store(session, store, holder))
    lines = ledger_of(session, store_id)
    state = rules.state_at(rulebook, lines, at, versions_of(session, rulebook, lines))
    until = None if state.closed else _suspended_until(session, store_id, at)
    status = StoreStatus.OPEN
    if state.closed:
        status = StoreStatus.CLOSED
    elif until is not None:
        status = StoreStatus.SUSPENDED
    return StoreState(
        store_id=store_id,
        store_name=store.name,
        at=at,
        status=status,
        balance=state.balance,
        offenses=state.offenses,
        complaints=dict(state.complaints),
        suspended_until=until,
        steps=_steps(session, store_id, state),
        closed_by=state.closed_by,
        versions=tuple(dict.fromkeys(x.rules_sha256 for x in lines if x.at <= at)),
    )


def list_suspensions(
    session: Session,
    actor: Actor,
    *,
    program: str | None = None,
    factory_id: int | None = None,
    running_only: bool = True,
) -> list[SuspensionRow]:
    """Return suspensions for rectification this actor may see, the first to end first."""
    wanted = (
        sa.select(StoreSuspension, col(Store.name), col(Finding.factory_id), col(Factory.name))
        .join(Store, col(Store.id) == col(StoreSuspension.store_id))
        .join(Finding, col(Finding.id) == col(StoreSuspension.finding_id))
        .outerjoin(Factory, col(Factory.id) == col(Finding.factory_id))
        .where(
            *narrow(
                actor,
                "enforcement.list_suspensions",
                program_column=Finding.program,
                district_column=Factory.district,
                operator_column=Finding.operator_id,
            )
        )
        .order_by(col(StoreSuspension.until_at))
    )
    if program is not None:
        wanted = wanted.where(col(Finding.program) == program)
    if factory_id is not None:
        wanted = wanted.where(col(Finding.factory_id) == factory_id)
    if running_only:
        wanted = wanted.where(col(StoreSuspension.lifted_at).is_(None))
    return [
        SuspensionRow(
            s.key, s.store_id, store, factory_id, factory, s.from_at, s.until_at, s.plan,
            s.plan_at, s.plan_answer, _plan_state(s), s.escalated_at, s.lifted_at,
        )
        for s, store, factory_id, factory in session.execute(wanted).all()
    ]  # fmt: skip


def list_courses(
    session: Session,
    actor: Actor,
    *,
    program: str | None = None,
    factory_id: int | None = None,
    open_only: bool = True,
) -> list[CourseRow]:
    """Return mandatory courses this actor may see, the first due first."""
    wanted = (
        sa.select(
            CourseAssignment,
            col(Store.name),
            col(Finding.factory_id),
            col(Factory.name),
            col(MeasurePause.id),
        )
        .join(Store, col(Store.id) == col(CourseAssignment.store_id))
        .join(Finding, col(Finding.id) == col(CourseAssignment.finding_id))
        .outerjoin(Factory, col(Factory.id) == col(Finding.factory_id))
        .outerjoin(
            MeasureTaken,
            sa.and_(
                col(MeasureTaken.statement_id) == col(CourseAssignment.statement_id),
                col(MeasureTaken.kind) == MeasureKind.COURSE,
            ),
        )
        .outerjoin(
            MeasurePause,
            sa.and_(
                col(MeasurePause.measure_id) == col(MeasureTaken.id),
                col(MeasurePause.until_at).is_(None),
            ),
        )
        .where(
            *narrow(
                actor,
                "enforcement.list_courses",
                program_column=Finding.program,
                district_column=Factory.district,
                operator_column=Finding.operator_id,
            )
        )
        .order_by(col(CourseAssignment.due_on), col(CourseAssignment.id))
    )
    if program is not None:
        wanted = wanted.where(col(Finding.program) == program)
    if factory_id is not None:
        wanted = wanted.where(col(Finding.factory_id) == factory_id)
    rows = [
        CourseRow(
            c.key, c.statement_id, c.store_id, store, factory_id, factory, c.course, c.due_on,
            _course_state(c), c.attended, c.returned,
            pause is not None,
        )
        for c, store, factory_id, factory, pause in session.execute(wanted).all()
    ]  # fmt: skip
    settled = {CourseState.CONFIRMED, CourseState.WITHDRAWN}
    return [r for r in rows if not open_only or r.state not in settled]


def find_pending_suspension(
    session: Session, actor: Actor, *, finding_id: int
) -> PendingRow | None:
    """Return the suspension that runs until a finding is decided, or None."""
    _finding, scope = load_finding(session, finding_id)
    require(actor, "enforcement.find_pending_suspension", scope)
    row = session.execute(
        select(InterimSuspension).where(
            InterimSuspension.finding_id == finding_id,
            col(InterimSuspension.ended_at).is_(None),
        )
    ).scalar()
    return row and PendingRow(finding_id, row.reason, row.from_at, row.until_at)


def _steps(session: Session, store_id: int, state: rules.StateThen) -> tuple[LedgerStep, ...]:
    rows = session.execute(
        sa.select(
            col(PointsEntry.id), col(PointsEntry.finding_id), col(PointsEntry.complaint_ref)
        ).where(col(PointsEntry.store_id) == store_id)
    ).all()
    of_entry = {row[0]: (row[1], row[2]) for row in rows}
    papers = session.execute(
        sa.select(
            col(StatementOfReasons.finding_id), col(StatementOfReasons.complaint_ref),
            col(StatementOfReasons.id), col(StatementOfReasons.number),
        )
        .where(
            col(StatementOfReasons.store_id) == store_id,
            col(StatementOfReasons.basis).in_(
                (StatementBasis.FINDING, StatementBasis.COMPLAINTS)
            ),
        )
        .order_by(col(StatementOfReasons.id))
    ).all()  # fmt: skip
    paper_of = {(p[0], p[1]): (p[2], p[3]) for p in papers}
    standing = {one.event.ref: one for one in state.standing}
    found = []
    for entry in state.entries:
        finding_id, ref = of_entry.get(int(entry.event.ref), (None, None))
        key = (finding_id, None) if finding_id is not None else (None, ref)
        statement_id, number = paper_of.get(key, (None, None))
        now = standing.get(entry.event.ref)
        found.append(LedgerStep(entry, now, finding_id, statement_id, number))
    return tuple(found)


def _suspended_until(session: Session, store_id: int, at: datetime) -> datetime | None:
    """Return until when a store was suspended at an instant, or None where it was not.

    A suspension whose term is over holds until somebody, or the minute's work, ends it.
    """
    rectifying = session.execute(
        select(StoreSuspension).where(
            StoreSuspension.store_id == store_id, StoreSuspension.from_at <= at
        )
    ).scalars()
    found = [
        s.until_at
        for s in rectifying
        if (s.lifted_at is None or s.lifted_at > at)
        and not _was_paused(session, s.finding_id, at)
    ]
    pending = session.execute(
        select(InterimSuspension).where(
            InterimSuspension.store_id == store_id, InterimSuspension.from_at <= at
        )
    ).scalars()
    found += [s.until_at for s in pending if s.ended_at is None or s.ended_at > at]
    return max(found, default=None)


def _was_paused(session: Session, finding_id: int, at: datetime) -> bool:
    paused = session.execute(
        select(MeasurePause)
        .join(MeasureTaken, col(MeasureTaken.id) == col(MeasurePause.measure_id))
        .where(
            MeasureTaken.finding_id == finding_id,
            MeasureTaken.kind == MeasureKind.SUSPENSION,
            MeasurePause.from_at <= at,
        )
    ).scalars()
    return any(p.until_at is None or p.until_at > at for p in paused)


def _plan_state(s: StoreSuspension) -> PlanState:
    if s.plan_accepted_at is not None:
        return PlanState.ACCEPTED
    if s.plan is None:
        return PlanState.MISSING
    return PlanState.SUBMITTED if s.plan_answer is None else PlanState.RETURNED


def _course_state(c: CourseAssignment) -> CourseState:
    if c.withdrawn_at is not None:
        return CourseState.WITHDRAWN
    if c.confirmed_at is not None:
        return CourseState.CONFIRMED
    return CourseState.ASSIGNED if c.done_at is None else CourseState.REPORTED
