"""What of intake waits for the office: cases, rights to be checked, complaints of the public."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import Actor, Role
from marketplace.base.clock import Clock, add_working_days, civil_day
from marketplace.base.rulebook import Rulebook
from marketplace.desk.tasks import ANYBODY, Task, TaskKind
from marketplace.features.complaints.kinds import PublicState, RightStatus, Turn
from marketplace.features.complaints.queries import (
    CaseLine,
    list_open_cases,
    list_public_complaints,
    list_rights,
)


def intake_tasks(
    session: Session, actor: Actor, rulebook: Rulebook, clock: Clock
) -> list[Task]:
    """Return what this person can do now: nothing he recorded himself is his to decide."""
    lines = list_open_cases(session, actor, clock=clock, program=rulebook.program.key)
    tasks = [_case(line) for line in lines if _is_mine(line, actor)]
    if actor.role is Role.OFFICER:
        tasks += _rights(session, actor, rulebook)
        tasks += _public(session, actor, rulebook)
    return tasks


def _is_mine(line: CaseLine, actor: Actor) -> bool:
    if line.turn is Turn.SECOND_PERSON:
        return line.recorded_by != actor.account_id
    if actor.role is not Role.OFFICER or line.turn is not Turn.OFFICE:
        return False
    return actor.account_id == ANYBODY or line.officer_id in {None, actor.account_id}


def _case(line: CaseLine) -> Task:
    return Task(
        TaskKind.CASE,
        line.case_id,
        line.number,
        line.store_name,
        line.factory_id,
        line.due_on,
        {"step": line.step.value},
    )


def _rights(session: Session, actor: Actor, rulebook: Rulebook) -> list[Task]:
    rows = list_rights(
        session, actor, program=rulebook.program.key, status=RightStatus.SUBMITTED
    )
    days = rulebook.intake.answer_working_days
    return [
        Task(
            TaskKind.RIGHT,
            right.right_id,
            right.mark,
            right.holder,
            None,
            add_working_days(civil_day(right.registered_at), days, rulebook.calendar),
            {"number": right.number},
        )
        for right in rows
        if right.registered_by != actor.account_id
    ]


def _public(session: Session, actor: Actor, rulebook: Rulebook) -> list[Task]:
    rows = list_public_complaints(session, actor, rulebook, state=PublicState.NEW)
    return [
        Task(TaskKind.PUBLIC_COMPLAINT, r.public_id, r.shop, r.item, None, r.due_on, {})
        for r in rows
    ]
