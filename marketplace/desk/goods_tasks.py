"""What a reviewer decides of goods: products handed in, changes of brands the public knows."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock, today
from marketplace.desk.tasks import Task, TaskKind
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.queries import list_brand_changes, list_products
from marketplace.features.registry.kinds import ChangeStatus


def product_tasks(session: Session, actor: Actor, program: str, clock: Clock) -> list[Task]:
    """Return the products this reviewer may decide: not those he handed in himself."""
    rows = list_products(
        session, actor, clock=clock, program=program, status=Moderation.SUBMITTED, limit=1000
    )
    return [
        Task(
            TaskKind.PRODUCT,
            p.product_id,
            f"{p.brand_name} {p.name_zh}",
            p.factory_name,
            p.factory_id,
            p.due_on or today(clock),
            {"model_no": p.model_no},
        )
        for p in rows
        if p.submitted_by != actor.account_id
    ]


def brand_tasks(session: Session, actor: Actor, program: str) -> list[Task]:
    """Return the requests this reviewer may decide: not those he made himself."""
    return [
        Task(
            TaskKind.BRAND_CHANGE,
            change.change_id,
            change.brand_name,
            change.factory_name,
            change.factory_id,
            change.due_on,
            {"fields": len(change.changes)},
        )
        for change in list_brand_changes(
            session, actor, program=program, status=ChangeStatus.SUBMITTED
        )
        if change.submitted_by != actor.account_id
    ]
