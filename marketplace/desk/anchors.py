"""Every hundredth place of the factory list in each of its orders, so that a far page is near.

An offset steps over every entry before it. From the anchor before a page it steps over less than
a hundred, however long the list. An order's anchors are dropped in the transaction that moves a
factory in it, so that they are never wrong, and made anew by the minute; meanwhile a page is
found by its offset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from marketplace.base.rulebook import Rulebook
from marketplace.desk.tables import FactoryAnchor, FactoryCount, FactoryStanding
from marketplace.features.compliance.asking import table_of

EVERY = 100
ORDERS = ("name", "due", "progress", "points", "enrolled")

Place = tuple[str, str]  # a program and one of its orders

_PROGRAM: sa.BindParameter[str] = sa.bindparam("program", type_=sa.String())
_SORT: sa.BindParameter[str] = sa.bindparam("sort", type_=sa.String())


def keys_of(sort: str) -> list[sa.Column[Any]]:
    """Return what the list is sorted by, in an index's own order; by name where it is unknown."""
    one = table_of(FactoryStanding).c
    first = [one[f"{sort}_key"]] if sort in ORDERS[1:] else []
    return [*first, one.name_key, one.factory_id]


def is_from(sort: str) -> sa.ColumnElement[bool]:
    """Whether a row stands at or after the `anchor` of an order; of none, where it is dropped."""
    order = sort if sort in ORDERS else ORDERS[0]
    anchor, one = table_of(FactoryAnchor).c, table_of(FactoryStanding).alias()
    at = (
        sa.select(anchor.factory_id)
        .where(
            anchor.program == _PROGRAM,
            anchor.sort == sa.literal(order),
            anchor.n == sa.bindparam("anchor", type_=sa.Integer()),
        )
        .scalar_subquery()
    )
    keys = keys_of(sort)
    # Key by key: as one row of a subquery, PostgreSQL uses no index. As a column's own value,
    # SQLite uses no index beyond the first key: it compares two columns by another affinity.
    there = [
        sa.func.nullif(
            sa.select(one.c[key.name]).where(one.c.factory_id == at).scalar_subquery(),
            sa.null(),
        )
        for key in keys
    ]
    return sa.tuple_(*keys) >= sa.tuple_(*there)


def moves(row: FactoryStanding | None, values: Mapping[str, Any] | None) -> set[Place]:
    """Return the orders in which a factory comes, goes or moves when its row gets these values."""
    if row is None or values is None:
        program = row.program if row is not None else (values or {}).get("program")
        return {(program, order) for order in ORDERS} if program else set()
    if row.program != values["program"]:
        return moves(row, None) | moves(None, values)
    if row.name_key != values["name_key"]:
        return moves(row, None)
    return {
        (row.program, order)
        for order in ORDERS[1:]
        if getattr(row, f"{order}_key") != values[f"{order}_key"]
    }


def drop(session: Session, places: Iterable[Place]) -> None:
    """Drop the anchors of some orders, each with its program."""
    for program, sort in sorted(places):
        session.execute(_dropped(), {"program": program, "sort": sort})


def find_dropped(session: Session, rulebook: Rulebook) -> list[str]:
    """Return the orders of a program that have no anchors, of a list that needs some."""
    program, anchor = rulebook.program.key, table_of(FactoryAnchor).c
    count = table_of(FactoryCount).c
    listed = session.execute(
        sa.select(sa.func.sum(count.n)).where(count.program == program)
    ).scalar()
    if (listed or 0) <= EVERY:
        return []
    asked = sa.select(anchor.sort).where(anchor.program == program, anchor.n == 1)
    kept = set(session.execute(asked).scalars())
    return [order for order in ORDERS if order not in kept]


def make(session: Session, *, program: str, sort: str) -> None:
    """Make the anchors of one order anew from the kept rows."""
    anchor = table_of(FactoryAnchor)
    drop(session, [(program, sort)])
    session.execute(
        sa.insert(anchor).from_select(["program", "sort", "n", "factory_id"], _places(sort)),
        {"program": program, "sort": sort},
    )


def check(session: Session, rulebook: Rulebook) -> list[str]:
    """Return the orders of a program whose anchors stand at other places than the rows."""
    program, anchor = rulebook.program.key, table_of(FactoryAnchor).c
    wrong = []
    for sort in ORDERS:
        asked = {"program": program, "sort": sort}
        kept = session.execute(
            sa.select(anchor.n, anchor.factory_id).where(
                anchor.program == _PROGRAM, anchor.sort == _SORT
            ),
            asked,
        ).all()
        rows = session.execute(_places(sort), asked).all()
        if kept and {(n, factory) for _, _, n, factory in rows} != {tuple(r) for r in kept}:
            wrong.append(sort)
    return wrong


@cache
def _places(sort: str) -> sa.Select[*tuple[Any, ...]]:
    """Program, order, number and factory of every hundredth row, from 0."""
    one = table_of(FactoryStanding).c
    place = (sa.func.row_number().over(order_by=keys_of(sort)) - 1).label("place")
    listed = (
        sa.select(one.program, one.factory_id, place).where(one.program == _PROGRAM).subquery()
    )
    return sa.select(
        listed.c.program, _SORT, listed.c.place // EVERY, listed.c.factory_id
    ).where(listed.c.place % EVERY == 0)


@cache
def _dropped() -> sa.Delete:
    anchor = table_of(FactoryAnchor)
    return sa.delete(anchor).where(anchor.c.program == _PROGRAM, anchor.c.sort == _SORT)
