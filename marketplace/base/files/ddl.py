"""Triggers: an opening of a file is never rewritten; when it is old it is forgotten."""

from __future__ import annotations

import sqlalchemy as sa

_SQLITE = (
    (
        "CREATE TRIGGER IF NOT EXISTS file_opening_no_update BEFORE UPDATE ON file_opening "
        "BEGIN SELECT RAISE(ABORT, 'file_opening never changes'); END"
    ),
)
_POSTGRESQL = (
    (
        "CREATE OR REPLACE FUNCTION file_opening_stays() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = 'file_opening never changes'; END $$"
    ),
    (
        "CREATE OR REPLACE TRIGGER file_opening_no_update BEFORE UPDATE ON file_opening "
        "FOR EACH ROW EXECUTE FUNCTION file_opening_stays()"
    ),
)


def install(connection: sa.Connection) -> None:
    """Run the statements on an open connection; running them again changes nothing."""
    is_sqlite = connection.dialect.name == "sqlite"
    for statement in _SQLITE if is_sqlite else _POSTGRESQL:
        connection.exec_driver_sql(statement)
