"""Adds differences to rows of sums; a row whose sums are all zero goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement: Any = insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=list(key),
        set_={name: table.c[name] + statement.excluded[name] for name in measures},
    )
    connection.execute(statement, list(rows))
    emptied = sa.delete(table).where(
        *(table.c[name] == sa.bindparam(f"at_{name}") for name in key),
        *(table.c[name] == 0 for name in measures),
    )
    falling = [row for row in rows if any(row[name] < 0 for name in measures)]
    if falling:
        connection.execute(
            emptied, [{f"at_{name}": row[name] for name in key} for row in falling]
        )
