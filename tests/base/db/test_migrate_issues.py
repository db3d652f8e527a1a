"""Issued Friday pages move into the table of all issues, as they were."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from marketplace.base.canonical import digest
from marketplace.base.db import Store
from marketplace.base.db.migrate import alembic_config, migrate
from tests.base.db.test_migrate import empty  # noqa: F401

CONTENT = {"day": "2026-11-20", "numbers": [{"key": "enrolled", "count": 96, "n": None}]}


def test_a_friday_page_keeps_number_day_and_content(empty: Store):  # noqa: F811
    with empty.housekeeping.begin() as connection:
        config = alembic_config(connection)
        before = ScriptDirectory.from_config(config).get_revision("0019").down_revision
        command.upgrade(config, before)
    with empty.housekeeping.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO friday_issue (program, district, number, issued_on, as_of, content,"
                " issued_by) VALUES ('putian-footwear', '350304', 7, '2026-11-20',"
                " '2026-11-20 08:00:00+00:00', :content, 3)"
            ),
            {"content": json.dumps(CONTENT)},
        )
    assert migrate(empty)
    with empty.housekeeping.begin() as connection:
        (row,) = connection.execute(sa.text("SELECT * FROM report_issue")).mappings().all()
        tables = sa.inspect(connection).get_table_names()
    assert (row["kind"], row["period"], row["number"]) == ("friday", "2026-11-20", 7)
    assert (row["edition"], row["reason"]) == (1, "")
    assert (row["program"], row["district"]) == ("putian-footwear", "350304")
    kept = row["content"]
    assert (json.loads(kept) if isinstance(kept, str) else kept) == CONTENT
    assert row["content_sha256"] == digest(CONTENT)
    assert "friday_issue" not in tables
