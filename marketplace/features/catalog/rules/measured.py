"""Reads the measured values of a test report; a value that was not stated is never guessed.

Kept with the report as `{"pairs": n, "rows": [{"name_zh", "name_en", "method", "kind", "unit",
"limit", "low", "mean", "high", "note_zh", "note_en"}]}`; `kind` is one of `KINDS`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

KINDS = ("at_most", "at_least", "not_detected", "not_applicable")
MOST_ROWS = 40
_NUMBERS = ("limit", "low", "mean", "high")
_NEEDED = {
    "at_most": ("limit", "mean"),
    "at_least": ("limit", "mean"),
    "not_detected": ("limit", "high"),
    "not_applicable": (),
}


class UnreadableResults(ValueError):
    """What was stated of a measurement cannot be read; says which part."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One measured value against its limit, on one unit.

    For `not_detected`, `high` is the detection limit; for `not_applicable`, the note says why.
    """

    name_zh: str
    name_en: str
    method: str
    kind: str
    unit: str
    limit: float | None
    low: float | None
    mean: float | None
    high: float | None
    note_zh: str
    note_en: str


@dataclass(frozen=True, slots=True)
class Results:
    """What a report measured; `pairs` is n, None when the report does not state it."""

    pairs: int | None
    rows: tuple[Measured, ...]


def read_results(kept: Mapping[str, object]) -> Results:
    """Return the measured values of a report.

    Raises:
        UnreadableResults: when anything stated cannot be read; half a table would mislead.
    """
    if not kept:
        return Results(None, ())
    rows = kept.get("rows", [])
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise UnreadableResults("rows")
    pairs = kept.get("pairs")
    if pairs is not None and (
        isinstance(pairs, bool) or not isinstance(pairs, int) or pairs < 1
    ):
        raise UnreadableResults("pairs")
    return Results(pairs, tuple(_row(row) for row in rows))


def _row(row: object) -> Measured:
    if not isinstance(row, Mapping):
        raise UnreadableResults("row")
    kind, name = str(row.get("kind", "")), str(row.get("name_zh", "")).strip()
    if kind not in KINDS or not name:
        raise UnreadableResults("kind")
    numbers = {key: _number(row.get(key)) for key in _NUMBERS}
    if any(numbers[key] is None for key in _NEEDED[kind]):
        raise UnreadableResults("number")
    return Measured(
        name_zh=name,
        name_en=str(row.get("name_en") or name),
        method=str(row.get("method", "")),
        kind=kind,
        unit=str(row.get("unit", "")),
        note_zh=str(row.get("note_zh", "")),
        note_en=str(row.get("note_en") or row.get("note_zh", "")),
        **numbers,
    )


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UnreadableResults("number")
    if not math.isfinite(value) or value < 0:
        raise UnreadableResults("number")
    return float(value)
