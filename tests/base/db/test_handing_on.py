"""A test's PostgreSQL database goes to the next one only as the first one found it."""

from __future__ import annotations

import psycopg
import pytest

from tests.postgres import Databases

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    ("done", "handed_on"),
    [
        ("INSERT INTO installation (name, value) VALUES ('a', 'b')", True),
        ("CREATE TEMP TABLE passing (n int)", True),
        ("CREATE TABLE more (n int)", False),
        ("ALTER TABLE audit_entry DISABLE TRIGGER ALL", False),
        ("ALTER TABLE installation ADD COLUMN more int", False),
    ],
)
def test_who_changed_more_than_rows_leaves_the_database_behind(
    databases: Databases, done: str, handed_on: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        databases, "_clean", []
    )  # a new one, to which nobody keeps a connection
    name = databases.take()
    for _ in range(2 if handed_on else 1):  # what came back once comes back again
        with psycopg.connect(databases.url(name), autocommit=True) as connection:
            connection.execute(done)
        databases.give_back(name)
        assert (name in databases._clean) is handed_on
        if handed_on:
            assert databases.take() == name
            with psycopg.connect(databases.url(name)) as connection:
                count = connection.execute("SELECT count(*) FROM installation").fetchone()
            assert count == (0,)
