"""Triggers of tables that only grow: the database itself refuses to change or delete a row."""

from __future__ import annotations

from collections.abc import Sequence


def growing(dialect: str, tables: Sequence[str], *, function: str) -> list[str]:
    """Return the statements for `sqlite` or `postgresql`; running them again changes nothing.

    `function` names PostgreSQL's trigger function, one a feature.
    """
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            for table in tables
            for verb in ("UPDATE", "DELETE")
        ]
    # No percent sign: a driver may take it for a placeholder.
    refusing = (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' only grows'; END $$"
    )
    return [
        refusing,
        *(
            f"CREATE OR REPLACE TRIGGER {table}_no_{name} BEFORE {verb} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {function}()"
            for table in tables
            for name, verb, each in (
                ("change", "UPDATE OR DELETE", "ROW"),
                ("truncate", "TRUNCATE", "STATEMENT"),
            )
        ),
    ]
