"""A backup made under writers restores whole, on either engine, or says why not."""

from __future__ import annotations

import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from marketplace.assembly import App, open_app
from marketplace.base import audit
from marketplace.base.access import Actor, Role
from marketplace.base.clock import FixedClock
from marketplace.base.db import metadata, read, write
from marketplace.base.db.migrate import migrate
from marketplace.base.errors import Refused
from marketplace.base.settings import Settings
from marketplace.features.registry.commands import record_factory
from marketplace.features.registry.tables import Factory
from marketplace.upkeep.archive import check_archive, make_backup, restore_backup, restore_keys
from tests.postgres import Server

PROGRAM = "putian-footwear"
OFFICER = Actor(1, "officer", "officer", Role.OFFICER, frozenset({PROGRAM}))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a migrated database without a row of anybody's."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("migrated"))
    app = open_app(settings)
    migrate(app.store)
    app.store.dispose()  # the last connection to leave takes the log in
    return settings.sqlite_path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of such a database on the session's server."""
    name = "template_migrated"
    with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    folder = tmp_path_factory.mktemp("migrated")
    app = open_app(Settings(data_dir=folder, database_url=postgres_server.url(name)))
    migrate(app.store)
    app.store.dispose()
    return name


@pytest.fixture
def open_empty(clock: FixedClock, tmp_path: Path, request: pytest.FixtureRequest):
    """Open an installation with an empty database of an engine; keys and files of its own.

    It has no schema, or that of the newest version.
    """
    opened: list[App] = []

    def make(engine: str, *, archive: Path | None = None, migrated: bool = False) -> App:
        folder = tmp_path / f"installation{len(opened)}"
        folder.mkdir()
        url = None
        if engine == "postgresql":
            base = request.getfixturevalue("postgres_server")
            name = f"{tmp_path.name}_{len(opened)}".replace("-", "_").lower()
            of = request.getfixturevalue("migrated_postgres") if migrated else "template1"
            with psycopg.connect(base.url("postgres"), autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {of}')
            url = base.url_over_network(name)
        elif migrated:
            of = request.getfixturevalue("migrated_sqlite")
            shutil.copy(of, Settings(data_dir=folder).sqlite_path)
        if archive is not None:
            restore_keys(archive, folder)
        app = open_app(Settings(data_dir=folder, database_url=url), clock=clock)
        opened.append(app)
        return app

    yield make
    for app in opened:
        app.store.dispose()


def admit(app: App, number: int) -> None:
    write(
        app.store,
        lambda s: record_factory(
            s,
            app.rulebook(),
            clock=app.clock,
            actor=OFFICER,
            values={
                "name": f"（虚构）第{number}鞋厂",
                "address": f"莆田市荔城区{number}号",
                "phone": f"131{number:08d}",
            },
            source="测试",
        ),
    )


@pytest.fixture
def filled(open_empty) -> Callable[[str], App]:
    def make(engine: str) -> App:
        app = open_empty(engine, migrated=True)
        assert not migrate(app.store)  # it is as a migration leaves it
        for number in range(5):
            admit(app, number)
        (app.data_dir / "files" / "ab").mkdir(parents=True)
        (app.data_dir / "files" / "ab" / "cd").write_bytes(b"picture")
        audit.make_anchor(app.store, clock=app.clock, path=app.data_dir / "anchors.jsonl")
        return app

    return make


def everything(app: App) -> dict[str, list[tuple]]:
    with read(app.store) as session:
        return {
            table.name: [
                tuple(row)
                for row in session.execute(
                    sa.select(table).order_by(*table.primary_key.columns)
                )
            ]
            for table in metadata.sorted_tables
        }


ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.mark.parametrize("target", ENGINES)
@pytest.mark.parametrize("source", ENGINES)
def test_everything_comes_back_on_either_engine(filled, open_empty, tmp_path, source, target):
    app = filled(source)
    archive = tmp_path / "b.zip"
    made = make_backup(app, archive)
    assert (made.files, made.has_keys) == (1, True)
    assert archive.stat().st_mode & 0o077 == 0  # nobody else may read it
    other = open_empty(target, archive=archive)
    restore_backup(other, archive)
    assert everything(other) == everything(app)
    assert (other.data_dir / "files" / "ab" / "cd").read_bytes() == b"picture"
    report = audit.verify(other.store, other.data_dir / "anchors.jsonl")
    # The anchor stands in the table and in the file beside it.
    assert (report.is_intact, report.entries, report.anchors) == (True, 5, 2)
    admit(other, 77)  # new rows get keys after the restored ones
    assert audit.verify(other.store, other.data_dir / "anchors.jsonl").is_intact


@pytest.mark.parametrize("engine", ENGINES)
def test_a_backup_made_under_writers_is_one_state(filled, open_empty, tmp_path, engine):
    app = filled(engine)
    stop, faults = threading.Event(), []

    def keep_writing(first: int) -> None:
        number = first
        try:
            while not stop.is_set():
                admit(app, number)
                number += 1
        except Exception as error:  # noqa: BLE001 - told to the test below
            faults.append(error)

    writers = [threading.Thread(target=keep_writing, args=(1_000 * n,)) for n in (1, 2)]
    for writer in writers:
        writer.start()
    archives = []
    try:
        for turn in range(3):
            archives.append(tmp_path / f"{turn}.zip")
            make_backup(app, archives[-1])
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert faults == []
    for archive in archives:
        other = open_empty(engine, archive=archive)
        manifest = restore_backup(other, archive)  # verifies the chain
        rows = everything(other)
        # Each admitted factory left exactly one entry: no half of a unit was taken.
        assert len(rows["factory"]) == len(rows["audit_entry"]) == manifest.audit_entries


@pytest.mark.parametrize("engine", ENGINES)
def test_a_restore_into_a_used_database_changes_nothing(filled, tmp_path, engine):
    app = filled(engine)
    archive = tmp_path / "b.zip"
    make_backup(app, archive)
    admit(app, 50)
    before = everything(app)
    with pytest.raises(Refused, match="restore_not_empty"):
        restore_backup(app, archive)
    assert everything(app) == before


def test_other_keys_are_never_overwritten(filled, open_empty, tmp_path):
    archive = tmp_path / "b.zip"
    make_backup(filled("sqlite"), archive)
    other = open_empty("sqlite")
    keys = (other.data_dir / "keys.json").read_bytes()
    with pytest.raises(Refused, match="restore_other_keys"):
        restore_keys(archive, other.data_dir)
    assert (other.data_dir / "keys.json").read_bytes() == keys


def test_a_backup_without_keys_says_so_and_holds_none(filled, tmp_path):
    archive = tmp_path / "b.zip"
    assert not make_backup(filled("sqlite"), archive, with_keys=False).has_keys
    with zipfile.ZipFile(archive) as opened:
        assert "keys.json" not in opened.namelist()
    assert not restore_keys(archive, tmp_path / "elsewhere")


def test_a_restored_chain_that_does_not_hold_is_told(filled, open_empty, tmp_path):
    archive = tmp_path / "b.zip"
    make_backup(filled("sqlite"), archive, with_keys=False)
    stranger = open_empty("sqlite")  # an installation with keys of its own
    with pytest.raises(Refused, match="restore_chain_broken"):
        restore_backup(stranger, archive)


def rewritten(
    archive: Path, target: Path, change: Callable[[str, bytes], bytes | None]
) -> Path:
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("backup_damaged", lambda n, c: c.replace("第1".encode(), "第9".encode())),
        ("backup_incomplete", lambda n, c: None if n == "tables/factory.jsonl" else c),
        ("backup_unreadable", lambda n, c: None if n == "manifest.json" else c),
        (
            "backup_format",
            lambda n, c: (
                c.replace(b'"format": 1', b'"format": 9') if n == "manifest.json" else c
            ),
        ),
        (
            "backup_schema",
            lambda n, c: (
                c.replace(b'"schema": "0', b'"schema": "9') if n == "manifest.json" else c
            ),
        ),
    ],
)
def test_a_changed_archive_is_refused_and_nothing_is_restored(
    filled, open_empty, tmp_path, code, change
):
    archive = tmp_path / "b.zip"
    make_backup(filled("sqlite"), archive)
    bad = rewritten(archive, tmp_path / "bad.zip", change)
    other = open_empty("sqlite", archive=archive, migrated=True)
    with pytest.raises(Refused, match=code):
        restore_backup(other, bad)
    with read(other.store) as session:
        assert session.execute(sa.select(Factory)).all() == []


