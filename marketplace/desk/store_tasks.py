"""Stores declared by whoever runs them: until one is confirmed, it counts for nobody."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor
from marketplace.base.audit.tables import AuditEntry
from marketplace.base.clock import Clock, add_working_days, civil_day
from marketplace.base.rulebook import Rulebook
from marketplace.desk.tasks import Task, TaskKind
from marketplace.features.registry.queries import list_declared_holdings

_DECLARING = "registry.declare_store"


def store_tasks(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock
) -> list[Task]:
    """Return the declared stores that wait; the office's days run from the declaration."""
    rows = list_declared_holdings(session, actor, program=rulebook.program.key)
    if not rows:
        return []
    since = _declared_at(session, rulebook.program.key)
    days = rulebook.tracking.answer_working_days
    return [
        Task(
            TaskKind.STORE,
            row.holding_id,
            row.store_name,
            row.factory_name,
            row.factory_id,
            add_working_days(
                civil_day(since.get(f"store:{row.store_id}", clock.now())),
                days,
                rulebook.calendar,
            ),
            {"number": row.store_no},
        )
        for row in rows
    ]


def _declared_at(session: Session, program: str) -> dict[str, datetime]:
    """Return when each store was declared last: the trail knows, a holding does not keep it."""
    rows = session.execute(
        sa.select(col(AuditEntry.subject), sa.func.max(col(AuditEntry.at)))
        .where(col(AuditEntry.action) == _DECLARING, col(AuditEntry.program) == program)
        .group_by(col(AuditEntry.subject))
    )
    return {row[0]: row[1] for row in rows}
