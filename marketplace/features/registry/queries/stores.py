"""Stores and who operated them on a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow, require
from marketplace.features.registry.kinds import (
    HoldingStatus,
    StoreStatus,
)
from marketplace.features.registry.queries.scopes import scope_of_factory
from marketplace.features.registry.tables import (
    Factory,
    Operator,
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


@dataclass(frozen=True, slots=True)
class Holder:
    """Who operates a store, from a day until another (exclusive)."""

    factory_id: int
    operator_id: int
    uscc: str | None
    name: str
    from_on: date
    until_on: date | None
    is_confirmed: bool

    def is_holding_on(self, day: date) -> bool:
        """Tell whether it is confirmed that he operates the store on a day."""
        started = self.is_confirmed and self.from_on <= day
        return started and (self.until_on is None or self.until_on > day)


@dataclass(frozen=True, slots=True)
class DeclaredHolding:
    """A store somebody says a factory operates; it counts once an officer confirmed it."""

    holding_id: int
    store_id: int
    store_name: str
    platform: str
    store_no: str
    factory_id: int
    factory_name: str
    from_on: date
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


def list_declared_holdings(
    session: Session, actor: Actor, *, program: str
) -> list[DeclaredHolding]:
    """Return the holdings somebody declared that wait for an officer, oldest declaration first."""
    rows = session.execute(
        sa.select(StoreHolding, Store, col(Factory.name))
        .join(Store, col(Store.id) == col(StoreHolding.store_id))
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .where(
            col(StoreHolding.status) == HoldingStatus.DECLARED, col(Store.program) == program
        )
        .where(
            *narrow(
                actor,
                "registry.list_declared_holdings",
                program_column=Factory.program,
                district_column=Factory.district,
                operator_column=Factory.operator_id,
            )
        )
        .order_by(col(StoreHolding.id))
    )
    return [
        DeclaredHolding(
            holding_id=holding.key,
            store_id=store.key,
            store_name=store.name,
            platform=store.platform,
            store_no=store.store_no,
            factory_id=holding.factory_id,
            factory_name=name,
            from_on=holding.from_on,
            basis=holding.basis,
        )
        for holding, store, name in rows
    ]


def list_holders(session: Session, *, store_ids: Collection[int]) -> dict[int, list[Holder]]:
    """Return who operates or operated some stores, confirmed or only said; rejected ones left out."""
    rows = session.execute(
        sa.select(
            col(StoreHolding.store_id),
            col(StoreHolding.factory_id),
            col(Factory.operator_id),
            col(Operator.uscc),
            col(Operator.name),
            col(StoreHolding.from_on),
            col(StoreHolding.until_on),
            col(StoreHolding.status),
        )
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .join(Operator, col(Operator.id) == col(Factory.operator_id))
        .where(
            col(StoreHolding.store_id).in_(store_ids),
            col(StoreHolding.status) != HoldingStatus.REJECTED,
        )
        .order_by(col(StoreHolding.id))
    )
    found: dict[int, list[Holder]] = {}
    for store_id, factory_id, operator_id, uscc, name, from_on, until_on, status in rows:
        is_confirmed = status is HoldingStatus.CONFIRMED
        found.setdefault(store_id, []).append(
            Holder(factory_id, operator_id, uscc, name, from_on, until_on, is_confirmed)
        )
    return found


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
