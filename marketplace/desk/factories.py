"""The factory list: facets, search, sort and pages in SQL; a page is the same query everywhere.

It reads what `desk.standing` keeps. Facets are counted from the kept counts, so that they cost
the same however many factories there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, narrow
from marketplace.base.access.tables import Account
from marketplace.base.rulebook import Rulebook
from marketplace.desk import anchors
from marketplace.desk.cutting import Cut, Way
from marketplace.desk.search import matching
from marketplace.desk.tables import FactoryCount, FactoryStanding
from marketplace.features.compliance.asking import table_of

PAGE_ROWS = 25
_ACTORS = 256  # whose statements are kept built


@dataclass(frozen=True, slots=True)
class FactoryFilter:
    """What is asked of the list; the page's URL says the same."""

    query: str = ""
    districts: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()
    sort: str = "name"


class FactoryLine(NamedTuple):
    """One factory in the list; a named tuple, which is made several times quicker than a class."""

    factory_id: int
    name: str
    uscc: str | None
    district: str | None
    stage: str
    status: str
    next_step: str | None
    holder: str
    due_on: date | None
    done: int
    total: int
    points: int
    band: str
    officer: str | None
    enrolled_on: date | None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many factories each value would give, under the other filters as they are."""

    districts: dict[str, int]
    stages: dict[str, int]
    statuses: dict[str, int]
    bands: dict[str, int]
    officers: dict[str, int]


@dataclass(frozen=True, slots=True)
class FactoryPage:
    """One page of the list with its facets and the size of the whole result.

    `every` are the facets of the whole list as if nothing was asked.
    """

    lines: tuple[FactoryLine, ...]
    total: int
    facets: Facets
    every: Facets


class _Shared(NamedTuple):
    """How many factories share one value in every facet."""

    districts: str
    stages: str
    statuses: str
    bands: str
    officers: str
    n: int


def list_factories(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    wanted: FactoryFilter,
    page: int = 1,
    page_rows: int | None = PAGE_ROWS,
) -> FactoryPage:
    """Return a page of factories this actor may see.

    Rows stand as `desk.standing` worked them out for the day. `page_rows=None` returns the full
    result, 0 only the counts.
    """
    counted, officers = _counted(session, actor, rulebook.program.key)
    shared = counted
    if (found := matching("factory", wanted.query)) is not None:
        shared = _counted_among(session, actor, rulebook.program.key, officers, found)
    chosen = _chosen(wanted)
    total, facets = _facets(shared, chosen)
    every = facets if shared is counted and not chosen else _facets(counted, {})[1]
    lines: tuple[FactoryLine, ...] = ()
    if page_rows != 0 and total:
        cut = Cut.of(page, page_rows, total)
        rows: Sequence[Any] = ()
        if not chosen and not wanted.query:
            rows = _far_rows(session, actor, rulebook.program.key, wanted.sort, cut)
        if not rows:
            asked = _sorted(actor, rulebook.program.key, wanted.sort, cut.way)
            rows = (
                session.connection()
                .execute(_narrowed(asked, wanted, officers), cut.asked)
                .all()
            )
        lines = tuple(_line(row, officers) for row in (rows[::-1] if cut.is_back else rows))
    return FactoryPage(lines, total, facets, every)


def _far_rows(
    session: Session, actor: Actor, program: str, sort: str, cut: Cut
) -> Sequence[Any]:
    """Return a far page of the whole list from the anchor before it, or none: then count it off.

    Anchors number the whole list: not one that a filter, a search or a district leaves.
    """
    if cut.asked.get("start", 0) <= anchors.EVERY or not _sees_all(actor, program):
        return ()
    number, start = divmod(cut.first, anchors.EVERY)
    asked = {"program": program, "anchor": number, "rows": cut.asked["rows"], "start": start}
    rows = session.connection().execute(_anchored(actor, program, sort), asked).all()
    return rows[::-1] if cut.is_back else rows


@lru_cache(_ACTORS)
def _sees_all(actor: Actor, program: str) -> bool:
    return len(_scope(actor, program, FactoryStanding)) == 1


@lru_cache(_ACTORS)
def _anchored(actor: Actor, program: str, sort: str) -> sa.Select[*tuple[Any, ...]]:
    return _sorted(actor, program, sort, Way.AHEAD).where(anchors.is_from(sort))


def _line(row: Any, officers: dict[int, str]) -> FactoryLine:
    """Return a line from a row in the order of its fields; the officer comes as a number."""
    return FactoryLine._make(
        (*row[:_OFFICER], officers.get(row[_OFFICER]), *row[_OFFICER + 1 :])
    )


_OFFICER = FactoryLine._fields.index("officer")


@lru_cache(_ACTORS)
def _sorted(actor: Actor, program: str, sort: str, way: Way) -> sa.Select[*tuple[Any, ...]]:
    """The rows this actor may see, in the order of a line's fields; built once for each asking.

    Either the whole list or `rows` of it from `start`, counted from the end when walked back. Kept
    by everything an actor is, so that a changed role or district asks anew.
    """
    one = table_of(FactoryStanding).c
    found = (
        sa.select(
            one.factory_id, one.name, one.uscc, one.district, one.stage, one.status,
            one.next_step, one.holder, one.due_on, one.done, one.total, one.points, one.band,
            one.officer_id, one.enrolled_on,
        )
        .where(*_scope(actor, program, FactoryStanding))
        .order_by(*_order(sort, back=way is Way.BACK))
    )  # fmt: skip
    if way is Way.WHOLE:
        return found
    return found.limit(sa.bindparam("rows", type_=sa.Integer())).offset(
        sa.bindparam("start", type_=sa.Integer())
    )


def _narrowed(
    statement: sa.Select[*tuple[Any, ...]], wanted: FactoryFilter, officers: dict[int, str]
) -> sa.Select[*tuple[Any, ...]]:
    one = table_of(FactoryStanding).c
    for column, values in (
        (one.district, wanted.districts),
        (one.stage, wanted.stages),
        (one.status, wanted.statuses),
        (one.band, wanted.bands),
    ):
        if values:
            statement = statement.where(column.in_(values))
    if wanted.officers:
        chosen = [number for number, name in officers.items() if name in wanted.officers]
        statement = statement.where(one.officer_id.in_(chosen))
    if (found := matching("factory", wanted.query)) is not None:
        statement = statement.where(one.factory_id.in_(found))
    return statement


def _order(sort: str, *, back: bool) -> Sequence[Any]:
    """Return what the list is sorted by, in an index's own order, or the exact reverse of it."""
    keys = anchors.keys_of(sort)
    return [key.desc() for key in keys] if back else keys


