"""Triggers: what was decided never changes, and nothing is done to a store without reasons.

They stop mistakes and casual edits on both engines; the audit chain finds the rest.
"""

from __future__ import annotations

import sqlalchemy as sa

from marketplace.base.db.growing import growing

GROWING = ("points_entry", "statement_of_reasons", "finding_evidence")

# Table -> when a new row needs reasons, and which measure, taken in a statement, carries them.
NEEDS_REASONS = {
    "points_entry": (
        "NEW.kind = 'score' AND NEW.measure IS NOT NULL",
        "finding_id = NEW.finding_id AND kind IN ('warning', 'points')",
    ),
    "store_closure": (
        "NEW.closed_at IS NOT NULL",
        "store_id = NEW.store_id AND kind = 'closure'",
    ),
    "store_suspension": (
        "NEW.from_at IS NOT NULL",
        "finding_id = NEW.finding_id AND kind = 'suspension'",
    ),
}


def statements(dialect: str) -> list[str]:
    """Return the statements for `sqlite` or `postgresql`; running them again changes nothing."""
    grows = growing(dialect, GROWING, function="enforcement_only_grows")
    reasons = _sqlite_reasons() if dialect == "sqlite" else _postgresql_reasons()
    return [*grows, *reasons]


def install(connection: sa.Connection) -> None:
    """Run the statements on an open connection."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def _missing(where: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM measure_taken WHERE {where})"  # noqa: S608


def _sqlite_reasons() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_reasons BEFORE INSERT ON {table} "
        f"WHEN {when} AND {_missing(where)} "
        f"BEGIN SELECT RAISE(ABORT, '{table} needs a statement of reasons'); END"
        for table, (when, where) in NEEDS_REASONS.items()
    ]


def _postgresql_reasons() -> list[str]:
    found = []
    for table, (when, where) in NEEDS_REASONS.items():
        found += [
            (
                f"CREATE OR REPLACE FUNCTION {table}_needs_reasons() RETURNS trigger "
                f"LANGUAGE plpgsql AS $$ BEGIN IF {when} AND {_missing(where)} THEN "
                f"RAISE EXCEPTION USING MESSAGE = '{table} needs a statement of reasons'; END IF; "
                "RETURN NEW; END $$"
            ),
            (
                f"CREATE OR REPLACE TRIGGER {table}_reasons BEFORE INSERT ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_needs_reasons()"
            ),
        ]
    return found
