"""The list of firms by their last twelve whole months, read in any of its orders from an index.

It reads what `compliance.summary` keeps: no sum is made when a page is opened. The unit is the
operator, as in every figure of conduct; one in several districts has a row of its own in each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from marketplace.base.access import Actor, narrow
from marketplace.base.rulebook import Rulebook
from marketplace.desk.cutting import Cut, Way
from marketplace.desk.search import matching
from marketplace.features.compliance.asking import table_of
from marketplace.features.compliance.rules.intervals import (
    Interval,
    rate_interval,
    scaled_rate_interval,
)
from marketplace.features.compliance.rules.sides import FEW_FINDINGS
from marketplace.features.compliance.summary import read_dispersion
from marketplace.features.compliance.tables import CohortCount, OperatorYear
from marketplace.features.registry.tables import Factory

PAGE_ROWS = 25
_ACTORS = 256  # whose statements are kept built


class YearOrder(StrEnum):
    """What the list is ordered by; a rate orders only firms of the stated volume."""

    NAME = "name"
    MOST_CHECKED = "checked"
    LEAST_CHECKED = "unchecked"
    FINDINGS = "findings"
    LISTINGS = "listings"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class YearFilter:
    """What is asked of the list; the page's URL says the same."""

    query: str = ""
    district: str = ""
    order: YearOrder = YearOrder.NAME


class YearLine(NamedTuple):
    """One firm's last twelve whole months; `until_month` is an index, `months` how many observed.

    `exposure` counts listings checked, `listings` infringing ones, `findings` the acts of finding
    them; those `outside` the rates are in neither. `exit_month` is 0 while nobody left. `rank` is below zero where a rate may not order.
    """

    operator_id: int
    place: str
    factory_id: int
    name: str
    factories: int
    status: str
    exit_month: int
    until_month: int
    ranked_from: int
    months: int
    exposure: int
    findings: int
    listings: int
    overturned: int
    inspections: int
    near_misses: int
    complaints: int
    rank: int
    outside_findings: int
    outside_listings: int

    @property
    def rate(self) -> float | None:
        """Findings per listing checked, as the funnel has it; None where nothing was checked."""
        return self.findings / self.exposure if self.exposure else None

    @property
    def is_ranked(self) -> bool:
        """Whether enough was checked for a rate to order this firm among others."""
        return self.rank >= 0

    @property
    def has_listing_rate(self) -> bool:
        """Whether enough was found for infringing listings to be more than a bare count."""
        return self.findings >= FEW_FINDINGS and self.exposure > 0

    def interval(self, level: float) -> Interval | None:
        """Return the exact Poisson interval of the rate; None where nothing was checked."""
        return rate_interval(self.findings, self.exposure, level)

    def listing_interval(self, dispersion: float, level: float) -> Interval | None:
        """Return the quasi-Poisson interval of infringing listings per listing checked.

        None under the number of findings from which every figure gives one (domain §3a).
        """
        if not self.has_listing_rate:
            return None
        return scaled_rate_interval(self.listings, self.exposure, dispersion, level)


class YearPage(NamedTuple):
    """One page of the list and the size of the whole result."""

    lines: tuple[YearLine, ...]
    total: int


def list_years(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    wanted: YearFilter,
    page: int = 1,
    page_rows: int | None = PAGE_ROWS,
) -> YearPage:
    """Return a page of firms this actor may see, with their last twelve whole months.

    Firms of the whole program, or of the actor's districts where he has some. `page_rows=None`
    returns the full result. Rows of equal value stand by number, the newest first where the
    greatest value is.
    """
    own = actor.districts_in(rulebook.program.key)
    places = (wanted.district,) if wanted.district else (tuple(own) or ("",))
    asked: dict[str, Any] = {"program": rulebook.program.key, "places": sorted(places)}
    found = matching("factory", wanted.query)
    if found is None:
        total = int(session.execute(_total(actor), asked).scalar() or 0)
    else:
        rows = _rows(actor, YearOrder.NAME, Way.WHOLE).where(_is_of(found)).subquery()
        counted = sa.select(sa.func.count()).select_from(rows)
        total = int(session.execute(counted, asked).scalar() or 0)
    if not total:
        return YearPage((), 0)
    cut = Cut.of(page, page_rows, total)
    statement = _rows(actor, wanted.order, cut.way)
    if found is not None:
        statement = statement.where(_is_of(found))
    told = session.execute(statement, {**asked, **cut.asked}).all()
    lines = tuple(map(YearLine._make, told[::-1] if cut.is_back else told))
    return YearPage(lines, total)


