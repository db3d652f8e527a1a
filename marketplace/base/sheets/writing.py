"""The one writer of tables: nothing it writes runs as a formula, in CSV or XLSX (trust.md, 17).

It must not decide who may export what; the caller gives the stamp line that names who did.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from marketplace.base.errors import Refused
from marketplace.base.sheets.cells import Cell, column_letter
from marketplace.base.sheets.parsing import MAX_CELL_CHARACTERS

# OWASP, CSV injection: what a spreadsheet may take for a formula, also after white space and in
# full width. Text that already begins with our apostrophe gets one more, so reading undoes it.
_DANGEROUS = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
_ILLEGAL_IN_NAME = re.compile(r"[\[\]:*?/\\']")
_WIDTHS = (6.0, 48.0)
_SAMPLE_ROWS = 200
_CHOICE_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column: its heading, and for XLSX width in characters, format and allowed words."""

    header: str
    width: float | None = None
    number_format: str | None = None
    choices: tuple[str, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class TableSheet:
    """One table to write. `title` and `stamp` (as of, who, number) stand above it in XLSX."""

    name: str
    columns: tuple[ColumnSpec, ...]
    rows: Sequence[Sequence[Cell | Decimal]]
    title: str | None = None
    stamp: str | None = None


def write_csv(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, stamp: str | None = None
) -> bytes:
    """Return a CSV that Chinese Excel opens cleanly: UTF-8 with BOM, CRLF, no live formula.

    The stamp stands in a last row, so that the heading stays the first line for scripts.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([safe_cell(name) for name in columns])
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    if stamp is not None:
        writer.writerow([safe_cell(stamp), *[""] * (len(columns) - 1)])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def write_xlsx(sheets: Sequence[TableSheet], target: Path | BinaryIO) -> None:
    """Write a workbook: frozen bold heading, filter, widths, heading repeated on every page.

    Text is written as text cells, numbers as numbers, days as date cells.

    Raises:
        Refused: `sheet_cell_too_long` when a text exceeds what a cell can hold.
    """
    import xlsxwriter  # a sixth of a second that a start need not pay

    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, safe)
    taken: set[str] = set()
    for sheet in sheets:
        name = _sheet_name(sheet.name, taken)
        _write_sheet(book, book.add_worksheet(name), sheet)
    book.close()


def _write_sheet(book: Any, page: Any, sheet: TableSheet) -> None:
    head = 0
    for text, look in (
        (sheet.title, {"bold": True, "font_size": 14}),
        (sheet.stamp, {"font_color": "#595959"}),
    ):
        if text is not None:
            page.write_string(head, 0, text, book.add_format(look))
            head += 1
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for index, column in enumerate(sheet.columns):
        look = {"num_format": column.number_format or "General"}
        page.set_column(index, index, _width(sheet, index), book.add_format(look))
        page.write_string(head, index, column.header, bold)
        if column.comment:
            page.write_comment(head, index, column.comment)
        if column.choices:
            _offer(page, head, index, column.choices)
    for number, row in enumerate(sheet.rows, start=head + 1):
        for index, cell in enumerate(row):
            _write_cell(page, number, index, cell, day=day, moment=moment)
    last = max(len(sheet.columns) - 1, 0)
    page.freeze_panes(head + 1, 0)
    page.autofilter(head, 0, head + max(len(sheet.rows), 1), last)
    page.repeat_rows(head)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")


def _write_cell(
    page: Any, row: int, column: int, cell: Cell | Decimal, *, day: Any, moment: Any
) -> None:
    match cell:
        case None | "":
            return
        case bool():
            page.write_boolean(row, column, cell)
        case int() | float() | Decimal():
            # Beyond 15 digits a spreadsheet rounds: such a number is kept as text.
            if isinstance(cell, int) and abs(cell) >= 10**15:
                page.write_string(row, column, str(cell))
            else:
                page.write_number(row, column, cell)
        case datetime():
            page.write_datetime(row, column, cell.replace(tzinfo=None), moment)
        case date():
            page.write_datetime(row, column, cell, day)
        case str():
            if len(cell) > MAX_CELL_CHARACTERS:
                place = column_letter(column)
                raise Refused("sheet_cell_too_long", file="", row=row + 1, column=place)
            page.write_string(row, column, cell)


def _offer(page: Any, head: int, index: int, choices: tuple[str, ...]) -> None:
    """A drop-down list; beyond 255 characters the format has no room for it."""
    if len(",".join(choices)) <= 255:
        rule = {"validate": "list", "source": list(choices)}
        page.data_validation(head + 1, index, head + _CHOICE_ROWS, index, rule)


def _width(sheet: TableSheet, index: int) -> float:
    column = sheet.columns[index]
    if column.width is not None:
        return column.width
    texts = [
        column.header,
        *(str(r[index]) for r in sheet.rows[:_SAMPLE_ROWS] if index < len(r)),
    ]
    return min(max(*(_cells_wide(t) for t in texts), _WIDTHS[0]) + 2, _WIDTHS[1])


def _cells_wide(text: str) -> float:
    return float(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text))


def safe_cell(cell: Cell) -> str:
    """Return a cell as the text of a CSV that no spreadsheet takes for a formula."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case str():
            return f"'{cell}" if _DANGEROUS.match(cell) else cell
        case datetime():
            return cell.isoformat(sep=" ", timespec="seconds")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def _sheet_name(name: str, taken: set[str]) -> str:
    base = _ILLEGAL_IN_NAME.sub(" ", name).strip()[:28] or "Sheet"
    unique, number = base, 2
    while unique.casefold() in taken:
        unique, number = f"{base} {number}", number + 1
    taken.add(unique.casefold())
    return unique
