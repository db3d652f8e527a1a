"""Migrations leave exactly the schema the tables describe, on both engines."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from marketplace.base.db import Store, open_store
from marketplace.base.db.migrate import (
    MIGRATIONS,
    VERSION_TABLE,
    create_fresh,
    make_migration,
    migrate,
    newest_revision,
)
from marketplace.base.errors import Refused
from marketplace.base.keys import load_or_make_keys

_numbers = count(1)


def open_empty(request: pytest.FixtureRequest, folder: Path) -> Store:
    """Return a store on a database with nothing in it."""
    keys = load_or_make_keys(folder)
    if request.param == "sqlite":
        return open_store(keys=keys, path=folder / "m.sqlite3")
    import psycopg

    server = request.getfixturevalue("postgres_server")
    name = f"migrate_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return open_store(keys=keys, url=server.url(name))


ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = open_empty(request, tmp_path)
    yield opened
    opened.dispose()


@pytest.fixture(params=ENGINES)
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Two empty stores of one engine."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    both = open_empty(request, tmp_path / "a"), open_empty(request, tmp_path / "b")
    yield both
    for opened in both:
        opened.dispose()


def schema_of(store: Store) -> set[tuple[str, ...]]:
    """Return every table, column, constraint, index, trigger and function, order aside."""
    if store.dialect == "sqlite":
        return _sqlite_schema(store)
    with store.housekeeping.connect() as connection:
        return {
            tuple("" if part is None else str(part) for part in row)
            for statement in _CATALOG
            for row in connection.exec_driver_sql(statement)
        }


def _sqlite_schema(store: Store) -> set[tuple[str, ...]]:
    statement = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    found: set[tuple[str, ...]] = set()
    with store.housekeeping.connect() as connection:
        for kind, name, sql in connection.exec_driver_sql(statement).fetchall():
            if name == VERSION_TABLE:
                continue
            if kind != "table":
                found.add((kind, name, re.sub(r"\s+", " ", sql.replace('"', ""))))
                continue
            lines = sql.replace('"', "").strip().splitlines()
            found |= {(kind, name, re.sub(r"\s+", " ", part.strip(" \t,"))) for part in lines}
            columns = connection.exec_driver_sql(f"PRAGMA table_info({name})").fetchall()
            found |= {("column", name, *map(str, column)) for column in columns}
    return found


_CATALOG = (
    (
        "SELECT 'column', table_name, ordinal_position, column_name, data_type,"
        " character_maximum_length, is_nullable, column_default FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
    ),
    (
        "SELECT 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        " AND conrelid::regclass::text <> 'alembic_version'"
    ),
    (
        "SELECT 'index', tablename, indexname, indexdef FROM pg_indexes"
        " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    ),
    (
        "SELECT 'trigger', tgrelid::regclass, tgname, pg_get_triggerdef(oid)"
        " FROM pg_trigger WHERE NOT tgisinternal"
    ),
    (
        "SELECT 'function', proname, prosrc FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace"
    ),
)


def test_a_migrated_database_has_the_schema_of_a_fresh_one(pair: tuple[Store, Store]):
    migrated, fresh = pair
    migrate(migrated)
    create_fresh(fresh)
    ours, theirs = schema_of(migrated), schema_of(fresh)
    assert sorted(ours - theirs) == [], "only after migrations"
    assert sorted(theirs - ours) == [], "only in the tables: run dev make-migration"
    kinds = {row[0] for row in ours}
    assert {"index", "trigger"} <= kinds, "the comparison sees what tables alone do not say"


def test_the_comparison_notices_a_predicate_and_a_check(pair: tuple[Store, Store]):
    first, second = pair
    for store, limit in ((first, 1), (second, 2)):
        with store.housekeeping.begin() as connection:
            connection.exec_driver_sql(
                f"CREATE TABLE thing (\nn INTEGER,\nCONSTRAINT few CHECK (n < {limit})\n)"
            )
            connection.exec_driver_sql(
                f"CREATE UNIQUE INDEX one ON thing (n) WHERE n > {limit}"
            )
    changed = {row[0] for row in schema_of(first) ^ schema_of(second)}
    assert changed == (
        {"table", "index"} if first.dialect == "sqlite" else {"constraint", "index"}
    )


def test_migrating_again_does_nothing(empty: Store):
    assert migrate(empty) is True
    assert migrate(empty) is False


def test_processes_that_start_together_migrate_once(empty: Store):
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: migrate(empty), range(4)))
    assert sorted(done) == [False, False, False, True]


def test_a_database_without_migrations_is_left_alone(empty: Store):
    create_fresh(empty)
    before = schema_of(empty)
    with pytest.raises(Refused, match="database_not_migrated"):
        migrate(empty)
    assert schema_of(empty) == before


def test_a_database_of_a_newer_version_is_left_alone(empty: Store):
    migrate(empty)
    with empty.housekeeping.begin() as connection:
        connection.execute(sa.text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(Refused, match="database_too_new"):
        migrate(empty)


def test_the_newest_revision_is_the_one_alembic_would_upgrade_to():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [newest_revision()]


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)  # as the verb's scratch database
def test_there_is_nothing_to_write_when_the_tables_have_not_changed(empty: Store):
    migrate(empty)
    before = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    with pytest.raises(Refused, match="nothing_to_migrate"):
        make_migration(empty, slug="nothing")
    assert sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py")) == before


def test_foreign_keys_are_enforced_again_after_migrating(empty: Store):
    migrate(empty)
    with (
        pytest.raises(sa.exc.IntegrityError),
        empty.housekeeping.begin() as connection,
    ):
        connection.exec_driver_sql(
            "INSERT INTO account_operator (account_id, operator_id) VALUES (1, 1)"
        )
