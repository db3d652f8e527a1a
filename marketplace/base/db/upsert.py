"""Adds differences to rows of sums; a row whose sums are all zero goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def add_to(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    measures: Sequence[str],
) -> None:
    """Add each row's measures to the row of the same key, which is made where it is missing.

    `key` is a unique constraint of the table. Writers queue, so no sum is lost between them.
    """
    if not rows:
        return
    key, measures = tuple(key), tuple(measures)
    statement = _adding(connection.dialect.name, table, key, measures)
    connection.execute(statement, list(rows))
    falling = [row for row in rows if any(row[name] < 0 for name in measures)]
    if falling:
        connection.execute(
            _emptied(table, key, measures),
            [{f"at_{name}": row[name] for name in key} for row in falling],
        )


@cache
def _adding(
    dialect: str, table: sa.Table, key: tuple[str, ...], measures: tuple[str, ...]
) -> Any:
    """The statement, built once: every changed fact adds to sums."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement: Any = insert(table)
    return statement.on_conflict_do_update(
        index_elements=list(key),
        set_={name: table.c[name] + statement.excluded[name] for name in measures},
    )


@cache
def _emptied(table: sa.Table, key: tuple[str, ...], measures: tuple[str, ...]) -> sa.Delete:
    return sa.delete(table).where(
        *(table.c[name] == sa.bindparam(f"at_{name}") for name in key),
        *(table.c[name] == 0 for name in measures),
    )
