"""Reads findings and the points ledger. An owner sees his own; a marketer has no row here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, narrow, require
from marketplace.base.errors import NotFound
from marketplace.features.enforcement.kinds import (
    EntryKind,
    FindingBasis,
    FindingStatus,
    Measure,
    Origin,
)
from marketplace.features.enforcement.queries.facts import ledger_of
from marketplace.features.enforcement.rules import offenses_standing
from marketplace.features.enforcement.tables import Finding, FindingProduct, PointsEntry
from marketplace.features.registry.kinds import HoldingStatus, StoreStatus
from marketplace.features.registry.queries import scope_of_factory
from marketplace.features.registry.tables import Factory, Store, StoreHolding


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding with the store and factory of the day."""

    finding_id: int
    reference: str
    program: str
    store_id: int
    store_name: str
    factory_id: int | None
    factory_name: str | None
    operator_id: int | None
    basis: FindingBasis
    origin: Origin
    brand: str | None
    listings: int
    found_on: date
    statement: str
    status: FindingStatus
    recorded_by: int | None
    recorded_at: datetime
    hearing: str | None
    heard_at: datetime | None
    decided_at: datetime | None
    reason: str | None
    product_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StorePoints:
    """A store's balance and its entries, oldest first."""

    store_id: int
    store_name: str
    status: StoreStatus
    balance: int
    offenses: int


@dataclass(frozen=True, slots=True)
class FactoryPoints:
    """Points of a factory: the highest balance of a store it operates, and the operator's total.

    The total stands beside it so that ten stores are not ten free warnings.
    """

    highest: int
    operator_total: int
    stores: tuple[StorePoints, ...]


@dataclass(frozen=True, slots=True)
class OffenseMark:
    """A scored finding as a mark on the time axis."""

    finding_id: int
    store_id: int
    found_on: date
    offense: int
    points: int
    measure: Measure | None
    reversed: bool


def list_findings(
    session: Session,
    actor: Actor,
    *,
    program: str | None = None,
    factory_id: int | None = None,
    operator_id: int | None = None,
    status: FindingStatus | None = None,
    cases_only: bool = True,
    limit: int = 200,
) -> list[FindingRow]:
    """Return findings this actor may see, latest found first."""
    statement = (
        select(Finding, Store.name, Factory.name)
        .join(Store, col(Store.id) == col(Finding.store_id))
        .outerjoin(Factory, col(Factory.id) == col(Finding.factory_id))
        .where(
            *narrow(
                actor,
                "enforcement.list_findings",
                program_column=Finding.program,
                district_column=Factory.district,
                operator_column=Finding.operator_id,
            )
        )
        .order_by(col(Finding.found_on).desc(), col(Finding.id).desc())
        .limit(limit)
    )
    if program is not None:
        statement = statement.where(Finding.program == program)
    if factory_id is not None:
        statement = statement.where(Finding.factory_id == factory_id)
    if operator_id is not None:
        statement = statement.where(Finding.operator_id == operator_id)
    if status is not None:
        statement = statement.where(Finding.status == status)
    if cases_only:
        statement = statement.where(Finding.basis == FindingBasis.CASE)
    rows = session.execute(statement).all()
    named = _products_of(session, [row[0].key for row in rows])
    return [_row(row[0], row[1], row[2], named.get(row[0].key, ())) for row in rows]


def get_finding(session: Session, actor: Actor, *, finding_id: int) -> FindingRow:
    """Return one finding.

    Raises:
        NotFound: when there is none, or this actor may not know of it.
    """
    row = session.execute(
        select(Finding, Store.name, Factory.name, Factory.district)
        .join(Store, col(Store.id) == col(Finding.store_id))
        .outerjoin(Factory, col(Factory.id) == col(Finding.factory_id))
        .where(Finding.id == finding_id)
    ).first()
    if row is None:
        raise NotFound("finding_not_found", finding_id=finding_id)
    finding = row[0]
    require(
        actor,
        "enforcement.get_finding",
        Scope(program=finding.program, district=row[3], operator_id=finding.operator_id),
    )
    named = _products_of(session, [finding_id])
    return _row(finding, row[1], row[2], named.get(finding_id, ()))


