"""Reads an untrusted file in a child process with memory and time caps (trust.md, 15).

The child answers in lines of JSON, never in pickles: whatever takes it over can only send data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from marketplace.base.errors import Refused
from marketplace.base.guard import Guard, Limits, Stopped
from marketplace.base.sheets.cells import Beside, Book, Cell, Merged, Sheet
from marketplace.base.sheets.sniffing import MAX_BYTES

TIMEOUT_SECONDS = 60
MEMORY_BYTES = 3 * 1024**3 // 2  # 100,000 rows of 18 columns stay below half of it
ANSWER_BYTES = 256 * 1024**2  # 100,000 rows of 20 columns make about 40 MB
_guard = Guard("marketplace.base.sheets.child")


def read_book_guarded(
    content: bytes,
    filename: str,
    *,
    timeout_seconds: int = TIMEOUT_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> Book:
    """Return the sheets of a file parsed in a capped child process.

    Raises:
        Refused: `sheet_…` with `file`; `sheet_parser_stopped` when the child died or was stopped.
    """
    if len(content) > MAX_BYTES:
        raise Refused("sheet_too_large", file=filename, limit=MAX_BYTES // 1024 // 1024)
    limits = Limits(memory_bytes, timeout_seconds, ANSWER_BYTES)
    try:
        answer = _guard.ask(content, {"file": filename}, limits=limits)
    except Stopped as error:
        raise Refused("sheet_parser_stopped", file=filename) from error
    return _book_of(answer, filename)


def _book_of(answer: bytes, filename: str) -> Book:
    lines = _lines(answer)
    try:
        head = json.loads(next(lines))
        if "refused" in head:
            raise Refused(head["refused"], **head["facts"])
        sheets = tuple(_sheet_of(lines, part) for part in head["sheets"])
    except (StopIteration, KeyError, TypeError, ValueError) as error:
        raise Refused("sheet_parser_stopped", file=filename) from error
    return Book(head["form"], sheets, head["encoding"], head["delimiter"])


def _lines(answer: bytes) -> Iterator[bytes]:
    start = 0
    while (end := answer.find(b"\n", start)) >= 0:
        yield answer[start:end]
        start = end + 1


def _sheet_of(lines: Iterator[bytes], part: dict[str, Any]) -> Sheet:
    rows = tuple(
        tuple(_cell_of(value) for value in json.loads(next(lines))) for _ in range(part["rows"])
    )
    beside = {
        (int(row), int(column)): Beside(str(before), str(after))
        for column, before, after, some in part["beside"]
        for row in some
    }
    months = frozenset((int(row), int(column)) for row, column in part["months"])
    merged = tuple(Merged(*area) for area in part["merged"])
    hidden = frozenset(int(row) for row in part["hidden"])
    return Sheet(part["name"], rows, merged, beside, months, hidden)


def _cell_of(value: object) -> Cell:
    match value:
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case {"at": str(at)}:
            return datetime.fromisoformat(at)
        case None | str() | int() | float() | bool():
            return value
        case _:
            msg = "not a cell"
            raise TypeError(msg)