def test_what_is_no_archive_is_named_as_none(tmp_path):
    stray = tmp_path / "notes.zip"
    stray.write_text("no archive", "utf-8")
    with pytest.raises(Refused, match="backup_unreadable"):
        check_archive(stray)


def test_a_backup_never_overwrites_and_leaves_no_half(filled, tmp_path, monkeypatch):
    app = filled("sqlite")
    archive = tmp_path / "b.zip"
    archive.write_text("mine", "utf-8")
    with pytest.raises(Refused, match="backup_exists"):
        make_backup(app, archive)
    assert archive.read_text("utf-8") == "mine"

    def fail(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("marketplace.upkeep.archive.backing._write_file", fail)
    with pytest.raises(OSError, match="No space"):
        make_backup(app, tmp_path / "full.zip")
    assert [p.name for p in tmp_path.glob("*full*")] == []


def test_phones_stay_sealed_in_the_trail_of_a_backup(filled, tmp_path):
    archive = tmp_path / "b.zip"
    make_backup(filled("sqlite"), archive)
    with zipfile.ZipFile(archive) as opened:
        trail = opened.read("tables/audit_entry.jsonl") + opened.read(
            "tables/audit_detail.jsonl"
        )
        assert b"13100000001" not in trail
        assert json.loads(opened.read("manifest.json"))["audit_entries"] == 5
