"""Names the stores a complaint can be about, for a form to choose from."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, narrow
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.tables import Factory, Store, StoreHolding


@dataclass(frozen=True, slots=True)
class StoreChoice:
    """A store and who operates it now."""

    store_id: int
    platform: str
    store_no: str
    name: str
    factory_name: str | None


def list_store_choices(session: Session, actor: Actor, *, program: str) -> list[StoreChoice]:
    """Return the stores this actor may open cases about, by name."""
    rows = session.execute(
        sa.select(
            col(Store.id),
            col(Store.platform),
            col(Store.store_no),
            col(Store.name),
            col(Factory.name),
        )
        .outerjoin(
            StoreHolding,
            sa.and_(
                col(StoreHolding.store_id) == col(Store.id),
                col(StoreHolding.status) == HoldingStatus.CONFIRMED,
                col(StoreHolding.until_on).is_(None),
            ),
        )
        .outerjoin(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .where(
            *narrow(
                actor,
                "complaints.list_store_choices",
                program_column=Store.program,
                district_column=Factory.district,
                operator_column=Factory.operator_id,
            ),
            col(Store.program) == program,
        )
        .order_by(col(Store.name), col(Store.id))
    ).all()
    return [StoreChoice(*row) for row in rows]