def _scope(
    actor: Actor, program: str, table: type[FactoryStanding | FactoryCount]
) -> list[sa.ColumnElement[bool]]:
    """The program's rows this actor may see; nobody sees a list by being an owner."""
    one = table_of(table).c
    # The kept counts hold no null: there an empty district is none that is known.
    place: Any = sa.func.nullif(one.district, "") if table is FactoryCount else one.district
    return [
        one.program == program,
        *narrow(
            actor,
            "desk.list_factories",
            program_column=one.program,
            district_column=place,
            operator_column=None,
            # Asked again, the program is compared at every entry that an offset steps over, which
            # made a far page twice as dear.
            program=program,
        ),
    ]


def _counted(
    session: Session, actor: Actor, program: str
) -> tuple[list[_Shared], dict[int, str]]:
    """Return the kept counts this actor may see, and number → name of the officers in them."""
    rows = session.connection().execute(_counts(actor, program)).all()
    shared = [_Shared(row[0], row[1], row[2], row[3], row[5] or "", row[6]) for row in rows]
    return shared, {row[4]: row[5] for row in rows if row[5] is not None}


@lru_cache(_ACTORS)
def _counts(actor: Actor, program: str) -> sa.Select[*tuple[Any, ...]]:
    one, account = table_of(FactoryCount).c, table_of(Account).c
    return (
        sa.select(
            one.district, one.stage, one.status, one.band, one.officer_id, account.name, one.n
        )
        .outerjoin_from(one.n.table, account.name.table, account.id == one.officer_id)
        .where(*_scope(actor, program, FactoryCount))
    )


def _counted_among(
    session: Session,
    actor: Actor,
    program: str,
    officers: dict[int, str],
    found: sa.Select[int],
) -> list[_Shared]:
    one = FactoryStanding
    columns = [col(c) for c in (one.district, one.stage, one.status, one.band, one.officer_id)]
    rows = session.execute(
        sa.select(*columns, sa.func.count())
        .where(*_scope(actor, program, one), col(one.factory_id).in_(found))
        .group_by(*columns)
    )
    return [
        _Shared(row[0] or "", row[1], row[2], row[3], officers.get(row[4] or 0, ""), row[5])
        for row in rows
    ]


_NAMES = ("districts", "stages", "statuses", "bands", "officers")


def _chosen(wanted: FactoryFilter) -> dict[str, frozenset[str]]:
    """Return facet → wanted values of those facets something is asked of."""
    asked = {name: frozenset(getattr(wanted, name)) for name in _NAMES}
    return {name: values for name, values in asked.items() if values}


def _facets(
    shared: Sequence[_Shared], wanted: Mapping[str, frozenset[str]]
) -> tuple[int, Facets]:
    """Return how many fit, and each facet counted under every filter but its own, in one pass."""
    chosen = tuple(wanted.items())
    counts: dict[str, Counter[str]] = {name: Counter() for name in _NAMES}
    total = 0
    for one in shared:
        missed = [name for name, values in chosen if getattr(one, name) not in values]
        if len(missed) > 1:
            continue
        if not missed:
            total += one.n
        for name in missed or _NAMES:
            counts[name][getattr(one, name)] += one.n
    return total, Facets(
        *({key: n for key, n in sorted(found.items()) if key} for found in counts.values())
    )
