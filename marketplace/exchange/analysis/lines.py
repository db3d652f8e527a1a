"""From observations to rows under aliases; rows lie in the order of aliases, never of numbers.

A firm's months end with the last whole month or with its month of exit: later ones are in no
figure and are nobody's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from marketplace.base.clock import month_index, month_label
from marketplace.exchange.analysis.schema import Line
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.methods import Material
from marketplace.features.compliance.queries import Observation
from marketplace.features.compliance.rules import Watched
from marketplace.features.compliance.rules.sides import is_of_the_looking
from marketplace.features.enforcement.kinds import FindingStatus

Alias = Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class Told:
    """What the rows are made of; earlier than `since` complaints and samples say nothing.

    `since` is the first month of complaints and of samples, None where there are none at all.
    """

    observations: Sequence[Observation]
    material: Material
    alias: Alias
    since: tuple[int | None, int | None] = (None, None)


@dataclass(slots=True)
class _Cell:
    """One store and month: what was looked at by kind, and what was found."""

    looked: dict[str, int] = field(default_factory=dict)
    findings: int = 0
    listings: int = 0
    overturned: int = 0

    def is_in_rates(self, kind: ExposureKind) -> bool:
        looked = self.looked.get(kind.value)
        return looked is not None and is_of_the_looking(self.listings, looked, kind)

    def told(self) -> dict[str, int | None]:
        return {
            **{kind.value: self.looked.get(kind.value) for kind in ExposureKind},
            "findings": self.findings,
            "infringing_listings": self.listings,
            "overturned_findings": self.overturned,
        }


class Lines:
    """Makes the rows of one export."""

    def __init__(self, told: Told) -> None:
        """Lay out every operator's store-months once."""
        self._told = told
        self._kind = ExposureKind(told.material.rulebook.compliance.exposure_kind)
        self._cells = {o.operator_id: self._lay_out(o) for o in told.observations}
        window = {w.operator_id: w for w in told.material.study.watched}
        self._state = {key: _state(w) for key, w in window.items()}

    def operators(self) -> list[Line]:
        """Return one row an operator, enrolled or not."""
        rows: list[Line] = [
            {
                "operator": self._name(o),
                "draw_order": place,
                "entry_month": _month_of(o.time_zero),
                "exit_month": _month_of(o.exit_on),
                "exit_reason": _reason(o),
                "state_before": self._state.get(o.operator_id),
                "stores": len(o.store_ids),
            }
            for place, o in enumerate(self._told.observations, start=1)
        ]
        return sorted(rows, key=lambda row: str(row["operator"]))

    def store_months(self) -> list[Line]:
        """Return one row a store and month in which anything was reported or found."""
        rows: list[Line] = [
            {
                "operator": self._name(o),
                "store": self._told.alias("store", store_id),
                "month": month_label(month),
                **cell.told(),
                "in_rates": cell.is_in_rates(self._kind),
            }
            for o in self._told.observations
            for (store_id, month), cell in self._cells[o.operator_id].items()
        ]
        return sorted(
            rows, key=lambda r: (str(r["operator"]), str(r["store"]), str(r["month"]))
        )

    def operator_months(self) -> list[Line]:
        """Return one row an operator and month: the sums of its stores, and effort beside."""
        rows: list[Line] = []
        for o in self._told.observations:
            rows.extend(self._months_of(o))
        return sorted(rows, key=lambda row: (str(row["operator"]), str(row["month"])))

    def in_rates(self) -> frozenset[tuple[int, int, int]]:
        """Return (operator, store, month) whose findings are of the looking that figures use."""
        return frozenset(
            (operator_id, store_id, month)
            for operator_id, cells in self._cells.items()
            for (store_id, month), cell in cells.items()
            if cell.is_in_rates(self._kind)
        )

    def _lay_out(self, o: Observation) -> dict[tuple[int, int], _Cell]:
        end = self._end(o)
        cells: dict[tuple[int, int], _Cell] = {}
        for e in o.exposure:
            if e.month <= end:
                cell = cells.setdefault((e.store_id, e.month), _Cell())
                cell.looked[e.kind.value] = e.quantity
        for f in o.findings:
            if f.month > end:
                continue
            cell = cells.setdefault((f.store_id, f.month), _Cell())
            if f.status is FindingStatus.UPHELD:
                cell.findings += f.findings
                cell.listings += f.listings
            else:
                cell.overturned += f.findings
        return cells

    def _months_of(self, o: Observation) -> list[Line]:
        cells, end = self._cells[o.operator_id], self._end(o)
        complained, drawn = self._told.since
        beside = (o.near_misses, o.inspections, o.complaints, o.samples)
        months = {month for _store, month in cells} | {m for part in beside for m in part}
        zero = month_index(o.time_zero) if o.time_zero else None
        return [
            {
                "operator": self._name(o),
                "month": month_label(month),
                "months_since_entry": None if zero is None else month - zero,
                "state_before": self._state.get(o.operator_id),
                "exit_reason": _reason(o),
                **self._sums([c for (_store, at), c in cells.items() if at == month]),
                "near_misses": o.near_misses.get(month, 0),
                "inspections": o.inspections.get(month, 0),
                "complaints": _since(complained, month, o.complaints),
                # Listings are drawn of enrolled firms only: before entry nothing is known.
                "samples": _since(drawn, month, o.samples)
                if zero is not None and month >= zero
                else None,
            }
            for month in sorted(months)
            if month <= end
        ]

    def _sums(self, cells: Sequence[_Cell]) -> dict[str, int | None]:
        looked = {
            kind.value: [c.looked[kind.value] for c in cells if kind.value in c.looked]
            for kind in ExposureKind
        }
        return {
            "store_months_checked": len(looked[self._kind.value]),
            **{kind: sum(seen) if seen else None for kind, seen in looked.items()},
            "findings": sum(c.findings for c in cells),
            "infringing_listings": sum(c.listings for c in cells),
            "overturned_findings": sum(c.overturned for c in cells),
        }

    def _end(self, o: Observation) -> int:
        last = self._told.material.last
        return min(last, month_index(o.exit_on)) if o.exit_on else last

    def _name(self, o: Observation) -> str:
        return self._told.alias("operator", o.operator_id)


def _state(w: Watched) -> str:
    """Return which of three states was observed before entry.

    Who declared something of his own accord is not told apart from those not observed (3c).
    """
    before = [m for m in w.months if w.zero is not None and m.month < w.zero]
    if not sum(m.exposure for m in before):
        return "not_observed"
    return "observed_some" if sum(m.listings for m in before) else "observed_none"


def _since(first: int | None, month: int, counted: Mapping[int, int]) -> int | None:
    """Return what was counted in a month; None before anything of the kind was kept here."""
    return None if first is None or month < first else counted.get(month, 0)


def _reason(o: Observation) -> str | None:
    return o.status.value if o.exit_on and o.status else None


def _month_of(day: date | None) -> str | None:
    return None if day is None else month_label(month_index(day))
