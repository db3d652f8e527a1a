"""What can be wrong with one cell or row; codes and facts, never sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from marketplace.base.sheets import Cell
from marketplace.exchange.periods import Period

Value = str | int | bool | Period | None


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing to say about a row.

    `column` is the canonical field, empty for the row as a whole. `code` names the sentence
    `error.<code>`, `fix` the advice `exchange.fix.<fix>`. A fault that is not blocking lets the
    row in: the value was left out or converted, and the report says so.
    """

    column: str
    code: str
    value: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    fix: str = ""
    blocking: bool = True

    @property
    def fix_code(self) -> str:
        """The advice to give; every code has one of its own name."""
        return self.fix or self.code


@dataclass(frozen=True, slots=True)
class Parsed:
    """The value of one cell, and what there is to say about it."""

    value: Value = None
    faults: tuple[RowFault, ...] = ()


def shown(cell: Cell) -> str:
    """Return a cell as the file shows it; a whole number never as `13106792470.0`."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.isoformat(sep=" ", timespec="minutes")
        case date():
            return cell.isoformat()
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case _:
            return str(cell)
