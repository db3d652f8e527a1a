"""Reads CSV and XLSX into sheets; untrusted files go through `guarded`, which calls this.

It must not guess dates, drop leading zeros or shift cells: a cell is what the file says.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import python_calamine as calamine

from marketplace.base.errors import Refused
from marketplace.base.sheets.cells import (
    Book,
    Cell,
    Merged,
    Place,
    Sheet,
    column_letter,
)
from marketplace.base.sheets.decoding import decode, find_delimiter, split_separator_line
from marketplace.base.sheets.formats import Shown, shown_by_format
from marketplace.base.sheets.formulas import cells_without_value
from marketplace.base.sheets.hidden import hidden_rows
from marketplace.base.sheets.package import read_parts
from marketplace.base.sheets.sniffing import (
    MAX_BYTES,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Form,
    sniff,
)

MAX_CELL_CHARACTERS = 32_767  # what a spreadsheet cell can hold
# The form in which our own writer made a text safe; one apostrophe is taken off again.
NEUTRALIZED = re.compile(r"'+(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")


def read_book(content: bytes, filename: str) -> Book:
    """Return the visible sheets of an XLSX or the one table of a CSV.

    Raises:
        Refused: `sheet_…` with `file`, for content that is not a fit table.
    """
    match sniff(content, filename):
        case Form.XLSX:
            return _read_xlsx(content, filename)
        case Form.CSV:
            return _read_csv(content, filename)


def _read_csv(content: bytes, filename: str) -> Book:
    text, encoding = decode(content, filename)
    text = text.lstrip("\ufeff").replace("\n\ufeff", "\n")  # files joined end to end
    told, text = split_separator_line(text)
    delimiter = told or find_delimiter(text)
    rows: list[tuple[Cell, ...]] = []
    cells = 0
    # One bound for the whole process, so it is put back; the cells are bounded below.
    elsewhere = csv.field_size_limit(MAX_BYTES)
    try:
        for record in csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter, strict=True
        ):
            cells += len(record)
            _check_size(len(rows) + 1, len(record), cells, filename)
            _check_cells(len(rows) + 1, record, filename)
            rows.append(tuple(_text_cell(value) for value in record))
    except csv.Error as error:
        raise Refused("sheet_broken_row", file=filename, row=len(rows) + 1) from error
    finally:
        csv.field_size_limit(elsewhere)
    return Book("csv", (Sheet("", tuple(rows)),), encoding, delimiter)


def _read_xlsx(content: bytes, filename: str) -> Book:
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        parts = read_parts(content)
        without_value = cells_without_value(parts)
        by_format, hidden = shown_by_format(parts), hidden_rows(parts)
        sheets = tuple(
            _read_sheet(
                book.get_sheet_by_name(meta.name),
                filename,
                without_value.get(meta.name, {}),
                by_format.get(meta.name, Shown()),
                hidden.get(meta.name, frozenset()),
            )
            for meta in book.sheets_metadata
            if meta.visible == calamine.SheetVisibleEnum.Visible
            and meta.typ == calamine.SheetTypeEnum.WorkSheet
        )
    except calamine.PasswordError as error:
        raise Refused("sheet_encrypted", file=filename) from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise Refused("sheet_broken", file=filename) from error
    if not any(sheet.rows for sheet in sheets):
        raise Refused("sheet_empty", file=filename)
    return Book("xlsx", sheets)


def _read_sheet(
    sheet: Any,
    filename: str,
    without_value: Mapping[Place, str],
    by_format: Shown,
    hidden: frozenset[int],
) -> Sheet:
    if sheet.end is None:
        return Sheet(sheet.name, ())
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    _check_size(height, width, height * width, filename)
    raw = sheet.to_python(skip_empty_area=False)
    for number, row in enumerate(raw, start=1):
        _check_cells(number, row, filename)
    merged = tuple(
        Merged(top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if top < height and left < width
    )
    rows = [tuple(_cell(v) for v in row) for row in raw]
    for (row, column), said in without_value.items():
        if row < height and column < width and rows[row][column] is None:
            rows[row] = (*rows[row][:column], said, *rows[row][column + 1 :])
    shown = {
        (row, column): words
        for (row, column), words in by_format.beside.items()
        if row < height and column < width and _is_number(rows[row][column])
    }
    months = frozenset(
        (row, column)
        for row, column in by_format.months
        if row < height and column < width and isinstance(rows[row][column], date)
    )
    inside = frozenset(row for row in hidden if row < height)
    return Sheet(sheet.name, tuple(rows), merged, shown, months, inside)


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _check_size(rows: int, columns: int, cells: int, filename: str) -> None:
    if rows > MAX_ROWS:
        raise Refused("sheet_too_many_rows", file=filename, limit=MAX_ROWS, row=rows)
    if columns > MAX_COLUMNS:
        raise Refused(
            "sheet_too_many_columns", file=filename, limit=MAX_COLUMNS, row=rows, count=columns
        )
    if cells > MAX_CELLS:
        raise Refused("sheet_too_many_cells", file=filename, limit=MAX_CELLS)


def _check_cells(row: int, cells: Iterable[object], filename: str) -> None:
    """Refuse what no spreadsheet holds, with its place: a database would cut or choke on it."""
    for index, cell in enumerate(cells):
        if not isinstance(cell, str):
            continue
        if len(cell) > MAX_CELL_CHARACTERS:
            code = "sheet_cell_too_long"
        elif "\x00" in cell:
            code = "sheet_cell_zero"
        else:
            continue
        raise Refused(code, file=filename, row=row, column=column_letter(index))


def _text_cell(value: str) -> str | None:
    if not value.strip():
        return None
    return value[1:] if NEUTRALIZED.match(value) else value


def _cell(value: object) -> Cell:
    """Whole numbers become int: a spreadsheet keeps every number as a float."""
    match value:
        case None | bool() | int() | date():
            return value
        case float() if math.isfinite(value):
            return int(value) if value.is_integer() and abs(value) < 1e18 else value
        case str():
            return value if value.strip() else None
        case _:  # times of day and durations: text, nobody computes with them here
            return str(value)
