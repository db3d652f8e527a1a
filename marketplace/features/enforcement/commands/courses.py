"""Mandatory courses: assigned with a statement, reported done by the owner, confirmed by the office."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.enforcement.commands.reasons import end_measures
from marketplace.features.enforcement.kinds import MeasureEnd, MeasureKind
from marketplace.features.enforcement.queries.facts import imposed, load_finding
from marketplace.features.enforcement.tables import CourseAssignment, StatementOfReasons


def assign_with(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    by: Actor,
    statement: StatementOfReasons,
    course: str,
) -> None:
    """Assign a course named in a statement; a step of deciding a finding.

    Raises:
        Invalid: the program has no such course.
    """
    rules = rulebook.enforcement.measures
    if rules.course(course) is None or statement.finding_id is None:
        raise Invalid([Fault("course", "course_unknown", {"course": course})])
    row = CourseAssignment(
        statement_id=statement.key,
        store_id=statement.store_id,
        finding_id=statement.finding_id,
        course=course,
        due_on=today(clock) + timedelta(days=rules.course_days),
    )
    session.add(row)
    session.flush()
    finding, _scope = load_finding(session, statement.finding_id)
    announce(session, imposed(session, finding, MeasureKind.COURSE))
    audit.record(
        session,
        clock=clock,
        actor=by,
        action="enforcement.assign_course",
        subject=f"course:{row.key}",
        program=statement.program,
        operator_id=statement.operator_id,
        facts={"course": course, "due_on": row.due_on},
    )


def report_course_done(
    session: Session, *, clock: Clock, actor: Actor, course_id: int, attended: str
) -> None:
    """Say who took the course, when and where; the office confirms it.

    Raises:
        Invalid: without who took it.
        Refused: confirmed or withdrawn already.
    """
    row, scope = load_course(session, course_id)
    require(actor, "enforcement.report_course_done", scope)
    if row.confirmed_at is not None or row.withdrawn_at is not None:
        raise Refused("course_settled")
    if len(normalize(attended)) < 2:
        raise Invalid([Fault("attended", "field_missing")])
    row.done_at, row.done_by = clock.now(), actor.account_id
    row.attended, row.returned = normalize(attended)[:300], None
    _trail(session, clock, actor, "enforcement.report_course_done", row, scope)


def confirm_course(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    course_id: int,
    confirmed: bool,
    reason: str = "",
) -> None:
    """Confirm that the course was taken, or give it back with the reason.

    Raises:
        Refused: not reported, settled already, or given back without a reason.
    """
    row, scope = load_course(session, course_id)
    require(actor, "enforcement.confirm_course", scope)
    if row.done_at is None:
        raise Refused("course_not_reported")
    if row.confirmed_at is not None or row.withdrawn_at is not None:
        raise Refused("course_settled")
    if not confirmed:
        if len(normalize(reason)) < 4:
            raise Refused("reason_missing")
        row.done_at, row.returned = None, normalize_prose(reason)
    else:
        row.confirmed_at, row.confirmed_by = clock.now(), actor.account_id
        end_measures(
            session, at=clock.now(), why=MeasureEnd.SERVED, statement_id=row.statement_id,
            kinds=(MeasureKind.COURSE,),
        )  # fmt: skip
    _trail(session, clock, actor, "enforcement.confirm_course", row, scope, reason=reason)


def withdraw_course_of(session: Session, *, at: datetime, finding_id: int) -> None:
    """Withdraw the course of a finding that was overturned; a step of overturning."""
    open_ones = select(CourseAssignment).where(
        CourseAssignment.finding_id == finding_id,
        col(CourseAssignment.confirmed_at).is_(None),
        col(CourseAssignment.withdrawn_at).is_(None),
    )
    for row in session.execute(open_ones).scalars():
        row.withdrawn_at = at


def load_course(session: Session, course_id: int) -> tuple[CourseAssignment, Scope]:
    """Return a course assignment and whose it is.

    Raises:
        NotFound: there is none with this number.
    """
    row = session.get(CourseAssignment, course_id)
    if row is None:
        raise NotFound("course_not_found", course_id=course_id)
    _finding, scope = load_finding(session, row.finding_id)
    return row, scope


def _trail(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    row: CourseAssignment,
    scope: Scope,
    *,
    reason: str = "",
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"course:{row.key}",
        program=scope.program,
        operator_id=scope.operator_id,
        reason=normalize_prose(reason) or None,
        facts={"course": row.course},
    )
