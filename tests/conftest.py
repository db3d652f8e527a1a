"""Stores for tests: SQLite always, PostgreSQL where its binaries are."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from hypothesis import settings
from sqlalchemy.pool import QueuePool

from marketplace.base.access import hashing
from marketplace.base.clock import FixedClock
from marketplace.base.db import Store, open_store
from marketplace.base.keys import load_or_make_keys
from marketplace.base.settings import Settings
from tests.postgres import TEMPLATE, Databases, Server, postgres_bin, serving

# The features are imported where they are needed: the process that only deals out tests, and those
# that drive browsers, need none of them.
if TYPE_CHECKING:
    from marketplace.assembly import App

# The same examples at every run, so that a change is judged by itself; `--long` looks further.
settings.register_profile("steady", derandomize=True)
settings.register_profile("searching", derandomize=False)
settings.load_profile("steady")

# Seconds for a test, where most take hundredths of one.
LONGEST = ("test_bench", "test_ten_thousand_streams", "test_matrix")

# A password costs 0.2 s of a core on purpose; only the tests of sign-in pay that (`real_hashing`).
_AS_SERVED = hashing.hasher
hashing.hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long loops too")
    parser.addoption("--no-skip", action="store_true", help="a skipped test is a failed test")
    parser.addoption("--shared-demo", metavar="DIR", help="load the demo once, for all workers")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=_waits)
    if config.getoption("--long"):
        settings.load_profile("searching")
        return
    chosen = [item for item in items if item.get_closest_marker("long") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def _waits(item: pytest.Item) -> bool:
    """Whether others go first; among both kinds the order stays the drawn one.

    Who wants the demo comes first and so to one worker: loading it takes half a minute, for which
    the other would wait too. A long test comes first lest one worker wait for it at the end.
    """
    wants_demo = "demo_template" in getattr(item, "fixturenames", ())
    return not wants_demo and item.path.stem not in LONGEST


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    expected = hasattr(report, "wasxfail")
    if report.skipped and not expected and item.config.getoption("--no-skip"):
        report.outcome = "failed"
        report.longrepr = f"nothing may skip here: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    """A module that skips itself while it is collected is a skip too."""
    report = yield
    if report.skipped and collector.config.getoption("--no-skip"):
        report.outcome = "failed"
        report.longrepr = f"nothing may skip here: {report.longrepr}"
    return report


def pytest_sessionfinish() -> None:
    if worlds := sys.modules.get("tests.features.once"):
        worlds.forget_files()


@pytest.fixture
def real_hashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash as an installation does, at its full cost."""
    monkeypatch.setattr(hashing, "hasher", _AS_SERVED)
    hashing._nobody.cache_clear()
    yield
    hashing._nobody.cache_clear()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """Start a PostgreSQL server for this test session."""
    binaries = postgres_bin()
    if binaries is None:
        pytest.skip("no PostgreSQL binaries on this machine")
    with serving(binaries) as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from marketplace.base.db.migrate import create_fresh

    folder = tmp_path_factory.mktemp("template")
    store = open_store(keys=load_or_make_keys(folder), path=folder / "t.sqlite3")
    create_fresh(store)
    with store.writing.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    store.dispose()
    return folder


_first: dict[tuple[str, str], sa.Engine] = {}


def share_statements(store: Store) -> Store:
    """Let all stores of a worker use what SQLAlchemy compiled for the first of their engine.

    It keeps compiled statements by engine and dialect; a new store for each test had every
    statement compiled anew (measured: a quarter of the tests' time).
    """
    for role in ("writing", "reading", "housekeeping", "trying"):
        engine: sa.Engine = getattr(store, role)
        first = _first.setdefault((engine.dialect.name, role), engine)
        engine.dialect = engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _as_tests_want_it)
    return store


_pools: dict[tuple[str, str], QueuePool] = {}


def share_connections(store: Store, database: str) -> list[QueuePool]:
    """Let a store take over the connections the last test of its database kept; return its pools.

    Each is a process of the server, which learns every table anew (measured: a
    sixth of such tests).
    """
    pools = []
    for role in ("writing", "reading", "housekeeping"):
        engine: sa.Engine = getattr(store, role)
        engine.pool = _pools.setdefault((database, role), engine.pool)
        pools.append(engine.pool)
    return pools


def _as_tests_want_it(connection: sqlite3.Connection, _record: object) -> None:
    """Set a connection to wait for no disk, and to give unordered rows last first.

    Nothing of a test's database outlives the test; the tests of kills open their own. PostgreSQL
    promises no order and now and then keeps none: what counts on one is to fail at every run.
    """
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA reverse_unordered_selects=ON")


@pytest.fixture(scope="session")
def databases(postgres_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Databases on the session's server that hold the empty schema."""
    from marketplace.base.db.migrate import create_fresh

    with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    folder = tmp_path_factory.mktemp("keys")
    store = open_store(keys=load_or_make_keys(folder), url=postgres_server.url(TEMPLATE))
    create_fresh(store)
    store.dispose()
    return Databases(postgres_server, folder)


@pytest.fixture(scope="session")
def demo_template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A closed installation with the demo program, loaded once; what needs one opens a copy."""
    shared = request.config.getoption("--shared-demo")
    if shared is None:
        return _load_template(tmp_path_factory.mktemp("demo-template") / "var")
    folder, loaded = Path(shared) / "var", Path(shared) / "loaded"
    with (Path(shared) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed, however that happens
        if not loaded.exists():
            shutil.rmtree(folder, ignore_errors=True)
            _load_template(folder)
            loaded.touch()
    return folder


def _load_template(folder: Path) -> Path:
    from marketplace.assembly import open_app
    from marketplace.base.db.migrate import migrate
    from marketplace.upkeep.demo.load import load_demo

    app = open_app(Settings(data_dir=folder))
    migrate(app.store)
    load_demo(app)
    app.store.dispose()
    return folder


@contextmanager
def open_demo(template: Path, folder: Path) -> Iterator[App]:
    """Open a copy of the demo installation, in a folder that is not there yet."""
    from marketplace.assembly import open_app

    shutil.copytree(template, folder)
    app = open_app(Settings(data_dir=folder))
    share_statements(app.store)
    yield app
    app.store.dispose()


@pytest.fixture
def clock() -> FixedClock:
    """Monday 2026-11-23, 08:00 in Shanghai."""
    return FixedClock(datetime(2026, 11, 23, 0, 0, tzinfo=UTC))


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty SQLite store with the schema, for what does not depend on the engine."""
    folder = tmp_path / "var"
    shutil.copytree(sqlite_template, folder)
    opened = share_statements(
        open_store(keys=load_or_make_keys(folder), path=folder / "t.sqlite3")
    )
    yield opened
    opened.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store with the schema, on each engine."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_store")
        return
    databases: Databases = request.getfixturevalue("databases")
    name = databases.take()
    shutil.copytree(databases.keys, tmp_path, dirs_exist_ok=True)
    opened = share_statements(
        open_store(keys=load_or_make_keys(tmp_path), url=databases.url(name))
    )
    pools = share_connections(opened, name)
    yield opened
    databases.give_back(name, kept=sum(pool.checkedin() for pool in pools))
