"""Triggers: what was drawn and what was seen of it only grows."""

from __future__ import annotations

import sqlalchemy as sa

GROWING = ("sample_draw", "sample_item", "sample_look")

# No percent sign: a driver may take it for a placeholder.
_GROWS = (
    "CREATE OR REPLACE FUNCTION sample_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' only grows'; END $$"
)


def statements(dialect: str) -> list[str]:
    """Return the statements for `sqlite` or `postgresql`; running them again changes nothing."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            for table in GROWING
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        _GROWS,
        *(
            f"CREATE OR REPLACE TRIGGER {table}_no_{name} BEFORE {verb} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION sample_only_grows()"
            for table in GROWING
            for name, verb, each in (
                ("change", "UPDATE OR DELETE", "ROW"),
                ("truncate", "TRUNCATE", "STATEMENT"),
            )
        ),
    ]


def install(connection: sa.Connection) -> None:
    """Run the statements on an open connection."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
