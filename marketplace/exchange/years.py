"""Reads a column of months that name no year together with the column of years beside it.

It must not guess: a year that stands only further up, or one the month itself contradicts, keeps
the row out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.base.sheets import Cell
from marketplace.base.sheets.cells import is_blank
from marketplace.base.text import normalize
from marketplace.exchange import values
from marketplace.exchange.faults import Parsed, RowFault, shown
from marketplace.exchange.heading import Located
from marketplace.exchange.headwords import heading_key, joined
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.periods import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    Period,
    chinese_to_arabic,
    full_year,
    month_period,
)

_HEADINGS = frozenset(
    [
        "年",
        "年份",
        "年度",
        "统计年",
        "统计年份",
        "统计年度",
        "数据年份",
        "监测年份",
        "所属年份",
        "所属年度",
        "year",
    ]
)
_YEAR = re.compile(r"(\d{4}|\d{2})(?:\.0)?(?:年(?:度|份)?)?")
_MONTH = re.compile(r"(0?[1-9]|1[0-2])(?:\.0)?(?:月(?:份)?)?")
_SAMPLE_ROWS = 60
_MOST = 0.6  # of what stands in the column; the rest is read row by row


@dataclass(frozen=True, slots=True)
class YearColumn:
    """The column of years, and the headings of it and of the months it belongs to."""

    index: int
    header: str
    month_header: str

    def read(self, row: Sequence[Cell], cell: Cell) -> Parsed:
        """Return the month of a row: its own cell with the year of the same row."""
        year_cell = row[self.index] if self.index < len(row) else None
        month = _bare_month(cell)
        if month is None:
            return self._whole(year_cell, cell)
        if is_blank(year_cell):
            return self._fault("row_year_missing", "")
        year = _year_of(year_cell)
        if year is None:
            return self._fault("row_year_unreadable", shown(year_cell))
        number, is_short = year
        note = values.short_year_note("month", shown(year_cell), f"{number}-{month:02d}")
        return Parsed(month_period(number, month), (note,) if is_short else ())

    def _whole(self, year_cell: Cell, cell: Cell) -> Parsed:
        """A month that names its own year must not differ from the year beside it."""
        parsed = values.parse_month(cell, column="month")
        told = None if is_blank(year_cell) else _year_of(year_cell)
        if not isinstance(parsed.value, Period) or told is None:
            return parsed
        if parsed.value.from_on.year != told[0]:
            return self._fault("row_year_differs", f"{shown(year_cell)} · {shown(cell)}")
        return parsed

    def _fault(self, code: str, value: str) -> Parsed:
        facts = {"heading": self.header}
        return Parsed(None, (RowFault("month", code, value, facts),))


def year_column(located: Located) -> YearColumn | None:
    """Return the column of years that bare months need, or None where none is or none is needed."""
    use = located.mapping.find("month") if located.kind is ImportKind.EXPOSURE else None
    if use is None:
        return None
    named = [
        index
        for index, _label in located.mapping.unmapped
        if heading_key(located.headings[index][-1]) in _HEADINGS
    ]
    rows = located.sheet.rows[located.data_top : located.data_top + _SAMPLE_ROWS]
    months = [r[use.index] for r in rows if use.index < len(r) and not is_blank(r[use.index])]
    bare = [cell for cell in months if _bare_month(cell) is not None]
    if len(named) != 1 or not bare or len(bare) < _MOST * len(months):
        return None
    (index,) = named
    return YearColumn(index, joined(located.headings[index]), use.header)


def _bare_month(cell: Cell) -> int | None:
    """Return the number of a month that names no year: 3, 03, 3月, 三月份."""
    if isinstance(cell, bool | date) or cell is None:
        return None
    match = _MONTH.fullmatch(chinese_to_arabic(normalize(shown(cell))).replace(" ", ""))
    return int(match[1]) if match else None


def _year_of(cell: Cell) -> tuple[int, bool] | None:
    """Return the year a cell names, and whether in two digits; None for what is no year."""
    if isinstance(cell, bool | date) or cell is None:
        return None
    match = _YEAR.fullmatch(chinese_to_arabic(normalize(shown(cell))).replace(" ", ""))
    if match is None:
        return None
    if len(match[1]) == 2:
        year = full_year(int(match[1]))
        return None if year is None else (year, True)
    year = int(match[1])
    return (year, False) if EARLIEST_YEAR <= year <= LATEST_YEAR else None
