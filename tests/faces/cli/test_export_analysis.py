"""`export analysis --out DIR`: a folder with everything, or a sentence and nothing written."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from marketplace.assembly import open_app
from marketplace.base.db import unit_of_work
from marketplace.base.db.migrate import migrate
from marketplace.base.errors import NotAllowed, NotFound, Refused
from marketplace.base.settings import Settings
from marketplace.faces.cli.main import build
from marketplace.upkeep.demo.people import make_people


@pytest.fixture
def installed(tmp_path: Path, monkeypatch) -> Path:
    """An installation with its people and nothing registered."""
    folder = tmp_path / "var"
    app = open_app(Settings(data_dir=folder))
    migrate(app.store)
    with unit_of_work(app.store) as session:
        make_people(session, app.clock, app.rulebook().program.key)
    app.store.dispose()
    monkeypatch.setenv("MARKETPLACE_DATA_DIR", str(folder))
    from marketplace.base.settings import settings

    settings.cache_clear()
    yield folder
    settings.cache_clear()


def run(folder: Path, *arguments: str):
    ran = CliRunner().invoke(
        build(), ["export", "analysis", *arguments, "--data-dir", str(folder)]
    )
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran


def test_the_folder_has_tables_dictionary_readme_notebook_and_sums_that_hold(
    installed, tmp_path
):
    out = tmp_path / "out"
    ran = run(installed, "--out", str(out), "--as", "auditor")
    assert ran.exit_code == 0
    number = json.loads((out / "datapackage.json").read_text("utf-8"))["export"]["number"]
    assert number in ran.stdout
    for line in (out / "SHA256SUMS").read_text("utf-8").splitlines():
        mark, name = line.split("  ")
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == mark
    assert {p.name for p in out.iterdir()} == {
        "README.md", "SHA256SUMS", "datapackage.json", "reproduce.ipynb", "operators.csv",
        "store_months.csv", "operator_months.csv", "findings.csv", "milestones.csv", "rules.csv",
        "published.csv",
    }  # fmt: skip
    with pytest.raises(Refused, match="folder_not_empty"):
        run(installed, "--out", str(out), "--as", "auditor")


def test_who_may_not_and_what_is_missing_is_said_and_nothing_is_written(installed, tmp_path):
    out = str(tmp_path / "out")
    for login in ("marketer", "nobody"):
        with pytest.raises(NotAllowed):
            run(installed, "--out", out, "--as", login)
    with pytest.raises(NotFound, match="no_such_program"):
        run(installed, "--out", out, "--as", "officer", "--program", "elsewhere")
    assert run(installed, "--as", "officer").exit_code == 2
    assert run(installed, "OUT.csv", "--out", out, "--as", "officer").exit_code == 2
    assert not (tmp_path / "out").exists()
