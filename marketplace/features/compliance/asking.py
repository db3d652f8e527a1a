"""The statements that ask for the raw facts of conduct: built once, then run with other numbers.

Building a statement anew costs more than one firm's rows. They name columns of tables, not mapped
objects: rows are read as they are, and nothing of them can be written back. They grant nothing;
queries ask for permission.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from marketplace.features.complaints.tables import Complaint
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding, NearMiss
from marketplace.features.history.tables import Disclosure, EarlierRecord
from marketplace.features.progress.tables import Enrollment, Inspection
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.tables import Factory, StoreHolding
from marketplace.features.sampling.kinds import SampleOutcome
from marketplace.features.sampling.tables import SampleDraw, SampleItem, SampleLook

PROGRAM: sa.BindParameter[str] = sa.bindparam("program", type_=sa.String())


def table_of(model: type[SQLModel]) -> sa.Table:
    """Return the plain table of a model."""
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    return table


def _among(column: sa.Column[Any], name: str, *, few: bool) -> list[sa.ColumnElement[bool]]:
    return [column.in_(sa.bindparam(name, expanding=True))] if few else []


@cache
def factories(*, one: bool, placed: bool = False, few: bool = False) -> sa.Select[Any]:
    """Id and operator of the program's factories, or the one `factory`, of `place`, of `operators`."""
    t = table_of(Factory).c
    return sa.select(t.id, t.operator_id).where(
        t.program == PROGRAM,
        *([t.id == sa.bindparam("factory")] if one else []),
        *([t.district == sa.bindparam("place")] if placed else []),
        *_among(t.operator_id, "operators", few=few),
    )


@cache
def holdings() -> sa.Select[Any]:
    """Confirmed holdings of `factories`: store, factory, from, until; oldest row first."""
    t = table_of(StoreHolding).c
    return (
        sa.select(t.store_id, t.factory_id, t.from_on, t.until_on)
        .where(
            t.factory_id.in_(sa.bindparam("factories", expanding=True)),
            t.status == HoldingStatus.CONFIRMED,
        )
        .order_by(t.id)
    )


@cache
def exposure(*, few: bool) -> sa.Select[Any]:
    """Current reports: store, month, kind, quantity, source; of some `stores` when few."""
    t = table_of(Exposure).c
    return (
        sa.select(t.store_id, t.month, t.kind, t.quantity, t.source)
        .where(
            t.program == PROGRAM,
            t.current.is_(True),
            *_among(t.store_id, "stores", few=few),
        )
        .order_by(t.store_id, t.month)
    )


@cache
def findings(*, few: bool) -> sa.Select[Any]:
    """Decided findings: id, store, month found, status, listings, operator; in order of id."""
    t = table_of(Finding).c
    return (
        sa.select(t.id, t.store_id, t.found_month, t.status, t.listings, t.operator_id)
        .where(
            t.program == PROGRAM,
            t.status.in_([FindingStatus.UPHELD, FindingStatus.OVERTURNED]),
            *_among(t.store_id, "stores", few=few),
        )
        .order_by(t.id)
    )


@cache
def near_misses(*, few: bool) -> sa.Select[Any]:
    """Listings that were near misses, by store and month."""
    t = table_of(NearMiss).c
    return sa.select(t.store_id, t.month, t.listings).where(
        t.program == PROGRAM, *_among(t.store_id, "stores", few=few)
    )


@cache
def inspections(*, few: bool) -> sa.Select[Any]:
    """Factory and day of each inspection; of some `factories` when few."""
    t = table_of(Inspection).c
    return sa.select(t.factory_id, t.inspected_on).where(
        t.program == PROGRAM, *_among(t.factory_id, "factories", few=few)
    )


@cache
def complaints(*, few: bool) -> sa.Select[Any]:
    """Store and instant of each complaint received."""
    t = table_of(Complaint).c
    return sa.select(t.store_id, t.received_at).where(
        t.program == PROGRAM, *_among(t.store_id, "stores", few=few)
    )


@cache
def first_complaint() -> sa.Select[Any]:
    """The instant of the program's first complaint."""
    t = table_of(Complaint).c
    return sa.select(sa.func.min(t.received_at)).where(t.program == PROGRAM)


@cache
def samples(*, few: bool) -> sa.Select[Any]:
    """Operator and instant of each look at a drawn listing; one that was gone was not looked at.

    The last entry says whether it was looked at, the first one that says so tells when: putting
    words right later is no other look.
    """
    d, i, x = table_of(SampleDraw), table_of(SampleItem), table_of(SampleLook)
    later = x.alias()
    gone = x.c.outcome == SampleOutcome.GONE
    stands = sa.and_(~gone, ~sa.exists().where(later.c.corrects == x.c.id))
    counted = (
        sa.select(x.c.item_id, sa.func.min(sa.case((~gone, x.c.looked_at))).label("looked_at"))
        .group_by(x.c.item_id)
        .having(sa.func.max(sa.case((stands, 1), else_=0)) == 1)
        .subquery()
    )
    return (
        sa.select(i.c.operator_id, counted.c.looked_at)
        .select_from(
            counted.join(i, i.c.id == counted.c.item_id).join(d, d.c.id == i.c.draw_id)
        )
        .where(d.c.program == PROGRAM, *_among(i.c.operator_id, "operators", few=few))
    )


@cache
def first_draw() -> sa.Select[Any]:
    """The instant of the program's first draw of listings."""
    t = table_of(SampleDraw).c
    return sa.select(sa.func.min(t.drawn_at)).where(t.program == PROGRAM)


@cache
def enrollments(*, few: bool) -> sa.Select[Any]:
    """Standing enrollments: operator, day, status, exit day and reason, finding behind it."""
    t = table_of(Enrollment).c
    return sa.select(
        t.operator_id, t.enrolled_on, t.status, t.exit_on, t.exit_reason, t.trigger_finding_id
    ).where(
        t.program == PROGRAM,
        t.reversed_at.is_(None),
        *_among(t.operator_id, "operators", few=few),
    )


@cache
def declarations(*, few: bool) -> sa.Select[Any]:
    """Operators who declared something of their past."""
    t = table_of(Disclosure).c
    return sa.select(t.operator_id).where(
        t.program == PROGRAM, *_among(t.operator_id, "operators", few=few)
    )


@cache
def earlier_records(*, few: bool) -> sa.Select[Any]:
    """How many earlier records stand, by operator."""
    f, r = table_of(Factory).c, table_of(EarlierRecord).c
    return (
        sa.select(f.operator_id, sa.func.count())
        .join_from(table_of(Factory), table_of(EarlierRecord), r.factory_id == f.id)
        .where(
            f.program == PROGRAM,
            r.withdrawn_at.is_(None),
            *_among(f.operator_id, "operators", few=few),
        )
        .group_by(f.operator_id)
    )
