"""Gives the rows of a table without a column for it the period that its title or sheet names.

A column nobody recognized but that holds periods goes before a title: then nothing is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from marketplace.base.sheets import Cell, Sheet
from marketplace.exchange import values
from marketplace.exchange.faults import RowFault, Value
from marketplace.exchange.heading import Located
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.stated import Stated, stated_period

_FIELD = {ImportKind.EXPOSURE: "month", ImportKind.EARLIER_RECORDS: "decided_on"}
_CALLED_MONTH = re.compile(r"(?:月份|统计月|年月|month)[:：]?$", re.IGNORECASE)
_LONGEST_TITLE = 80  # what is longer explains, and names periods of many kinds
_SAMPLE_ROWS = 60


@dataclass(frozen=True, slots=True)
class PeriodForAll:
    """What stands for the missing column `field`; `fault` keeps every row out."""

    field: str
    stated: Stated
    fault: RowFault | None = None

    def before(self, told: dict[str, Value]) -> None:
        """Add it where the row is not judged without it: a store's month."""
        if self.field == "month" and self.fault is None:
            told[self.field] = self.stated.period

    def after(self, told: Mapping[str, Value]) -> Mapping[str, Value]:
        """Add it where a row must tell something of its own beside it: an earlier record."""
        return told if self.field == "month" else {**told, self.field: self.stated.period}


def period_for_all(located: Located) -> PeriodForAll | None:
    """Return the period that a table without such a column is about, if it names one."""
    field = _FIELD.get(located.kind)
    if field is None or located.mapping.find(field) is not None:
        return None
    if any(_holds_periods(located, index) for index, _ in located.mapping.unmapped):
        return None
    stated = stated_period(titles_of(located))
    if stated is None:
        return None
    if field == "month" and not stated.is_month:
        code = "row_period_no_month" if stated.is_certain else "row_period_unclear"
        return PeriodForAll(
            field, stated, RowFault(field, code, stated.text, {"text": stated.text})
        )
    return PeriodForAll(field, stated) if stated.is_certain else None


def titles_of(located: Located) -> list[str]:
    """Return what stands above the heading, a line each, and the sheet's name."""
    above = [_in_one_line(located.sheet, index) for index in range(located.top)]
    return [*above, located.sheet.name]


def _in_one_line(sheet: Sheet, index: int) -> str:
    """What a row above the heading says; 填报日期： belongs to the day in the cell beside it."""
    line = ""
    for column, cell in enumerate(sheet.rows[index]):
        text = _as_shown(cell, line, is_month=(index, column) in sheet.months)
        if text:
            line += text if not line or line.endswith((":", "：")) else f",{text}"
    return line


def _as_shown(cell: Cell, line: str, *, is_month: bool) -> str:
    """A cell of a title as people read it; a date is a month where it is shown or called one."""
    match cell:
        case str():
            return cell.strip() if len(cell) <= _LONGEST_TITLE else ""
        case date():
            whole = is_month or _CALLED_MONTH.search(line) is not None
            return f"{cell.year}年{cell.month}月" + ("" if whole else f"{cell.day}日")
        case _:
            return ""


def _holds_periods(located: Located, index: int) -> bool:
    """Tell whether most of what stands in a column are months (or days, for a decision)."""
    read = values.parse_month if located.kind is ImportKind.EXPOSURE else values.parse_when
    rows = located.sheet.rows[located.data_top : located.data_top + _SAMPLE_ROWS]
    cells: list[Cell] = [row[index] for row in rows if index < len(row) and row[index]]
    held = [cell for cell in cells if read(cell, column="").value is not None]
    return len(held) > 0 and len(held) >= 0.6 * len(cells)
