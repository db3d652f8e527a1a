"""Sessions whose writes nobody ever sees, and for which nobody waits.

What a trial may write is copied beforehand into temporary tables of the same names, which come
first wherever a statement names one. Everything else is read as it was when the trial began, and
can only be read: a write to a table that was not copied fails at once, on either engine. Foreign
keys are not copied; that nothing names a row any more which the session's objects delete is asked
here. Triggers are not copied either; a trial must not rest on them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Session

from marketplace.base.db.columns import metadata
from marketplace.base.db.engines import Store
from marketplace.base.db.unit import MarketplaceSession

# Of a table's columns, the condition of the rows that are needed; None: all rows are.
Needed = Callable[[Any], sa.ColumnElement[bool]] | None
Portion = Callable[[], AbstractContextManager[Session]]

_HEAD = re.compile(r"\s*CREATE\s+(TABLE|(?:UNIQUE\s+)?INDEX)\s+", re.IGNORECASE)


@contextmanager
def open_trial(store: Store, copies: Mapping[sa.Table, Needed]) -> Iterator[Portion]:
    """Give what opens a session of one trial; each sees what those before it wrote.

    `copies` names the tables that may be written, with the rows of each that are needed. No
    handler runs and no entry is left. All of it is gone at the end.
    """
    copy = _copy_sqlite if store.dialect == "sqlite" else _copy_postgresql
    with store.trying.connect() as connection:
        for table, needed in copies.items():
            copy(connection, table, needed)
        if store.dialect == "postgresql":
            # From here on only temporary tables can be written.
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

        @contextmanager
        def portion() -> Iterator[Session]:
            with (
                connection.begin_nested(),
                MarketplaceSession(
                    connection, expire_on_commit=False, join_transaction_mode="rollback_only"
                ) as session,
            ):
                session.info.update(
                    keys=store.keys, ports=store.ports, events=[], deferred={}, mode="trial"
                )
                event.listen(session, "after_flush", _refuse_what_is_named)
                yield session
                session.flush()  # kept by the savepoint; the trial itself is never committed

        yield portion


def _refuse_what_is_named(session: Session, _context: UOWTransaction) -> None:
    """Do for rows that were deleted what the foreign keys of the real tables do.

    Raises:
        IntegrityError: when a row of any table still names one of them.
    """
    for row in session.deleted:
        table = sa.inspect(row).mapper.local_table
        for column in _naming(table):
            named = sa.select(sa.literal(1)).select_from(column.table).where(column == row.key)
            # Past the session, which is in the midst of a flush.
            if session.connection().execute(named.limit(1)).first() is not None:
                place = f"{column.table.name}.{column.name}"
                raise IntegrityError("foreign key", None, ValueError(place))


def _naming(table: sa.Table) -> list[sa.Column[Any]]:
    """The columns, of whatever table, that name a row of this one."""
    return [
        key.parent
        for other in metadata.tables.values()
        for key in other.foreign_keys
        if key.column.table is table
    ]


def _copy_sqlite(connection: sa.Connection, table: sa.Table, needed: Needed) -> None:
    """Make the table anew in the words it was made with; its indexes once it is filled."""
    found = connection.exec_driver_sql(
        "SELECT type, sql FROM main.sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL"
        " AND type IN ('table', 'index') ORDER BY type DESC",  # the table first
        (table.name,),
    ).all()
    for kind, words in found:
        if kind == "table":
            connection.exec_driver_sql(_HEAD.sub("CREATE TEMP TABLE ", words, count=1))
            _fill(connection, table, needed, real="main", own="temp")
        else:
            connection.exec_driver_sql(_HEAD.sub(r"CREATE \1 temp.", words, count=1))


def _copy_postgresql(connection: sa.Connection, table: sa.Table, needed: Needed) -> None:
    """Make the table like the real one, with numbers of its own."""
    real = str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())
    name, numbers = table.name, f"{table.name}_trial"
    like = f"{real}.{name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES"
    highest = f"(SELECT coalesce(max(id), 0) FROM {real}.{name})"  # noqa: S608 names of our tables
    default = f"SET DEFAULT nextval('pg_temp.{numbers}')"
    for words in (
        f"CREATE TEMP TABLE {name} (LIKE {like}) ON COMMIT DROP",
        f"CREATE TEMP SEQUENCE {numbers}",
        f"SELECT setval('pg_temp.{numbers}', {highest} + 1, false)",
        f"ALTER TABLE pg_temp.{name} ALTER COLUMN id {default}",
    ):
        connection.exec_driver_sql(words)
    _fill(connection, table, needed, real=real, own="pg_temp")
    connection.exec_driver_sql(f"ANALYZE pg_temp.{name}")


def _fill(
    connection: sa.Connection, table: sa.Table, needed: Needed, *, real: str, own: str
) -> None:
    names = [column.name for column in table.columns]
    columns = [sa.column(column.name, column.type) for column in table.columns]
    source = sa.table(table.name, *columns, schema=real)
    rows = sa.select(source)
    if needed is not None:
        rows = rows.where(needed(source.c))
    target = sa.table(table.name, *(sa.column(name) for name in names), schema=own)
    connection.execute(sa.insert(target).from_select(names, rows))
