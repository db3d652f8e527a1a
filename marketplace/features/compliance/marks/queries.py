"""Reads single marks and the rows behind a month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, require, within_reach
from marketplace.base.clock import month_index
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.rules.sides import is_of_the_looking
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
    """One store and month behind a figure; `month` is an index, `checked` None without a report.

    `in_rate` tells whether what was found can be of what was looked at; else it is in no rate.
    """

    operator_id: int
    factory_id: int
    factory_name: str
    store_name: str
    month: int
    checked: int | None
    findings: int
    listings: int
    overturned: int
    source: str
    in_rate: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """The first factory of an operator in a program: where its dossier is, and its name."""

    factory_id: int
    name: str


def name_operators(
    session: Session, actor: Actor, *, program: str, district: str | None = None
) -> dict[int, Named]:
    """Return operator → its first factory within the actor's reach, for the points of a figure.

    The points are the program's; who lies in another district has no name here.
    """
    require(actor, "compliance.name_operators", Scope(program=program, district=district))
    statement = (
        sa.select(col(Factory.operator_id), col(Factory.id), col(Factory.name))
        .where(
            col(Factory.program) == program,
            within_reach(actor, program, Factory.district),
        )
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
    end with the month of exit, as in every figure. Findings of a month that nobody reported have a
    row of their own, after the reports: they stand beside every rate. Only rows of firms within
    the actor's reach, while a figure of the program counts all.
    """
    require(actor, "compliance.list_store_months", Scope(program=program, district=district))
    narrowed = (
        within_reach(actor, program, Factory.district),
        *([] if operator_id is None else [col(Factory.operator_id) == operator_id]),
        *([] if district is None else [col(Factory.district) == district]),
    )
    reports = _reports(program, kind).where(*narrowed)
    found = _unreported(program).where(*narrowed)
    if month is not None:
        reports = reports.where(col(Exposure.month) == month)
        found = found.where(col(Finding.found_month) == month)
    rows: dict[tuple[int, int, int], StoreMonthRow] = {}
    for store_id, since, until, left, *told in session.execute(reports).all():
        row = StoreMonthRow(*told)
        begun = month_index(since) <= row.month
        if begun and (until is None or row.month < month_index(until)) and _stays(row, left):
            counts = is_of_the_looking(row.listings, row.checked or 0, kind)
            rows[(row.operator_id, store_id, row.month)] = replace(row, in_rate=counts)
    for store_id, left, *told in session.execute(found).all():
        row = StoreMonthRow(*told)
        if row.findings and _stays(row, left):
            rows.setdefault((row.operator_id, store_id, row.month), row)
    return list(rows.values())


def _stays(row: StoreMonthRow, left: date | None) -> bool:
    return left is None or row.month <= month_index(left)


def _found() -> tuple[sa.ColumnElement[int], ...]:
    """Upheld findings, their listings, and overturned findings: sums that are never missing."""
    sums = (
        _when(FindingStatus.UPHELD, 1),
        _when(FindingStatus.UPHELD, col(Finding.listings)),
        _when(FindingStatus.OVERTURNED, 1),
    )
    return tuple(sa.func.coalesce(sa.func.sum(s), 0) for s in sums)


def _reports(program: str, kind: ExposureKind) -> Any:
    """Reports with what the same operator's looking found in the month, in order of a list."""
    findings, listings, overturned = _found()
    found = (
        sa.select(
            col(Finding.store_id), col(Finding.operator_id), col(Finding.found_month),
            findings.label("findings"), listings.label("listings"),
            overturned.label("overturned"),
        )
        .where(col(Finding.program) == program)
        .group_by(
            col(Finding.store_id), col(Finding.operator_id), col(Finding.found_month)
        )
        .subquery()
    )  # fmt: skip
    return (
        sa.select(
            col(Exposure.store_id), col(StoreHolding.from_on), col(StoreHolding.until_on),
            col(Enrollment.exit_on),
            col(Factory.operator_id), col(Factory.id), col(Factory.name), col(Store.name),
            col(Exposure.month), col(Exposure.quantity),
            *(sa.func.coalesce(found.c[n], 0) for n in ("findings", "listings", "overturned")),
            col(Exposure.source),
        )
        .join(Store, col(Store.id) == col(Exposure.store_id))
        .join(StoreHolding, col(StoreHolding.store_id) == col(Store.id))
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .outerjoin(
            found,
            sa.and_(
                found.c.store_id == col(Exposure.store_id),
                found.c.found_month == col(Exposure.month),
                found.c.operator_id == col(Factory.operator_id),
            ),
        )
        .outerjoin(Enrollment, _standing())
        .where(
            col(Exposure.program) == program,
            col(Exposure.current).is_(True),
            col(Exposure.kind) == kind,
            col(StoreHolding.status) == HoldingStatus.CONFIRMED,
        )
        .order_by(col(Exposure.month), col(Factory.name), col(Store.id))
    )  # fmt: skip


def _unreported(program: str) -> Any:
    """What was found at whom in each store and month, of stores that are confirmed as his."""
    at = (
        col(Finding.store_id), col(Enrollment.exit_on), col(Factory.operator_id),
        col(Factory.id), col(Factory.name), col(Store.name), col(Finding.found_month),
    )  # fmt: skip
    return (
        sa.select(*at, sa.null(), *_found(), sa.literal(""))
        .join(Store, col(Store.id) == col(Finding.store_id))
        .join(Factory, col(Factory.id) == col(Finding.factory_id))
        .outerjoin(Enrollment, _standing())
        .where(
            col(Finding.program) == program,
            sa.exists().where(
                col(StoreHolding.store_id) == col(Finding.store_id),
                col(StoreHolding.factory_id) == col(Finding.factory_id),
                col(StoreHolding.status) == HoldingStatus.CONFIRMED,
            ),
        )
        .group_by(*at)
        .order_by(col(Finding.found_month), col(Factory.name), col(Finding.store_id))
    )


def _standing() -> sa.ColumnElement[bool]:
    return sa.and_(
        col(Enrollment.operator_id) == col(Factory.operator_id),
        col(Enrollment.reversed_at).is_(None),
    )


def _when(status: FindingStatus, then: object) -> sa.Case[int]:
    return sa.case((col(Finding.status) == status, then), else_=0)
