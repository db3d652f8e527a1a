"""What waits on a store: suspensions with their plans, courses, a suspension pending decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow, require
from marketplace.features.enforcement.kinds import CourseState, MeasureKind, PlanState
from marketplace.features.enforcement.queries.facts import load_finding
from marketplace.features.enforcement.tables import (
    CourseAssignment,
    Finding,
    InterimSuspension,
    MeasurePause,
    MeasureTaken,
    StoreSuspension,
)
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Factory, Store


@dataclass(frozen=True, slots=True)
class SuspensionRow:
    """A suspension for rectification with its plan; `is_closed` tells that the store is meanwhile."""

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
    is_closed: bool

    @property
    def wants_plan(self) -> bool:
        """Whether the owner's plan is due: of a closed store nothing is until it opens again."""
        missing = self.state in {PlanState.MISSING, PlanState.RETURNED}
        return missing and self.lifted_at is None and not self.is_closed


@dataclass(frozen=True, slots=True)
class PendingRow:
    """A suspension pending decision: why, until when at longest; `ended_at` where it runs no more."""

    finding_id: int
    reason: str
    from_at: datetime
    until_at: datetime
    ended_at: datetime | None


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
        sa.select(
            StoreSuspension,
            col(Store.name),
            col(Finding.factory_id),
            col(Factory.name),
            col(Store.status),
        )
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
            status is StoreStatus.CLOSED,
        )
        for s, store, factory_id, factory, status in session.execute(wanted).all()
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
    """Return the one suspension there was before a finding is decided, running or ended, or None."""
    _finding, scope = load_finding(session, finding_id)
    require(actor, "enforcement.find_pending_suspension", scope)
    row = session.execute(
        select(InterimSuspension)
        .where(InterimSuspension.finding_id == finding_id)
        .order_by(col(InterimSuspension.id).desc())
        .limit(1)
    ).scalar()
    return row and PendingRow(finding_id, row.reason, row.from_at, row.until_at, row.ended_at)


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
