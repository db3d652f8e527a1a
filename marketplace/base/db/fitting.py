"""Refuses what its column does not hold, before the database is asked.

PostgreSQL would break off with an error of its own, and SQLite takes text of any length, which
then fits no other installation. Commands with something better to say say it first.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa

from marketplace.base.errors import Fault, Invalid

_WHOLE = 2**31 - 1
_BIG = 2**63 - 1


def require_fitting(row: object) -> None:
    """Refuse a new or changed row with a text too long or a number too large to be kept.

    What a row of older days holds and nobody changes is left alone.

    Raises:
        Invalid: every such field, by its name.
    """
    state: Any = sa.inspect(row)
    kind: Any = type(row)
    faults = [
        fault
        for key, most, is_text in _bounds(kind)
        if key in state.dict
        and (not state.persistent or key in state.committed_state)
        and (fault := _fault_of(key, state.dict[key], most, is_text=is_text)) is not None
    ]
    if faults:
        raise Invalid(faults)


def _fault_of(key: str, value: object, most: int, *, is_text: bool) -> Fault | None:
    if is_text and isinstance(value, str) and len(value) > most:
        return Fault(key, "text_too_long", {"longest": most})
    if not is_text and isinstance(value, int) and not -most <= value <= most:
        return Fault(key, "number_too_large")
    return None


@cache
def _bounds(kind: type) -> tuple[tuple[str, int, bool], ...]:
    return tuple(_each_bound(sa.inspect(kind)))


def _each_bound(mapper: Any) -> Iterator[tuple[str, int, bool]]:
    """Yield (attribute, what it holds at most, whether it is text) of the columns that end."""
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        longest = getattr(column.type, "length", None)
        if isinstance(longest, int):
            yield attribute.key, longest, True
        elif isinstance(column.type, sa.Integer):
            is_big = isinstance(column.type, sa.BigInteger)
            yield attribute.key, _BIG if is_big else _WHOLE, False
