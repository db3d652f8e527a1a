"""What draws of listings leave to do: one task a draw, until each of its listings was looked at."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.desk.tasks import Task, TaskKind
from marketplace.features.sampling.queries import list_unfinished_draws


def sample_tasks(session: Session, actor: Actor, program: str) -> list[Task]:
    """Return the draws of which listings wait; their number is told in the facts."""
    return [
        Task(
            TaskKind.SAMPLE,
            d.draw_id,
            f"{d.quarter_from.year}-Q{(d.quarter_from.month + 2) // 3}",
            "",
            None,
            d.due_on,
            {"waiting": d.waiting, "drawn": d.drawn},
        )
        for d in list_unfinished_draws(session, actor, program=program)
    ]
