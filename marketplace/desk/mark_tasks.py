"""Marks that wait for the office: until one is checked, no product of its brand can be sent in."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import add_working_days, civil_day
from marketplace.base.rulebook import Rulebook
from marketplace.desk.tasks import Task, TaskKind
from marketplace.features.catalog.queries import list_unchecked_marks

_CONDITION = "trademark"  # its days are the office's days too


def mark_tasks(session: Session, actor: Actor, rulebook: Rulebook) -> list[Task]:
    """Return the marks this officer may check: not those he recorded himself."""
    rule = rulebook.condition(_CONDITION)
    days = rule.due_working_days if rule is not None else rulebook.intake.answer_working_days
    return [
        Task(
            TaskKind.TRADEMARK,
            mark.trademark_id,
            f"{mark.brand_name} {mark.number}",
            mark.factory_name,
            mark.factory_id,
            add_working_days(civil_day(mark.recorded_at), days, rulebook.calendar),
            {"number": mark.number},
        )
        for mark in list_unchecked_marks(session, actor, program=rulebook.program.key)
        if mark.recorded_by is None or mark.recorded_by != actor.account_id
    ]
