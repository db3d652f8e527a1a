"""The database file is moved, removed or replaced under the process: nothing is saved into nowhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from marketplace.base import audit
from marketplace.base.access import SYSTEM
from marketplace.base.clock import FixedClock
from marketplace.base.db import Store, housekeeping_write, open_store, read, write
from marketplace.base.errors import Unavailable
from marketplace.base.jobs import enqueue

FILES = ("t.sqlite3", "t.sqlite3-wal", "t.sqlite3-shm")


def leave_entry(store: Store, clock: FixedClock) -> None:
    write(
        store,
        lambda s: audit.record(s, clock=clock, actor=SYSTEM, action="test", subject="test:1"),
    )


def entries(store: Store) -> int:
    with read(store) as session:
        return session.execute(sa.text("SELECT count(*) FROM audit_entry")).scalar_one()


@pytest.fixture
def folder(sqlite_store: Store, clock: FixedClock) -> Path:
    """The folder of a store that is being worked with."""
    leave_entry(sqlite_store, clock)
    assert entries(sqlite_store) == 1
    return Path(sqlite_store.writing.url.database).parent


def move(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for name in FILES:
        if (source / name).exists():
            (source / name).rename(target / name)


def test_a_file_moved_away_takes_no_more_writes_until_it_is_back(sqlite_store, folder, clock):
    away = folder.parent / "away"
    move(folder, away)
    with pytest.raises(Unavailable, match="database_moved"):
        leave_entry(sqlite_store, clock)
    with (
        pytest.raises(Unavailable, match="database_moved"),
        housekeeping_write(sqlite_store) as session,
    ):
        enqueue(session, clock=clock, kind="test", token="1")
    with pytest.raises(Unavailable):
        sqlite_store.require_place()
    assert not (folder / FILES[0]).exists()  # none was made in its place
    move(away, folder)
    leave_entry(sqlite_store, clock)
    assert entries(sqlite_store) == 2


def test_no_new_connection_makes_an_empty_database_where_it_was(sqlite_store, folder):
    sqlite_store.reading.dispose()
    move(folder, folder.parent / "away")
    with pytest.raises(Unavailable):
        entries(sqlite_store)
    assert not (folder / FILES[0]).exists()


def test_another_file_in_its_place_is_worked_with_after_a_new_start_only(
    sqlite_store, folder, clock
):
    away = folder.parent / "away"
    move(folder, away)
    for name in FILES:
        if (away / name).exists():
            shutil.copy(away / name, folder / name)
    with pytest.raises(Unavailable):
        leave_entry(sqlite_store, clock)
    sqlite_store.dispose()
    again = open_store(keys=sqlite_store.keys, path=folder / FILES[0])
    leave_entry(again, clock)
    assert entries(again) == 2
    again.dispose()


def test_a_lost_log_takes_no_more_writes(sqlite_store, folder, clock):
    log = folder / FILES[1]
    if not log.exists():
        pytest.skip("no log beside the file in DELETE mode")
    log.unlink()
    with pytest.raises(Unavailable, match="database_moved"):
        leave_entry(sqlite_store, clock)


def test_all_that_is_made_is_for_its_user_alone(tmp_path, sqlite_store, clock):
    path = tmp_path / "new" / "t.sqlite3"
    store = open_store(keys=sqlite_store.keys, path=path)
    with store.housekeeping.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
    modes = {p.name: p.stat().st_mode & 0o777 for p in path.parent.iterdir()}
    store.dispose()
    assert set(modes.values()) == {0o600}
    assert FILES[0] in modes
    assert path.parent.stat().st_mode & 0o777 == 0o700
