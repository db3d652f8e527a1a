"""Triggers: the books only grow, and nothing is held without a statement of reasons.

They stop mistakes and casual edits on both engines; the audit chain finds the rest.
"""

from __future__ import annotations

import sqlalchemy as sa

from marketplace.base.db.growing import growing

GROWING = ("hold_movement", "hold_posting", "hold_extension", "settlement_receipt")

_STATED = (
    "EXISTS (SELECT 1 FROM payment_hold h JOIN measure_taken m "
    "ON m.statement_id = h.statement_id AND m.kind = 'payment_hold' WHERE h.id = NEW.hold_id)"
)
_NO_REASONS = "hold_movement needs a statement of reasons"


def statements(dialect: str) -> list[str]:
    """Return the statements for `sqlite` or `postgresql`; running them again changes nothing."""
    grows = growing(dialect, GROWING, function="holds_only_grows")
    return [*grows, *(_sqlite_reasons() if dialect == "sqlite" else _postgresql_reasons())]


def install(connection: sa.Connection) -> None:
    """Run the statements on an open connection."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def _sqlite_reasons() -> list[str]:
    return [
        (
            "CREATE TRIGGER IF NOT EXISTS hold_movement_reasons BEFORE INSERT ON hold_movement "
            f"WHEN NEW.kind = 'hold' AND NOT {_STATED} "
            f"BEGIN SELECT RAISE(ABORT, '{_NO_REASONS}'); END"
        ),
    ]


def _postgresql_reasons() -> list[str]:
    return [
        (
            "CREATE OR REPLACE FUNCTION hold_movement_needs_reasons() RETURNS trigger "
            f"LANGUAGE plpgsql AS $$ BEGIN IF NEW.kind = 'hold' AND NOT {_STATED} THEN "
            f"RAISE EXCEPTION USING MESSAGE = '{_NO_REASONS}'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE OR REPLACE TRIGGER hold_movement_reasons BEFORE INSERT ON hold_movement "
            "FOR EACH ROW EXECUTE FUNCTION hold_movement_needs_reasons()"
        ),
    ]
