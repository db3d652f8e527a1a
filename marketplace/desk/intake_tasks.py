"""What of intake waits for the office: cases at its turn, rights to be checked."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import Actor, Role
from marketplace.base.clock import Clock, add_working_days, civil_day
from marketplace.base.rulebook import Rulebook
from marketplace.desk.tasks import Task, TaskKind
from marketplace.features.complaints.kinds import CaseStep, RightStatus, Turn
from marketplace.features.complaints.queries import (
    CaseFilter,
    CaseLine,
    list_cases,
    list_rights,
)

# A suspected finding is a task of its own kind, with its own form.
_ELSEWHERE = frozenset({CaseStep.HEAR, CaseStep.DECIDE})


def intake_tasks(
    session: Session, actor: Actor, rulebook: Rulebook, clock: Clock
) -> list[Task]:
    """Return the cases at the office's turn and the rights nobody has checked yet."""
    if actor.role is not Role.OFFICER:
        return []
    program = rulebook.program.key
    page = list_cases(
        session,
        actor,
        clock=clock,
        program=program,
        wanted=CaseFilter(turns=(Turn.OFFICE.value,)),
    )
    return [
        *(_case(line) for line in page.lines if _is_mine(line, actor)),
        *_rights(session, actor, rulebook),
    ]


def _is_mine(line: CaseLine, actor: Actor) -> bool:
    return line.step not in _ELSEWHERE and line.officer_id in {None, actor.account_id}


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
