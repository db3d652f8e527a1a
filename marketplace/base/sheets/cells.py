"""What a table read from a file is: rows of typed cells, numbered as the spreadsheet does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

Cell = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged area; all four are 0-based and inclusive, as indexes into `Sheet.rows`."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Beside:
    """The words a number's format shows before and after it."""

    before: str
    after: str


Place = tuple[int, int]  # 0-based row and column


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `rows[0]` is spreadsheet row 1, so a row's number is its index plus one.

    Blank cells are None. CSV rows keep their own lengths, so that a ragged row shows. Dates
    come only from date cells of XLSX; text that looks like a date stays text. `beside` has the
    number cells that are shown with words their value does not have, `months` the date cells
    that are shown as a month, without their day. `hidden` has the places of the rows that the
    file does not show, the first row 0.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Merged, ...] = ()
    beside: Mapping[Place, Beside] = field(default_factory=dict)
    months: frozenset[Place] = frozenset()
    hidden: frozenset[int] = frozenset()

    @property
    def width(self) -> int:
        """The number of columns of the longest row."""
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Book:
    """The visible sheets of a file; `form` is `xlsx` or `csv`, `encoding` only of a CSV."""

    form: str
    sheets: tuple[Sheet, ...]
    encoding: str | None = None
    delimiter: str | None = None


def column_letter(index: int) -> str:
    """Return the spreadsheet's name of a 0-based column: 0 is A, 26 is AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell shows nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
