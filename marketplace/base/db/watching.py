"""Notes which rows a piece of work writes, with plain values before and after.

It sees what goes through the session's objects; a bulk statement is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Session

# What says only that a row was written, not what it says.
_ASIDE = frozenset({"id", "version", "updated_at", "recorded_at", "decided_at", "decided_by"})


@dataclass(frozen=True, slots=True)
class Touched:
    """One row that was inserted (`before` is None) or updated; values are plain JSON."""

    table: str
    key: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


@dataclass(slots=True)
class Watch:
    """What was written since the last `take`."""

    touched: list[Touched] = field(default_factory=list)

    def take(self) -> list[Touched]:
        """Return what was written, in the order it was, and begin anew."""
        found, self.touched = self.touched, []
        return found


@contextmanager
def watch(session: Session) -> Iterator[Watch]:
    """Note the rows that a session writes while this is open."""
    noted = Watch()

    def note(flushing: Session, _context: UOWTransaction) -> None:
        for row in flushing.new:
            noted.touched.append(_inserted(row))
        for row in flushing.dirty:
            changed = _updated(row)
            if changed is not None:
                noted.touched.append(changed)

    event.listen(session, "after_flush", note)
    try:
        yield noted
    finally:
        event.remove(session, "after_flush", note)


def inserted(kind: type, key: int, values: Mapping[str, Any]) -> Touched:
    """What would have been noted of a row that a bulk statement inserted with these values.

    A column without a value is empty: give those that the table itself fills.
    """
    mapper: Any = sa.inspect(kind)
    after = {c.key: plain(values.get(c.key)) for c in mapper.column_attrs}
    return Touched(mapper.local_table.name, key, None, _kept(after))


def changed(row: object) -> Touched | None:
    """What will be noted of a row at the next flush; None when nothing that counts differs."""
    return _updated(row)


def changed_since(row: object, after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns in which a row no longer says what it said then."""
    return tuple(name for name, value in after.items() if plain(getattr(row, name)) != value)


def put_back(row: object, before: Mapping[str, Any]) -> None:
    """Set columns to plain values they had before."""
    columns = sa.inspect(type(row)).columns
    for name, value in before.items():
        setattr(row, name, _typed(columns[name].type, value))


def plain(value: Any) -> Any:
    """Return a value as plain JSON keeps it."""
    match value:
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case _:
            return value


def _inserted(row: Any) -> Touched:
    mapper = sa.inspect(row).mapper
    after = {c.key: plain(getattr(row, c.key)) for c in mapper.column_attrs}
    return Touched(mapper.local_table.name, row.key, None, _kept(after))


def _updated(row: Any) -> Touched | None:
    state = sa.inspect(row)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if history.has_changes() and history.deleted:
            before[attribute.key] = plain(history.deleted[0])
            after[attribute.key] = plain(history.added[0] if history.added else None)
    if not _kept(after):
        return None
    return Touched(state.mapper.local_table.name, row.key, _kept(before), _kept(after))


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _ASIDE}


def _typed(kind: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    inner = getattr(kind, "impl_instance", kind)
    if isinstance(inner, sa.DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(inner, sa.Date) else value
