"""Decides what is kept of the rows a line of a file wrote, so that it can be taken back.

Nothing personal is kept: values of a firm are found again beside their sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.base.db.watching import Touched

# table → columns kept; None keeps all. What is not listed is no fact of the file.
_KEPT: Mapping[str, frozenset[str] | None] = {
    "operator": frozenset({"name", "uscc"}),
    "factory": None,
    "field_value": frozenset(),
    "store": frozenset({"platform", "name", "url"}),
    "store_holding": frozenset({"factory_id", "until_on", "status"}),
    "earlier_record": None,
    "exposure": frozenset({"current"}),
    "finding": frozenset({"listings", "status", "factory_id", "operator_id"}),
    "brand": frozenset(),
    "product": None,
    "listing": None,
    "infringement_case": frozenset({"status", "finding_id", "officer_id", "split_from_id"}),
    "complaint": frozenset({"status", "state", "case_id", "forwarded_at"}),
}
_BRIEF = frozenset({"operator", "factory"})  # inserted: their values stand beside their sources


@dataclass(frozen=True, slots=True)
class Trace:
    """One row that was written; `before` is None when it was inserted."""

    table: str
    key: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


def traces_of(touched: Iterable[Touched]) -> list[dict[str, Any]]:
    """Return the traces of what was written, in order, as they are stored."""
    kept: list[dict[str, Any]] = []
    for one in touched:
        if one.table not in _KEPT:
            continue
        columns = _KEPT[one.table]
        if one.before is None and one.table in _BRIEF:
            columns = frozenset()
        before = None if one.before is None else _only(one.before, columns)
        after = _only(one.after, columns)
        if before is None or after:
            kept.append({"t": one.table, "k": one.key, "b": before, "a": after})
    return kept


def read_traces(stored: Sequence[Mapping[str, Any]]) -> list[Trace]:
    """Return traces from the form that `traces_of` gave, one for each row that was written.

    A row written several times by one line counts once: first before, last after.
    """
    merged: dict[tuple[str, int], Trace] = {}
    for one in stored:
        place = (str(one["t"]), int(one["k"]))
        known = merged.get(place)
        if known is None:
            merged[place] = Trace(*place, one["b"], one["a"])
            continue
        before = None if known.before is None else {**(one["b"] or {}), **known.before}
        merged[place] = Trace(*place, before, {**known.after, **one["a"]})
    return list(merged.values())


def _only(values: Mapping[str, Any], columns: frozenset[str] | None) -> dict[str, Any]:
    return {n: v for n, v in values.items() if columns is None or n in columns}
