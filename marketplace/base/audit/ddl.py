"""The triggers that make the audit tables grow only; migrations run them on both engines.

They stop mistakes and casual edits. Somebody who owns the database can drop them: that is what
the keyed chain and the anchors are for.
"""

from __future__ import annotations

import sqlalchemy as sa

_GROWING = ("audit_entry", "audit_detail", "audit_anchor")

# INSERT OR REPLACE removes the old row without firing delete triggers on SQLite.
_REPLACING = {
    "audit_entry": "id = NEW.id OR seq = NEW.seq OR prev = NEW.prev",
    "audit_detail": "id = NEW.id OR seq = NEW.seq",
    "audit_anchor": "id = NEW.id",
    "audit_head": "id = NEW.id",
}

# No percent sign: a driver may take it for a placeholder.
_POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' only grows'; END $$"
)


def statements(dialect: str) -> list[str]:
    """Return the statements for `sqlite` or `postgresql`; running them again changes nothing.

    Raises:
        ValueError: for any other engine.
    """
    if dialect == "sqlite":
        return _sqlite()
    if dialect == "postgresql":
        return _postgresql()
    msg = f"no triggers for {dialect}"
    raise ValueError(msg)


def install(connection: sa.Connection) -> None:
    """Run the statements on an open connection."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def _sqlite() -> list[str]:
    found = []
    for table in _GROWING:
        found += [
            _sqlite_trigger(table, "no_update", "UPDATE"),
            _sqlite_trigger(table, "no_delete", "DELETE"),
        ]
    found += [
        _sqlite_trigger(
            table,
            "no_replace",
            "INSERT",
            when=f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) ",  # noqa: S608
        )
        for table, same in _REPLACING.items()
    ]
    found += [
        _sqlite_trigger("audit_head", "no_delete", "DELETE"),
        _sqlite_trigger("audit_head", "no_return", "UPDATE", when="WHEN NEW.seq < OLD.seq "),
        _sqlite_trigger("person_key", "no_delete", "DELETE"),
    ]
    return found


def _sqlite_trigger(table: str, name: str, verb: str, *, when: str = "") -> str:
    return (
        f"CREATE TRIGGER IF NOT EXISTS {table}_{name} BEFORE {verb} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
    )


def _postgresql() -> list[str]:
    found = [_POSTGRESQL_FUNCTION]
    found += [_postgresql_trigger(table, "no_change", "UPDATE OR DELETE") for table in _GROWING]
    found += [
        _postgresql_trigger(table, "no_truncate", "TRUNCATE", each="STATEMENT")
        for table in (*_GROWING, "audit_head", "person_key")
    ]
    found += [
        _postgresql_trigger("audit_head", "no_delete", "DELETE"),
        _postgresql_trigger(
            "audit_head", "no_return", "UPDATE", when="WHEN (NEW.seq < OLD.seq) "
        ),
        _postgresql_trigger("person_key", "no_delete", "DELETE"),
    ]
    return found


def _postgresql_trigger(
    table: str, name: str, verb: str, *, each: str = "ROW", when: str = ""
) -> str:
    return (
        f"CREATE OR REPLACE TRIGGER {table}_{name} BEFORE {verb} ON {table} "
        f"FOR EACH {each} {when}EXECUTE FUNCTION audit_only_grows()"
    )
