"""Sums by months since enrollment are added up from those by cohort that stand already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from marketplace.base.db import Store
from marketplace.base.db.migrate import alembic_config, migrate
from tests.base.db.test_migrate import empty  # noqa: F401

MEASURES = (
    "exposure, stores, operators, findings, listings, overturned, inspections, near_misses,"
    " complaints, offered, offered_stores, seen_inspections, seen_complaints, opened, closed"
)


def test_an_installation_in_use_has_its_sums_by_offset_after_migrating(empty: Store):  # noqa: F811
    with empty.housekeeping.begin() as connection:
        config = alembic_config(connection)
        before = ScriptDirectory.from_config(config).get_revision("0026").down_revision
        command.upgrade(config, before)
    # cohort, month, exposure, stores; operators are half the stores, all else is 0
    kept = [
        (500, 498, 100, 2), (510, 508, 30, 4), (500, 499, 7, 2), (500, 502, 11, 2),
        (500, 500, 5, 2),  # the month of entry: neither side
        (500, 503, 0, 0),  # inspected, not observed
        (500, 470, 99, 2), (0, 498, 99, 2),  # beyond the window; not enrolled
    ]  # fmt: skip
    with empty.housekeeping.begin() as connection:
        for cohort, month, exposure, stores in kept:
            connection.execute(
                sa.text(
                    f"INSERT INTO cohort_month (program, district, cohort, month, {MEASURES})"
                    f" VALUES ('p', '', {cohort}, {month}, {exposure}, {stores}, {stores // 2},"
                    " 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)"
                )
            )
    assert migrate(empty)
    with empty.housekeeping.begin() as connection:
        offsets = connection.execute(
            sa.text(
                "SELECT offset_months, exposure, stores, inspections FROM cohort_offset"
                " WHERE program = 'p' ORDER BY offset_months"
            )
        ).all()
        sides = connection.execute(
            sa.text("SELECT side, month, exposure, operators FROM cohort_side ORDER BY month")
        ).all()
    assert [tuple(row) for row in offsets] == [
        (-2, 130, 6, 2), (-1, 7, 2, 1), (0, 5, 2, 1), (2, 11, 2, 1), (3, 0, 0, 1),
    ]  # fmt: skip
    assert [tuple(row) for row in sides] == [
        (-1, 498, 100, 1), (-1, 499, 7, 1), (1, 502, 11, 1), (-1, 508, 30, 2),
    ]  # fmt: skip
