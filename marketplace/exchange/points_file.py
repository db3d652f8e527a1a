"""Reads a file of store events, replays it, and writes the ledger: `replay-points`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.base.clock import civil_day
from marketplace.base.errors import Fault, Invalid
from marketplace.base.rulebook import Rulebook
from marketplace.base.sheets.decoding import decode
from marketplace.base.sheets.writing import safe_cell
from marketplace.base.words import Lang, say
from marketplace.features.enforcement.ledger import (
    Effect,
    EventKind,
    LedgerEntry,
    Replay,
    StoreEvent,
)

COLUMNS_IN = ("store", "at", "event", "ref", "brand", "target_ref", "intent")
COLUMNS_OUT = ("store", "at", "ref", "offense", "points", "balance", "measure", "reason")
_NEEDED = ("store", "at", "event", "ref")


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of the result, cells as they are written."""

    store: str
    at: str
    ref: str
    offense: int | None
    points: int
    balance: int
    measure: str
    reason: str

    def cells(self) -> tuple[str | int, ...]:
        """Return the cells in the order of `COLUMNS_OUT`."""
        offense: str | int = "" if self.offense is None else self.offense
        return (
            *(self.store, self.at, self.ref, offense),
            *(self.points, self.balance, self.measure, self.reason),
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """One row as read: with its instant where it has one, its event or what is wrong with it."""

    row: dict[str, str]
    at: datetime | None
    event: StoreEvent | None
    fault: str = ""


def replay_file(rulebook: Rulebook, content: bytes, lang: Lang) -> list[LedgerRow]:
    """Return one row for each row of the file, by instant, then as the file has them.

    Rows that cannot be read are refused with the reason and stop nothing. Those with a readable
    instant stand in their place; those without one come last, in file order.

    Raises:
        Invalid: when the file is no CSV text, lacks a column or has one twice.
        Refused: when the text is in no encoding that is read.
    """
    read = _rows(content)
    timed = [(one.at, one) for one in read if one.at is not None]
    timed.sort(key=lambda pair: pair[0])
    told = Replay(rulebook)
    rows: list[LedgerRow] = []
    for one in [*(one for _, one in timed), *(one for one in read if one.at is None)]:
        if one.event is None:
            rows.append(_refused(one, told.balance(one.row["store"], one.at), lang))
        else:
            rows.append(_written(one.row, told.take(one.event), lang))
    return rows


def write_ledger(rows: Sequence[LedgerRow]) -> bytes:
    """Return the ledger as CSV in UTF-8, without BOM for scripts; no text of it is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS_OUT)
    writer.writerows([safe_cell(cell) for cell in row.cells()] for row in rows)
    return text.getvalue().encode()


def _rows(content: bytes) -> list[_Read]:
    reader = csv.reader(io.StringIO(_text(content), newline=""))
    try:
        names = [name.strip().casefold() for name in next(reader, [])]
        faults = [Fault(n, "points_column_missing") for n in _NEEDED if n not in names]
        faults += [Fault(n, "points_column_twice") for n in COLUMNS_IN if names.count(n) > 1]
        if faults:
            raise Invalid(faults)
        return [_read(names, cells) for cells in reader if cells]  # a blank line is no row
    except csv.Error as error:
        raise Invalid([Fault("in", "points_unreadable", {"line": reader.line_num})]) from error


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decode(content, "in")[0]


def _read(names: Sequence[str], cells: Sequence[str]) -> _Read:
    given = dict(zip(names, (cell.strip() for cell in cells), strict=False))
    row = {name: given.get(name, "") for name in COLUMNS_IN}
    at = _instant(row["at"])
    if any(cell.strip() for cell in cells[len(names) :]):
        return _Read(row, at, None, "cells_too_many")  # a comma too many: what stands where?
    if any("\n" in value or "\r" in value for value in row.values()):
        return _Read(row, at, None, "line_break")  # a quotation mark that was never closed
    if at is None:
        return _Read(row, None, None, "bad_time")
    if not row["store"]:
        return _Read(row, at, None, "store_missing")
    if not row["ref"]:
        return _Read(row, at, None, "ref_missing")
    if row["event"] not in {kind.value for kind in EventKind}:
        return _Read(row, at, None, "event_unknown")
    event = StoreEvent(
        store=row["store"],
        at=at,
        kind=EventKind(row["event"]),
        ref=row["ref"],
        brand=row["brand"],
        target_ref=row["target_ref"],
    )
    return _Read(row, at, event)


def _instant(text: str) -> datetime | None:
    """An ISO instant with its offset; a local time without one could be any of a day's."""
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            return None
        civil_day(found)
    except (ValueError, OverflowError):  # no instant, or one outside of the calendar here
        return None
    return found


def _written(row: dict[str, str], entry: LedgerEntry, lang: Lang) -> LedgerRow:
    return LedgerRow(
        store=row["store"],
        at=row["at"],
        ref=row["ref"],
        offense=entry.offense,
        points=entry.points,
        balance=entry.balance,
        measure=entry.effect.value,
        reason=say(f"points.{entry.reason}", lang, **entry.facts),
    )


def _refused(one: _Read, balance: int, lang: Lang) -> LedgerRow:
    reason = say(f"points.{one.fault}", lang, event=one.row["event"], at=one.row["at"])
    return LedgerRow(
        store=one.row["store"],
        at=one.row["at"],
        ref=one.row["ref"],
        offense=None,
        points=0,
        balance=balance,
        measure=Effect.REFUSED.value,
        reason=reason,
    )