def points_of_factory(session: Session, actor: Actor, *, factory_id: int) -> FactoryPoints:
    """Return a factory's points store by store, its band's figure and the operator's total."""
    scope = scope_of_factory(session, factory_id)
    require(actor, "enforcement.points_of_factory", scope)
    siblings = select(Factory.id).where(Factory.operator_id == scope.operator_id)
    rows = session.execute(
        sa.select(
            col(Store.id),
            col(Store.name),
            col(Store.status),
            col(StoreHolding.factory_id),
            sa.func.coalesce(sa.func.sum(PointsEntry.points), 0),
        )
        .join(StoreHolding, col(StoreHolding.store_id) == col(Store.id))
        .outerjoin(PointsEntry, col(PointsEntry.store_id) == col(Store.id))
        .where(
            col(StoreHolding.factory_id).in_(siblings),
            col(StoreHolding.status) == HoldingStatus.CONFIRMED,
            col(StoreHolding.until_on).is_(None),
        )
        .group_by(
            col(Store.id), col(Store.name), col(Store.status), col(StoreHolding.factory_id)
        )
        .order_by(col(Store.id))
    ).all()
    own = tuple(
        StorePoints(r[0], r[1], r[2], int(r[4]), _offenses(session, r[0]))
        for r in rows
        if r[3] == factory_id
    )
    return FactoryPoints(
        highest=max((store.balance for store in own), default=0),
        operator_total=sum(int(r[4]) for r in rows),
        stores=own,
    )


def list_offenses(session: Session, actor: Actor, *, factory_id: int) -> list[OffenseMark]:
    """Return the scored findings of a factory as marks in time, oldest first."""
    require(actor, "enforcement.list_offenses", scope_of_factory(session, factory_id))
    undone = aliased(PointsEntry)
    rows = session.execute(
        sa.select(PointsEntry, col(Finding.found_on), col(undone.id))
        .join(Finding, col(Finding.id) == col(PointsEntry.finding_id))
        .outerjoin(undone, col(undone.reverses_id) == col(PointsEntry.id))
        .where(col(Finding.factory_id) == factory_id, col(PointsEntry.kind) == EntryKind.SCORE)
        .order_by(col(PointsEntry.id))
    ).all()
    return [
        OffenseMark(
            finding_id=entry.finding_id or 0,
            store_id=entry.store_id,
            found_on=found_on,
            offense=entry.offense or 0,
            points=entry.points,
            measure=entry.measure,
            reversed=reversal is not None,
        )
        for entry, found_on, reversal in rows
    ]


def _offenses(session: Session, store_id: int) -> int:
    return offenses_standing(ledger_of(session, store_id))


def _products_of(session: Session, finding_ids: list[int]) -> dict[int, tuple[int, ...]]:
    named: dict[int, tuple[int, ...]] = {}
    if not finding_ids:
        return named
    rows = session.execute(
        select(FindingProduct.finding_id, FindingProduct.product_id).where(
            col(FindingProduct.finding_id).in_(finding_ids)
        )
    )
    for finding_id, product_id in rows:
        named[finding_id] = (*named.get(finding_id, ()), product_id)
    return named


def _row(
    finding: Finding, store_name: str, factory_name: str | None, products: tuple[int, ...]
) -> FindingRow:
    return FindingRow(
        finding_id=finding.key,
        reference=finding.reference,
        program=finding.program,
        store_id=finding.store_id,
        store_name=store_name,
        factory_id=finding.factory_id,
        factory_name=factory_name,
        operator_id=finding.operator_id,
        basis=finding.basis,
        origin=finding.origin,
        brand=finding.brand,
        listings=finding.listings,
        found_on=finding.found_on,
        statement=finding.statement,
        status=finding.status,
        recorded_by=finding.recorded_by,
        recorded_at=finding.recorded_at,
        hearing=finding.hearing,
        heard_at=finding.heard_at,
        decided_at=finding.decided_at,
        reason=finding.reason,
        product_ids=products,
    )
