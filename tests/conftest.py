"""Stores for tests: SQLite always, PostgreSQL where its binaries are."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from marketplace.assembly import App, open_app
from marketplace.base.clock import FixedClock
from marketplace.base.db import Store, open_store
from marketplace.base.db.migrate import migrate
from marketplace.base.keys import load_or_make_keys
from marketplace.base.settings import Settings
from marketplace.upkeep.demo import load_demo
from marketplace.upkeep.schema import create_schema

# The same examples at every run, so that a change is judged by itself; `--long` looks further.
settings.register_profile("steady", derandomize=True)
settings.register_profile("searching", derandomize=False)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long loops too")
    parser.addoption("--no-skip", action="store_true", help="a skipped test is a failed test")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        settings.load_profile("searching")
        return
    chosen = [item for item in items if item.get_closest_marker("long") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


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


def postgres_bin() -> Path | None:
    """Return the folder of the PostgreSQL binaries, or None."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    which = shutil.which("pg_ctl")
    if which:
        candidates.append(Path(which).resolve().parent)
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


def _as_postgres(*command: str) -> None:
    """initdb refuses root: drop to nobody."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    who = {"user": "nobody", "group": "nogroup", "extra_groups": []} if root else {}
    subprocess.run(
        command,
        check=True,
        cwd="/tmp",
        stdout=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": "C.UTF-8"},
        **who,
    )


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Start a PostgreSQL server for this test session; its template database has the schema."""
    binaries = postgres_bin()
    if binaries is None:
        pytest.skip("no PostgreSQL binaries on this machine")
    folder = tempfile.mkdtemp(prefix="pg")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        import pwd

        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    _as_postgres(
        f"{binaries}/initdb", "-D", f"{folder}/data", "-U", "postgres", "-A", "trust",
        "-E", "UTF8", "--no-sync",
    )  # fmt: skip
    # Nothing of it outlives the session: no write is awaited, nothing is vacuumed or checkpointed.
    options = (
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=300"
        " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
        " -c max_wal_size=8GB -c checkpoint_timeout=1h"
    )
    _as_postgres(
        f"{binaries}/pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options,
        "start",
    )  # fmt: skip
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        _as_postgres(f"{binaries}/pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    store = open_store(keys=load_or_make_keys(folder), path=folder / "t.sqlite3")
    create_schema(store)
    with store.writing.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    store.dispose()
    return folder


_numbers = iter(range(1_000_000))


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import psycopg

    with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_schema")
    keys = load_or_make_keys(tmp_path_factory.mktemp("keys"))
    store = open_store(keys=keys, url=f"{postgres_url}/template_schema")
    create_schema(store)
    store.dispose()
    return postgres_url


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed installation with the demo program, loaded once; what needs one opens a copy."""
    folder = tmp_path_factory.mktemp("demo-template") / "var"
    app = open_app(Settings(data_dir=folder))
    migrate(app.store)
    load_demo(app)
    app.store.dispose()
    return folder


@contextmanager
def open_demo(template: Path, folder: Path) -> Iterator[App]:
    """Open a copy of the demo installation, in a folder that is not there yet."""
    shutil.copytree(template, folder)
    app = open_app(Settings(data_dir=folder))
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
    opened = open_store(keys=load_or_make_keys(folder), path=folder / "t.sqlite3")
    yield opened
    opened.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store with the schema, on each engine."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_store")
        return
    import psycopg

    url = request.getfixturevalue("postgres_template")
    name = f"t{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_schema")
    opened = open_store(keys=load_or_make_keys(tmp_path), url=f"{url}/{name}")
    yield opened
    opened.dispose()
