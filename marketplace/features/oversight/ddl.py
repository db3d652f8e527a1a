"""Triggers: what was drawn and how it was judged only grows."""

from __future__ import annotations

import sqlalchemy as sa

from marketplace.base.db.growing import growing

GROWING = ("oversight_draw", "oversight_item", "oversight_verdict")


def statements(dialect: str) -> list[str]:
    """Return the statements for `sqlite` or `postgresql`; running them again changes nothing."""
    return growing(dialect, GROWING, function="oversight_only_grows")


def install(connection: sa.Connection) -> None:
    """Run the statements on an open connection."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
