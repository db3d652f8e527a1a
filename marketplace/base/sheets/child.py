"""The child process of `guarded`: limits itself, parses one file, answers in lines of JSON.

It must not open the database or load anything of the features.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime

from marketplace.base.errors import Refused
from marketplace.base.sheets.cells import Book, Cell
from marketplace.base.sheets.parsing import read_book


def main(filename: str, memory_bytes: int, cpu_seconds: int) -> None:
    """Parse standard input and write the answer: a head, then one line a row."""
    _limit(memory_bytes, cpu_seconds)
    out = sys.stdout.buffer
    try:
        book = read_book(sys.stdin.buffer.read(), filename)
        for line in _answer(book):
            out.write(line.encode("utf-8", "replace") + b"\n")
    except Refused as error:
        head = {"refused": error.code, "facts": dict(error.facts)}
        out.write(json.dumps(head).encode() + b"\n")
    except MemoryError:
        sys.exit(3)


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's time limit remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _answer(book: Book) -> list[str]:
    head = {
        "form": book.form,
        "encoding": book.encoding,
        "delimiter": book.delimiter,
        "sheets": [
            {
                "name": sheet.name,
                "rows": len(sheet.rows),
                "merged": [[m.top, m.left, m.bottom, m.right] for m in sheet.merged],
            }
            for sheet in book.sheets
        ],
    }
    lines = [json.dumps(head)]
    for sheet in book.sheets:
        lines.extend(json.dumps([_plain(cell) for cell in row]) for row in sheet.rows)
    return lines


def _plain(cell: Cell) -> object:
    match cell:
        case datetime():
            return {"at": cell.isoformat()}
        case date():
            return {"day": cell.isoformat()}
        case _:
            return cell
