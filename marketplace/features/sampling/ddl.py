"""Triggers: what was drawn and what was seen of it only grows."""

from __future__ import annotations

import sqlalchemy as sa

from marketplace.base.db.growing import growing

GROWING = ("sample_draw", "sample_item", "sample_look")


def statements(dialect: str) -> list[str]:
    """Return the statements for `sqlite` or `postgresql`; running them again changes nothing."""
    return growing(dialect, GROWING, function="sample_only_grows")


def install(connection: sa.Connection) -> None:
    """Run the statements on an open connection."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
