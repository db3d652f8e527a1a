"""Reads a file of store events, replays it, and writes the ledger: `replay-points`."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketplace.base.errors import Fault, Invalid
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang, say
from marketplace.features.enforcement.ledger import (
    Effect,
    EventKind,
    LedgerEntry,
    StoreEvent,
    replay,
)

COLUMNS_IN = ("store", "at", "event", "ref", "brand", "target_ref", "intent")
COLUMNS_OUT = ("store", "at", "ref", "offense", "points", "balance", "measure", "reason")
_BEYOND = ""
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

    def cells(self) -> tuple[object, ...]:
        """Return the cells in the order of `COLUMNS_OUT`."""
        offense = "" if self.offense is None else self.offense
        return (
            *(self.store, self.at, self.ref, offense),
            *(self.points, self.balance, self.measure, self.reason),
        )


@dataclass(frozen=True, slots=True)
class _Read:
    row: dict[str, str]
    event: StoreEvent | None
    fault: str = ""


def replay_file(rulebook: Rulebook, content: bytes, lang: Lang) -> list[LedgerRow]:
    """Return one row for each row of the file, by instant, then as the file has them.

    Rows that cannot be read are refused with the reason and stop nothing. Those with a readable
    instant stand in their place; those without one come last, in file order.

    Raises:
        Invalid: when the file is no CSV text or lacks a column.
    """
    read = [_read(row) for row in _rows(content)]
    timed = [(one, instant) for one in read if (instant := _instant(one.row["at"]))]
    timed.sort(key=lambda pair: pair[1])
    ordered = [one for one, _ in timed] + [one for one in read if not _instant(one.row["at"])]
    entries = iter(replay(rulebook, [one.event for one in ordered if one.event is not None]))
    balances: dict[str, int] = {}
    rows: list[LedgerRow] = []
    for one in ordered:
        if one.event is None:
            rows.append(_refused(one, balances.get(one.row["store"], 0), lang))
            continue
        entry = next(entries)
        balances[one.row["store"]] = entry.balance
        rows.append(_written(one.row, entry, lang))
    return rows


def write_ledger(rows: Sequence[LedgerRow]) -> bytes:
    """Return the ledger as CSV in UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS_OUT)
    writer.writerows(row.cells() for row in rows)
    return text.getvalue().encode()


def _rows(content: bytes) -> list[dict[str, str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid([Fault("in", "points_not_utf8", {"position": error.start})]) from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        return _rows_of(reader)
    except csv.Error as error:  # an open quote swallows the rows below: none of them counts
        raise Invalid([Fault(f"{max(reader.line_num, 1)}", "series_not_csv")]) from error


def _rows_of(reader: csv.DictReader[str]) -> list[dict[str, str]]:
    names = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
    faults = [Fault(name, "points_column_missing") for name in _NEEDED if name not in names]
    faults += [
        Fault(name, "series_column_twice") for name in COLUMNS_IN if names.count(name) > 1
    ]
    if faults:
        raise Invalid(faults)
    reader.fieldnames = names
    return [
        {name: (row.get(name) or "").strip() for name in COLUMNS_IN} | _beyond(row)
        for row in reader
        if any((value or "").strip() for value in row.values() if not isinstance(value, list))
    ]


def _beyond(row: Mapping[str | None, Any]) -> dict[str, str]:
    """What stands beyond the last heading: the cells of such a row may be shifted."""
    return {_BEYOND: "".join(row.get(None) or ()).strip()}


def _read(row: dict[str, str]) -> _Read:
    at = _instant(row["at"])
    if row[_BEYOND]:
        return _Read(row, None, "ragged")
    if at is None:
        return _Read(row, None, "bad_time")
    if not row["store"]:
        return _Read(row, None, "store_missing")
    if not row["ref"]:
        return _Read(row, None, "ref_missing")
    if row["event"] not in {kind.value for kind in EventKind}:
        return _Read(row, None, "event_unknown")
    event = StoreEvent(
        store=row["store"],
        at=at,
        kind=EventKind(row["event"]),
        ref=row["ref"],
        brand=row["brand"],
        target_ref=row["target_ref"],
    )
    return _Read(row, event)


def _instant(text: str) -> datetime | None:
    """An ISO instant with its offset; a local time without one could be any of a day's."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


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
