"""What the capped child does with a table: parses it and answers in lines of JSON.

It must not open the database or load anything of the features.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime

from marketplace.base.errors import Refused
from marketplace.base.sheets.cells import Book, Cell, Sheet
from marketplace.base.sheets.parsing import read_book


def serve(content: bytes, facts: dict[str, object]) -> Iterator[bytes]:
    """Yield the answer: a head, then one line a row; or the refusal."""
    try:
        book = read_book(content, str(facts["file"]))
    except Refused as error:
        yield json.dumps({"refused": error.code, "facts": dict(error.facts)}).encode() + b"\n"
        return
    for line in _answer(book):
        yield line.encode("utf-8", "replace") + b"\n"


def _answer(book: Book) -> Iterator[str]:
    head = {
        "form": book.form,
        "encoding": book.encoding,
        "delimiter": book.delimiter,
        "sheets": [
            {
                "name": sheet.name,
                "rows": len(sheet.rows),
                "merged": [[m.top, m.left, m.bottom, m.right] for m in sheet.merged],
                "beside": _beside(sheet),
                "months": sorted(sheet.months),
                "hidden": sorted(sheet.hidden),
            }
            for sheet in book.sheets
        ],
    }
    yield json.dumps(head)
    for sheet in book.sheets:
        for row in sheet.rows:
            yield json.dumps([_plain(cell) for cell in row])


def _beside(sheet: Sheet) -> list[list[object]]:
    """Column, words before, words after, and the rows that have them: a column has few kinds."""
    rows: dict[tuple[int, str, str], list[int]] = {}
    for (row, column), words in sheet.beside.items():
        rows.setdefault((column, words.before, words.after), []).append(row)
    return [[*kind, some] for kind, some in rows.items()]


def _plain(cell: Cell) -> object:
    match cell:
        case datetime():
            return {"at": cell.isoformat()}
        case date():
            return {"day": cell.isoformat()}
        case _:
            return cell
