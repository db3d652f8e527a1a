"""What one row of a department's file was read as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.base.sheets import Cell
from marketplace.exchange.faults import RowFault, Value
from marketplace.exchange.kinds import Outcome


@dataclass(frozen=True, slots=True)
class RowReading:
    """One data row. `row` is the spreadsheet's number, `cells` the row as the file has it.

    `hint` is what the file alone decides (draft, duplicate, rejected), else None.
    """

    row: int
    values: Mapping[str, Value]
    faults: tuple[RowFault, ...]
    hint: Outcome | None
    cells: tuple[Cell, ...]
