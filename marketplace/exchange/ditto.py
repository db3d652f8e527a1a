"""Reads 同上 and 〃 as what stands in the row above, where that can be told.

Only of places and names that several rows share; never of a code, a phone or a quantity: two firms
with one capacity are more likely a slip than the truth.
"""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.base.sheets import Cell
from marketplace.base.sheets.cells import is_blank
from marketplace.exchange.columns import ColumnMapping
from marketplace.exchange.faults import RowFault, shown
from marketplace.exchange.plain import plain as normalize

_SHARED = frozenset(
    [
        "district",
        "address",
        "platform",
        "brand",
        "category",
        "store_name",
        "operator_name",
        "factory_name",
        "month",
    ]
)
_DITTO = frozenset(["同上", "同前", "同上行", "〃", "″", "″″", '"', '""', "ditto"])

Above = dict[int, Cell]


def resolve_ditto(
    cells: tuple[Cell, ...], mapping: ColumnMapping, above: Above
) -> tuple[tuple[Cell, ...], Mapping[str, RowFault]]:
    """Return the cells with what they repeat, and for each such field what is to be said.

    `above` is what the row before held, by column; it is brought up to date.
    """
    told: dict[str, RowFault] = {}
    read = list(cells)
    for use in mapping.columns:
        if use.field not in _SHARED or use.index >= len(read):
            continue
        cell = read[use.index]
        if isinstance(cell, str) and _is_ditto(cell):
            held = above.get(use.index)
            if is_blank(held):
                continue
            facts = {"taken": shown(held)}
            told[use.field] = RowFault(use.field, "row_same_above", cell, facts, blocking=False)
            read[use.index] = held
        above[use.index] = read[use.index]
    return (tuple(read) if told else cells), told


def _is_ditto(text: str) -> bool:
    return normalize(text).casefold() in _DITTO or text.strip() in _DITTO
