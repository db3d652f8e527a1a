"""What is asked to be changed of brands, and whether a brand may still change without asking."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Brand, BrandChange, Product
from marketplace.features.registry.kinds import ChangeStatus
from marketplace.features.registry.tables import Factory


@dataclass(frozen=True, slots=True)
class BrandChangeRow:
    """A request; `changes` maps field → (before, after). The firm's first factory is named."""

    change_id: int
    brand_id: int
    brand_name: str
    factory_id: int
    factory_name: str
    submitted_by: int
    submitted_at: datetime
    due_on: date
    changes: dict[str, tuple[str | None, str | None]]
    story_shown: bool
    status: ChangeStatus
    reason: str | None


def list_brand_changes(
    session: Session,
    actor: Actor,
    *,
    program: str | None = None,
    operator_id: int | None = None,
    status: ChangeStatus | None = None,
) -> list[BrandChangeRow]:
    """Return the requests this actor may see, the latest first."""
    statement = (
        select(BrandChange, Brand.name_zh, Factory.id, Factory.name)
        .join(Brand, col(Brand.id) == col(BrandChange.brand_id))
        .join(Factory, col(Factory.operator_id) == col(BrandChange.operator_id))
        .where(
            *narrow(
                actor,
                "catalog.list_brand_changes",
                program_column=BrandChange.program,
                district_column=Factory.district,
                operator_column=BrandChange.operator_id,
            )
        )
        .order_by(col(BrandChange.id).desc(), col(Factory.id))
    )
    if program is not None:
        statement = statement.where(BrandChange.program == program)
    if operator_id is not None:
        statement = statement.where(BrandChange.operator_id == operator_id)
    if status is not None:
        statement = statement.where(BrandChange.status == status)
    found: dict[int, BrandChangeRow] = {}
    for change, brand, factory_id, factory in session.execute(statement):
        found.setdefault(
            change.key,
            BrandChangeRow(
                change_id=change.key,
                brand_id=change.brand_id,
                brand_name=brand,
                factory_id=int(factory_id or 0),
                factory_name=factory,
                submitted_by=change.submitted_by,
                submitted_at=change.submitted_at,
                due_on=change.due_on,
                changes={f: (pair[0], pair[1]) for f, pair in change.changes.items()},
                story_shown=change.story_shown,
                status=change.status,
                reason=change.reason,
            ),
        )
    return list(found.values())


def waiting_change(session: Session, brand_id: int) -> BrandChange | None:
    """Return the request for a brand that nobody has decided."""
    found: BrandChange | None = session.execute(
        select(BrandChange).where(
            BrandChange.brand_id == brand_id, BrandChange.status == ChangeStatus.SUBMITTED
        )
    ).scalar()
    return found


def reviewed_brands(session: Session, brand_ids: Collection[int]) -> set[int]:
    """Return those of which a product was ever verified or is under review now."""
    rows = session.execute(
        sa.select(col(Product.brand_id))
        .where(
            col(Product.brand_id).in_(list(brand_ids)),
            sa.or_(col(Product.code).is_not(None), col(Product.status) == Moderation.SUBMITTED),
        )
        .distinct()
    ).scalars()
    return {int(brand_id) for brand_id in rows}
