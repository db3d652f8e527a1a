"""The verbs that look after an installation make none by mistake, and say what they cannot know."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from marketplace.assembly import open_app
from marketplace.base.db import unit_of_work
from marketplace.base.db.migrate import migrate
from marketplace.base.errors import Refused, Unavailable
from marketplace.base.settings import Settings, settings
from marketplace.faces.cli.main import build
from marketplace.upkeep.archive import make_backup
from marketplace.upkeep.demo.people import make_people

AT = ["--program", "putian-footwear", "--as", "officer"]


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MARKETPLACE_DATA_DIR", "-")  # whatever a verb sets is taken back
    settings.cache_clear()
    yield
    settings.cache_clear()


def install(folder: Path, *, archive: Path | None = None) -> Path:
    """Make an installation with its people and nothing registered; a backup of it if asked."""
    app = open_app(Settings(data_dir=folder))
    migrate(app.store)
    with unit_of_work(app.store) as session:
        make_people(session, app.clock, app.rulebook().program.key)
    if archive is not None:
        make_backup(app, archive)
    app.store.dispose()
    return folder


def run(folder: Path, *arguments: str):
    settings.cache_clear()
    ran = CliRunner().invoke(build(), [*arguments, "--data-dir", str(folder)])
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran


VERBS = {
    "audit verify": [],
    "audit anchor": [],
    "backup": ["out.zip"],
    "imports": AT,
    "undo-import": ["1", "--as", "officer", "--reason", "整批导错了文件"],
    "worker": ["--once"],
    "rebuild": [],
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_mistyped_folder_is_refused_and_nothing_is_made(tmp_path: Path, verb: str):
    folder = tmp_path / "mistyped"
    with pytest.raises(Unavailable, match="no_installation") as refused:
        run(folder, *verb.split(), *VERBS[verb])
    assert refused.value.facts["folder"] == str(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_is_told_from_one_that_cannot_be_reached(tmp_path: Path):
    open_app(Settings(data_dir=tmp_path)).store.writing.connect().close()
    with pytest.raises(Unavailable, match="empty_installation"):
        run(tmp_path, "audit", "verify")


def test_a_backup_fills_a_folder_that_a_failed_start_left_behind(tmp_path: Path):
    archive = tmp_path / "b.zip"
    kept = (install(tmp_path / "a", archive=archive) / "keys.json").read_bytes()
    left = tmp_path / "left"
    app = open_app(Settings(data_dir=left))
    migrate(app.store)
    app.store.dispose()
    unused = (left / "keys.json").read_bytes()
    ran = run(left, "restore", str(archive))
    assert ran.exit_code == 0
    assert "keys.unused-1.json" in ran.stdout
    assert (left / "keys.json").read_bytes() == kept
    assert (left / "keys.unused-1.json").read_bytes() == unused  # nothing is lost
    assert run(left, "audit", "verify").exit_code == 0


def test_the_keys_of_an_installation_that_was_used_stay(tmp_path: Path):
    archive = tmp_path / "b.zip"
    install(tmp_path / "a", archive=archive)
    used = install(tmp_path / "used")
    keys = (used / "keys.json").read_bytes()
    with pytest.raises(Refused, match="restore_other_keys"):
        run(used, "restore", str(archive))
    assert (used / "keys.json").read_bytes() == keys


def test_a_trail_without_anchors_is_said_to_have_none(tmp_path: Path):
    folder = install(tmp_path / "var")
    ran = run(folder, "audit", "verify")
    assert ran.exit_code == 0
    assert "没有可比对的存证摘要" in ran.stdout
    run(folder, "audit", "anchor")
    assert ran.stdout.splitlines()[0] != run(folder, "audit", "verify").stdout.strip()
    assert "没有" not in run(folder, "audit", "verify").stdout


def test_the_minutes_work_and_a_backup_leave_an_anchor_in_the_file(tmp_path: Path):
    folder = install(tmp_path / "var")
    run(folder, "worker", "--once")
    first = (folder / "anchors.jsonl").read_text("utf-8").splitlines()
    assert len(first) == 1
    run(folder, "worker", "--once")
    assert (folder / "anchors.jsonl").read_text("utf-8").splitlines() == first
    other = install(tmp_path / "other", archive=tmp_path / "b.zip")
    assert len((other / "anchors.jsonl").read_text("utf-8").splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["undo-import", "9" * 23, "--as", "officer", "--reason", "整批导错了文件"],
        ["undo-import", "0", "--as", "officer", "--reason", "整批导错了文件"],
        ["imports", "--limit", "9" * 23, *AT],
    ],
)
def test_a_number_no_database_holds_is_a_wrong_command_line(tmp_path: Path, arguments):
    assert run(tmp_path, *arguments).exit_code == 2
