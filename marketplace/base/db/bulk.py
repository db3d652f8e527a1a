"""Many rows of one table in one statement, each with its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session


def insert_many(
    session: Session, kind: Any, rows: Sequence[Mapping[str, Any]]
) -> Sequence[int]:
    """Insert rows past the session's objects; return their keys in the order of the rows.

    `kind` is a table of a unit of work. SQLAlchemy gives SQLite's keys back only row by row, in
    ten times the statements; units of work follow one another there, so keys are counted on from
    the last one, which is how SQLite finds them itself.
    """
    if not rows:
        return []
    table: sa.Table = kind.__table__
    statement = sa.insert(table)
    if session.connection().dialect.name != "sqlite":
        keyed = statement.returning(table.c.id, sort_by_parameter_order=True)
        return [int(key) for key in session.execute(keyed, list(rows)).scalars()]
    last = session.execute(sa.select(sa.func.max(table.c.id))).scalar_one() or 0
    keys = range(last + 1, last + 1 + len(rows))
    session.execute(
        statement, [{**row, "id": key} for row, key in zip(rows, keys, strict=True)]
    )
    return keys
