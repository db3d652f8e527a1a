"""Stores and who operated them on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, require
from marketplace.features.registry.kinds import (
    HoldingStatus,
    StoreStatus,
)
from marketplace.features.registry.queries.scopes import scope_of_factory
from marketplace.features.registry.tables import (
    Factory,
    Store,
    StoreHolding,
)


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A store with the holding that ties it to a factory."""

    store_id: int
    holding_id: int
    factory_id: int
    platform: str
    store_no: str
    name: str
    url: str | None
    status: StoreStatus
    holding_status: HoldingStatus
    from_on: date
    until_on: date | None
    basis: str


def list_stores(session: Session, actor: Actor, *, factory_id: int) -> list[StoreRow]:
    """Return the stores a factory operates or operated, newest holding first."""
    scope = scope_of_factory(session, factory_id)
    require(actor, "registry.list_stores", scope)
    rows = session.execute(
        select(Store, StoreHolding)
        .join(StoreHolding, col(StoreHolding.store_id) == col(Store.id))
        .where(StoreHolding.factory_id == factory_id)
        .order_by(col(StoreHolding.from_on).desc(), Store.store_no)
    ).all()
    return [
        StoreRow(
            store_id=store.key,
            holding_id=holding.key,
            factory_id=factory_id,
            platform=store.platform,
            store_no=store.store_no,
            name=store.name,
            url=store.url,
            status=store.status,
            holding_status=holding.status,
            from_on=holding.from_on,
            until_on=holding.until_on,
            basis=holding.basis,
        )
        for store, holding in rows
    ]


def holder_on(session: Session, *, store_id: int, day: date) -> tuple[int, int] | None:
    """Return (factory_id, operator_id) of the confirmed holder of a store on a day."""
    row = session.execute(
        select(StoreHolding.factory_id, Factory.operator_id)
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .where(
            StoreHolding.store_id == store_id,
            StoreHolding.status == HoldingStatus.CONFIRMED,
            StoreHolding.from_on <= day,
            sa.or_(col(StoreHolding.until_on).is_(None), col(StoreHolding.until_on) > day),
        )
    ).first()
    return None if row is None else (row[0], row[1])
