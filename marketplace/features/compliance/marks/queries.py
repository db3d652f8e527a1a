"""Reads single marks and the rows behind a month."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import month_index
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.kinds import EntryKind, FindingStatus
from marketplace.features.enforcement.tables import Finding, PointsEntry
from marketplace.features.history.kinds import EarlierKind
from marketplace.features.history.tables import EarlierRecord
from marketplace.features.progress.tables import Enrollment
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.queries import scope_of_factory
from marketplace.features.registry.tables import Factory, Store, StoreHolding


@dataclass(frozen=True, slots=True)
class OffenseMark:
    """An offense that stands, in the month its finding was found; `offense` says which one."""

    month: int
    offense: int
    store_name: str


@dataclass(frozen=True, slots=True)
class EarlierMark:
    """An earlier record that stands; `month` is None where no period is known."""

    month: int | None
    kind: EarlierKind
    quantity: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class StoreMonthRow:
    """One store and month behind a figure; `month` is an index."""

    operator_id: int
    factory_id: int
    factory_name: str
    store_name: str
    month: int
    checked: int
    findings: int
    listings: int
    overturned: int
    source: str


@dataclass(frozen=True, slots=True)
class Named:
    """The first factory of an operator in a program: where its dossier is, and its name."""

    factory_id: int
    name: str


def name_operators(
    session: Session, actor: Actor, *, program: str, district: str | None = None
) -> dict[int, Named]:
    """Return operator → its first factory, for the points of a figure."""
    require(actor, "compliance.name_operators", Scope(program=program, district=district))
    statement = (
        sa.select(col(Factory.operator_id), col(Factory.id), col(Factory.name))
        .where(col(Factory.program) == program)
        .order_by(col(Factory.id).desc())
    )
    if district is not None:
        statement = statement.where(col(Factory.district) == district)
    rows = session.execute(statement).all()
    return {operator_id: Named(factory_id, name) for operator_id, factory_id, name in rows}


def list_offense_marks(session: Session, actor: Actor, *, factory_id: int) -> list[OffenseMark]:
    """Return the offenses that stand of the stores a factory held on the day found.

    Raises:
        NotFound: when there is no such factory, or this actor may not know of it.
    """
    require(actor, "compliance.list_offense_marks", scope_of_factory(session, factory_id))
    reversed_ids = sa.select(col(PointsEntry.reverses_id)).where(
        col(PointsEntry.reverses_id).is_not(None)
    )
    rows = session.execute(
        sa.select(col(Finding.found_month), col(PointsEntry.offense), col(Store.name))
        .join(Finding, col(Finding.id) == col(PointsEntry.finding_id))
        .join(Store, col(Store.id) == col(PointsEntry.store_id))
        .where(
            col(Finding.factory_id) == factory_id,
            col(PointsEntry.kind) == EntryKind.SCORE,
            col(PointsEntry.id).not_in(reversed_ids),
        )
        .order_by(col(Finding.found_month), col(PointsEntry.id))
    ).all()
    return [OffenseMark(month, int(offense or 0), name) for month, offense, name in rows]


def list_earlier_marks(session: Session, actor: Actor, *, factory_id: int) -> list[EarlierMark]:
    """Return the earlier records of a factory, oldest first; declarations are never among them.

    Raises:
        NotFound: when there is no such factory, or this actor may not know of it.
    """
    require(actor, "compliance.list_earlier_marks", scope_of_factory(session, factory_id))
    rows = session.execute(
        sa.select(
            col(EarlierRecord.period_from),
            col(EarlierRecord.kind),
            col(EarlierRecord.quantity),
            col(EarlierRecord.unit),
        )
        .where(
            col(EarlierRecord.factory_id) == factory_id,
            col(EarlierRecord.withdrawn_at).is_(None),
            col(EarlierRecord.kind) != EarlierKind.SELF_DECLARED,
        )
        .order_by(col(EarlierRecord.period_from), col(EarlierRecord.id))
    ).all()
    return [
        EarlierMark(month_index(day) if day else None, kind, quantity, unit)
        for day, kind, quantity, unit in rows
    ]


def list_store_months(
    session: Session,
    actor: Actor,
    *,
    program: str,
    kind: ExposureKind,
    month: int | None = None,
    operator_id: int | None = None,
    district: str | None = None,
) -> list[StoreMonthRow]:
    """Return the reports behind a figure, one row a store and month, gaps left out.

    Give the month, the operator or both; the holder is the one of that month. A leaver's months
    end with the month of exit, as in every figure.
    """
    require(actor, "compliance.list_store_months", Scope(program=program, district=district))
    found = (
        sa.select(
            col(Finding.store_id),
            col(Finding.found_month),
            sa.func.sum(_when(FindingStatus.UPHELD, 1)).label("findings"),
            sa.func.sum(_when(FindingStatus.UPHELD, col(Finding.listings))).label("listings"),
            sa.func.sum(_when(FindingStatus.OVERTURNED, 1)).label("overturned"),
        )
        .where(col(Finding.program) == program)
        .group_by(col(Finding.store_id), col(Finding.found_month))
        .subquery()
    )
    statement = (
        sa.select(
            col(Factory.operator_id), col(Factory.id), col(Factory.name), col(Store.name),
            col(Exposure.month), col(Exposure.quantity),
            *(sa.func.coalesce(found.c[name], 0) for name in ("findings", "listings", "overturned")),
            col(Exposure.source), col(StoreHolding.from_on), col(StoreHolding.until_on),
            col(Enrollment.exit_on),
        )
        .join(Store, col(Store.id) == col(Exposure.store_id))
        .join(StoreHolding, col(StoreHolding.store_id) == col(Store.id))
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .outerjoin(
            found,
            sa.and_(
                found.c.store_id == col(Exposure.store_id),
                found.c.found_month == col(Exposure.month),
            ),
        )
        .outerjoin(
            Enrollment,
            sa.and_(
                col(Enrollment.operator_id) == col(Factory.operator_id),
                col(Enrollment.reversed_at).is_(None),
            ),
        )
        .where(
            col(Exposure.program) == program,
            col(Exposure.current).is_(True),
            col(Exposure.kind) == kind,
            col(StoreHolding.status) == HoldingStatus.CONFIRMED,
        )
        .order_by(col(Exposure.month), col(Factory.name), col(Store.id))
    )  # fmt: skip
    if month is not None:
        statement = statement.where(col(Exposure.month) == month)
    if operator_id is not None:
        statement = statement.where(col(Factory.operator_id) == operator_id)
    if district is not None:
        statement = statement.where(col(Factory.district) == district)
    rows = [
        (StoreMonthRow(*told), since, until, left)
        for *told, since, until, left in session.execute(statement).all()
    ]
    return [
        row
        for row, since, until, left in rows
        if month_index(since) <= row.month
        and (until is None or row.month < month_index(until))
        and (left is None or row.month <= month_index(left))
    ]


def _when(status: FindingStatus, then: object) -> sa.Case[int]:
    return sa.case((col(Finding.status) == status, then), else_=0)
