"""What measures leave to do at the office: plans, courses and appeals that wait for an answer."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock, add_working_days, civil_day, today
from marketplace.base.rulebook import Rulebook
from marketplace.desk.tasks import Task, TaskKind
from marketplace.features.appeals.kinds import AppealStatus
from marketplace.features.appeals.queries import list_appeals, may_decide
from marketplace.features.enforcement.kinds import CourseState, PlanState
from marketplace.features.enforcement.queries import (
    SuspensionRow,
    list_courses,
    list_suspensions,
)
from marketplace.features.enforcement.rules import plan_due_on

ANSWER_WORKING_DAYS = 3  # an owner's store stands still meanwhile; an assumption


def measure_tasks(
    session: Session, actor: Actor, rulebook: Rulebook, clock: Clock
) -> list[Task]:
    """Return plans and courses to answer, and plans that are late, of this actor's stores."""
    program = rulebook.program.key
    suspensions = list_suspensions(session, actor, program=program)
    plans = [
        Task(
            TaskKind.PLAN,
            s.suspension_id,
            s.store_name,
            s.factory_name or s.store_name,
            s.factory_id,
            _answer_by(s.plan_at, s.until_at, rulebook),
            {"store_id": s.store_id},
        )
        for s in suspensions
        if s.state is PlanState.SUBMITTED and s.plan_at is not None
    ]
    courses = [
        Task(
            TaskKind.COURSE,
            c.course_id,
            c.store_name,
            c.factory_name or c.store_name,
            c.factory_id,
            c.due_on,
            {"course": c.course},
        )
        for c in list_courses(session, actor, program=program)
        if c.state is CourseState.REPORTED
    ]
    late = [
        Task(
            TaskKind.PLAN_LATE,
            s.suspension_id,
            s.store_name,
            s.factory_name or s.store_name,
            s.factory_id,
            plan_due_on(rulebook, s.from_at),
            {"store_id": s.store_id},
        )
        for s in suspensions
        if is_plan_late(rulebook, s, today(clock))
    ]
    return [*plans, *late, *courses, *_appeals(session, actor, rulebook)]


def is_plan_late(rulebook: Rulebook, row: SuspensionRow, day: date) -> bool:
    """Tell whether a running suspension has no plan, or one given back, past its day."""
    return row.wants_plan and day > plan_due_on(rulebook, row.from_at)


def _answer_by(sent_at: datetime, until_at: datetime, rulebook: Rulebook) -> date:
    """Return the day by which a plan is answered: before its term ends, where that is to come."""
    due = add_working_days(civil_day(sent_at), ANSWER_WORKING_DAYS, rulebook.calendar)
    return due if until_at <= sent_at else min(due, civil_day(until_at))


def _appeals(session: Session, actor: Actor, rulebook: Rulebook) -> list[Task]:
    """Open appeals that this actor may decide: he had no part in the case before."""
    return [
        Task(
            TaskKind.APPEAL,
            a.appeal_id,
            a.store_name,
            a.factory_name or a.store_name,
            a.factory_id,
            a.due_on,
            {"number": a.number, "instance": a.instance},
        )
        for a in list_appeals(
            session, actor, program=rulebook.program.key, status=AppealStatus.FILED
        )
        if may_decide(session, actor, rulebook, appeal_id=a.appeal_id)
    ]