def dispersion_for(
    session: Session, rulebook: Rulebook, lines: Sequence[YearLine]
) -> float | None:
    """Return the program's dispersion where a line has a rate of listings; else ask nothing.

    It is one number of the whole program, that every figure tells, and names nobody.
    """
    if not any(line.has_listing_rate for line in lines):
        return None
    return read_dispersion(session, rulebook.program.key)


def districts_of(
    session: Session, rulebook: Rulebook, lines: Sequence[YearLine]
) -> dict[int, tuple[str, ...]]:
    """Return operator → the districts its factories of the program lie in, for lines read before.

    The scope of a row says over what its sums go, never where a firm is.
    """
    wanted = {line.operator_id for line in lines}
    t = table_of(Factory).c
    rows = session.execute(
        sa.select(t.operator_id, t.district)
        .where(t.program == rulebook.program.key, t.district != "")
        .distinct()
        .order_by(t.operator_id, t.district)
    )
    found: dict[int, tuple[str, ...]] = {}
    for operator_id, district in rows:
        if operator_id in wanted:
            found[operator_id] = (*found.get(operator_id, ()), district)
    return found


def _is_of(found: sa.Select[int]) -> sa.ColumnElement[bool]:
    """Any factory of the firm is what was searched for, whichever gives the row its name."""
    t = table_of(Factory).c
    return table_of(OperatorYear).c.operator_id.in_(
        sa.select(t.operator_id).where(t.id.in_(found))
    )


@lru_cache(_ACTORS)
def _rows(actor: Actor, order: YearOrder, way: Way) -> sa.Select[*tuple[Any, ...]]:
    """The rows this actor may see in the order of a line's fields; built once an asking."""
    t = table_of(OperatorYear).c
    columns = [t["name_key" if name == "name" else name] for name in YearLine._fields]
    statement = (
        sa.select(*columns)
        .where(*_scope(actor, t.program, t.place))
        .order_by(*_order(order, back=way is Way.BACK))
    )
    if way is Way.WHOLE:
        return statement
    return statement.limit(sa.bindparam("rows", type_=sa.Integer())).offset(
        sa.bindparam("start", type_=sa.Integer())
    )


@lru_cache(_ACTORS)
def _total(actor: Actor) -> sa.Select[tuple[int]]:
    """How many rows there are, from the kept counts: every firm of a place has one year."""
    t = table_of(CohortCount).c
    return sa.select(sa.func.sum(t.operators)).where(*_scope(actor, t.program, t.district))


def _scope(actor: Actor, program: Any, place: Any) -> Sequence[sa.ColumnElement[bool]]:
    return (
        program == sa.bindparam("program"),
        place.in_(sa.bindparam("places", expanding=True)),
        *narrow(
            actor,
            "desk.list_years",
            program_column=program,
            district_column=place,
            operator_column=None,
        ),
    )


def _order(order: YearOrder, *, back: bool) -> Sequence[Any]:
    """Return an index's own order, or its exact reverse."""
    t = table_of(OperatorYear).c
    column, falling = {
        YearOrder.NAME: (t.name_key, False),
        YearOrder.MOST_CHECKED: (t.exposure, True),
        YearOrder.LEAST_CHECKED: (t.exposure, False),
        YearOrder.FINDINGS: (t.findings, True),
        YearOrder.LISTINGS: (t.listings, True),
        YearOrder.RATE: (t.rank, True),
    }[order]
    keys = (column, t.operator_id)
    return [key.desc() for key in keys] if falling != back else keys
