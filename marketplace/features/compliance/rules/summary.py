"""What one operator adds to the kept summaries: its months, and what stands beside them.

Pure. Everything here is whole numbers, so that sums changed by differences stay equal to sums made
anew. A comparison read from the sums must say exactly what one made from the months says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from marketplace.features.compliance.rules.dispersion import Spread, spread_of
from marketplace.features.compliance.rules.leaving import Left
from marketplace.features.compliance.rules.sides import StoreMonth, Watched

WINDOW = 24  # months on each side of an aligned figure, domain §3a and the issue


@dataclass(frozen=True, slots=True)
class Cell:
    """One month's whole numbers; `operators` is 1 where one operator was observed.

    `outside_findings` and `outside_listings` stand beside the rates, in none of them. `offered` are
    the listings on sale in the observed stores that told them, `offered_stores` of them;
    `seen_inspections` and `seen_complaints` count only in months in which he was observed.
    """

    exposure: int = 0
    stores: int = 0
    operators: int = 0
    findings: int = 0
    listings: int = 0
    overturned: int = 0
    outside_findings: int = 0
    outside_listings: int = 0
    inspections: int = 0
    near_misses: int = 0
    complaints: int = 0
    offered: int = 0
    offered_stores: int = 0
    seen_inspections: int = 0
    seen_complaints: int = 0
    opened: int = 0
    closed: int = 0


MEASURES = tuple(part.name for part in fields(Cell))
_AT = {name: place for place, name in enumerate(MEASURES)}
_COUNTED = tuple(
    _AT[name] for name in ("exposure", "stores", "findings", "listings", "overturned")
)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the measured months, by month; not cut off by an exit."""

    inspections: Mapping[int, int]
    near_misses: Mapping[int, int]
    complaints: Mapping[int, int]
    on_sale: Mapping[tuple[int, int], int] = field(default_factory=dict)  # by store and month


@dataclass(frozen=True, slots=True)
class Line:
    """One operator beside its months; `left` holds what it was seen at within the window."""

    cohort: int
    status: str
    exit_month: int
    spread: Spread
    left: Left
    sources: tuple[str, ...]


def months_of(w: Watched, beside: Beside, *, exit_month: int) -> dict[int, Cell]:
    """Return the cells of one operator; a month in which nothing happened has none."""
    cells = _Cells()
    _add_measured(cells, w, beside)
    for name in ("inspections", "near_misses", "complaints"):
        for month, n in getattr(beside, name).items():
            cells.add(month, _AT[name], n)
    opened = _opened(w)
    for month in opened:
        cells.add(month, _AT["opened"], 1)
    if opened and exit_month and exit_month < (w.zero or 0) + WINDOW:
        cells.add(exit_month + 1, _AT["closed"], len(opened))
    return {month: Cell(*cell) for month, cell in sorted(cells.items()) if any(cell)}


class _Cells(dict[int, list[int]]):
    """Measures in order by month while they are added up: far quicker than a `Cell` for each."""

    def add(self, month: int, place: int, n: int) -> None:
        cell = self.get(month)
        if cell is None:
            cell = self[month] = [0] * len(MEASURES)
        cell[place] += n


def _add_measured(cells: _Cells, w: Watched, beside: Beside) -> None:
    for m in w.months:
        row = (m.exposure, 1, m.findings, m.listings, m.overturned)
        for place, n in zip(_COUNTED, row, strict=True):
            cells.add(m.month, place, n)
        offered = beside.on_sale.get((m.store_id, m.month))
        if offered is not None:
            cells.add(m.month, _AT["offered"], offered)
            cells.add(m.month, _AT["offered_stores"], 1)
    for m in w.outside:
        cells.add(m.month, _AT["outside_findings"], m.findings)
        cells.add(m.month, _AT["outside_listings"], m.listings)
    for month in {m.month for m in w.months}:
        cells.add(month, _AT["operators"], 1)
        cells.add(month, _AT["seen_inspections"], beside.inspections.get(month, 0))
        cells.add(month, _AT["seen_complaints"], beside.complaints.get(month, 0))


def line_of(w: Watched, *, status: str, exit_month: int, sources: Iterable[str]) -> Line:
    """Return what one operator adds beside its months."""
    zero = w.zero or 0
    near = replace(w, months=tuple(m for m in w.months if _is_near(w, m)))
    left = Left.of(near) or Left(zero, 0, 0, 0, (0, 0), (0, 0))
    return Line(zero, status, exit_month, spread_of(w), left, tuple(sorted(set(sources))))


def expected_store_months(
    opened: Sequence[tuple[int, int, int]], *, last: int, window: int = WINDOW
) -> int:
    """Return how many store-months are due up to `last`, from (cohort, month, opened - closed)."""
    return sum(
        n * max(min(last, cohort + window) - month + 1, 0) for cohort, month, n in opened
    )


def _opened(w: Watched) -> list[int]:
    """The first month of each store within the window; none while not enrolled."""
    if w.zero is None:
        return []
    first: dict[int, int] = {}
    for m in w.months:
        if _is_near(w, m):
            first[m.store_id] = min(m.month, first.get(m.store_id, m.month))
    return list(first.values())


def _is_near(w: Watched, m: StoreMonth) -> bool:
    return w.zero is not None and abs(m.month - w.zero) <= WINDOW
