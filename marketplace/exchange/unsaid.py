"""Decides what a number stands for where neither heading nor cell names its unit.

80 under 年产能 may be pairs or ten thousand pairs: what cannot be told is left out and said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.base.sheets import Cell
from marketplace.exchange.columns import ColumnMapping
from marketplace.exchange.faults import Parsed, RowFault, shown
from marketplace.exchange.fields import UNIT_MATTERS
from marketplace.exchange.plain import plain as normalize

_BARE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class _Bounds:
    """`certain_from`: no firm has so much in the larger unit. `least`: too little for the smaller.

    Assumptions: 20,000 万双 are more than any one firm makes in a year, and fewer than 1,000 pairs
    no factory's capacity; 20,000 万元 are more than any one seizure was worth.
    """

    certain_from: int
    least: int
    facts: Mapping[str, str]


_FIELDS = {
    "capacity_pairs_per_year": _Bounds(
        20_000, 1_000, {"one": "双", "other": "万双", "example": "年产能（万双）"}
    ),
    "value_fen": _Bounds(
        20_000, 0, {"one": "元", "other": "万元", "example": "货值金额（万元）"}
    ),
}


@dataclass(frozen=True, slots=True)
class UnsaidUnits:
    """The fields of a file without a unit, and whether some number of theirs tells it."""

    told: Mapping[str, bool]

    def judge(self, field: str, cell: Cell, parsed: Parsed) -> Parsed:
        """Return the parsed cell, or nothing and a note where its unit cannot be told."""
        number = None if field not in self.told else _bare(cell)
        if number is None:
            return parsed
        bounds = _FIELDS[field]
        if number == 0 or number > bounds.certain_from:
            return parsed
        if self.told[field] and number >= bounds.least:
            return parsed
        fault = RowFault(field, "row_unit_unsaid", shown(cell), bounds.facts, blocking=False)
        return Parsed(None, (fault,))


def unsaid_units(mapping: ColumnMapping, rows: Sequence[Sequence[Cell]]) -> UnsaidUnits:
    """Look at the columns whose heading names no unit although it matters by 10,000."""
    told: dict[str, bool] = {}
    for use in mapping.columns:
        if use.field in UNIT_MATTERS and use.unit is None:
            numbers = [_bare(row[use.index]) for row in rows if use.index < len(row)]
            bare = [number for number in numbers if number is not None]
            limit = _FIELDS[use.field].certain_from
            if bare:  # where every cell names its own unit nothing is open
                told[use.field] = any(number > limit for number in bare)
    return UnsaidUnits(told)


def _bare(cell: Cell) -> float | None:
    """A number without a unit of its own."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell) if cell >= 0 else None
    if not isinstance(cell, str):
        return None
    text = normalize(cell).replace(" ", "").lstrip("'‘’`")
    return float(text.replace(",", "")) if _BARE.fullmatch(text) else None
