"""Rows of the factory list that stand already get their sort keys; years are left to the minute."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command

from marketplace.base.db import Store
from marketplace.base.db.migrate import alembic_config, migrate
from tests.base.db.test_migrate import empty  # noqa: F401


def test_a_list_in_use_is_ordered_by_its_keys_after_migrating(empty: Store):  # noqa: F811
    with empty.housekeeping.begin() as connection:
        command.upgrade(alembic_config(connection), "0029")
    days = {1: ("'2026-05-02'", "'2025-01-03'"), 2: ("NULL", "NULL")}
    with empty.housekeeping.begin() as connection:
        for n, (due, enrolled) in days.items():
            connection.execute(
                sa.text(
                    "INSERT INTO factory_standing (factory_id, program, operator_id, name, name_key,"
                    " stage, status, holder, due_on, done, total, points, band, enrolled_on,"
                    " counted_on, rules_sha256)"
                    f" VALUES ({n}, 'p', {n}, 'n', 'n', 's', 's', 'h', {due}, {n}, 9, {10 * n},"
                    f" 'b', {enrolled}, '2026-04-01', 'x')"
                )
            )
    assert migrate(empty)
    with empty.housekeeping.begin() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT due_key, enrolled_key, points_key, progress_key FROM factory_standing"
                " ORDER BY factory_id"
            )
        ).all()
        years = connection.execute(sa.text("SELECT count(*) FROM operator_year")).scalar_one()
    assert [tuple(map(str, row)) for row in rows] == [
        ("2026-05-02", "2025-01-03", "-10", "-1"),
        ("9999-12-31", "9999-12-31", "-20", "-2"),
    ]
    assert years == 0
