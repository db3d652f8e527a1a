"""What payment holds leave to do: a second person's word, and reviews that are due."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock, add_working_days, civil_day
from marketplace.base.rulebook import Rulebook
from marketplace.desk.tasks import Task, TaskKind
from marketplace.features.holds.kinds import HoldStatus
from marketplace.features.holds.queries import HoldRow, list_holds

CONFIRM_WORKING_DAYS = 1  # the money may be paid out meanwhile; an assumption


def hold_tasks(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock
) -> list[Task]:
    """Return the holds this actor may agree to or review: never what he placed himself."""
    rows = list_holds(
        session, actor, clock=clock, program=rulebook.program.key,
        statuses=(HoldStatus.PENDING, HoldStatus.RUNNING),
    )  # fmt: skip
    return [
        _task(row, rulebook)
        for row in rows
        if row.placed_by != actor.account_id
        and (row.status is HoldStatus.PENDING or row.is_review_due)
    ]


def _task(row: HoldRow, rulebook: Rulebook) -> Task:
    due = row.until_on - timedelta(days=1)  # the last day it can still be extended
    if row.status is HoldStatus.PENDING:
        due = add_working_days(
            civil_day(row.placed_at), CONFIRM_WORKING_DAYS, rulebook.calendar
        )
    return Task(
        TaskKind.HOLD,
        row.hold_id,
        f"{row.number} {row.store_name}",
        row.factory_name or row.store_name,
        row.factory_id,
        due,
        {"number": row.number},
    )
