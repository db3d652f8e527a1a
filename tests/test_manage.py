"""`manage.py` needs nothing but Python, and installs only when the pinned list changed."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from marketplace.base.settings import ROOT
from marketplace.base.words import keys


@pytest.fixture
def manage(tmp_path: Path) -> ModuleType:
    """`manage.py` as a module, in a folder of its own with small lock files."""
    spec = importlib.util.spec_from_file_location("manage_under_test", ROOT / "manage.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ROOT, module.VENV = tmp_path, tmp_path / ".venv"
    module.STAMP = module.VENV / "installed.json"
    (tmp_path / module.RUNTIME).write_text("one==1\n")
    (tmp_path / module.DEV).write_text("one==1\ntwo==2\n")
    return module


@pytest.fixture
def installs(manage: ModuleType) -> list[str]:
    """What would have been installed, in order; stands in for pip and venv."""
    done: list[str] = []

    def pretend_venv(_setup: dict[str, str]) -> None:
        python = manage.python_of_venv()
        python.parent.mkdir(parents=True, exist_ok=True)
        python.symlink_to(sys.executable)

    manage.make_venv = pretend_venv
    manage.install = lambda lock, _setup: done.append(lock)
    return done


def test_help_needs_nothing_installed():
    done = subprocess.run(
        [sys.executable, "-S", "-I", str(ROOT / "manage.py"), "--lang", "en", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "migrate" in done.stdout


def test_an_unknown_verb_is_a_wrong_command_line_and_installs_nothing():
    done = subprocess.run(
        [sys.executable, "-S", "-I", str(ROOT / "manage.py"), "--lang", "en", "fly"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "There is no command “fly”." in done.stderr


def test_it_imports_the_standard_library_only():
    tree = ast.parse((ROOT / "manage.py").read_text("utf-8"))
    names = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names)


def test_its_verbs_are_those_of_the_command_line():
    from typer.main import get_command

    from marketplace.faces.cli.main import build

    described = {key.removeprefix("cli.verb.").replace("_", "-") for key in keys("zh")
                 if key.startswith("cli.verb.")}  # fmt: skip
    command = get_command(build())
    assert {name for name, verb in command.commands.items() if not verb.hidden} == described


def test_an_install_happens_when_the_list_changed_and_only_then(
    manage: ModuleType, installs: list[str]
):
    manage.prepare(manage.RUNTIME, {})
    manage.prepare(manage.RUNTIME, {})
    assert installs == [manage.RUNTIME]
    (manage.ROOT / manage.RUNTIME).write_text("one==2\n")
    manage.prepare(manage.RUNTIME, {})
    assert installs == [manage.RUNTIME, manage.RUNTIME]


def test_the_development_list_serves_every_verb(manage: ModuleType, installs: list[str]):
    manage.prepare(manage.DEV, {})
    manage.prepare(manage.RUNTIME, {})
    assert installs == [manage.DEV]
    stamp = json.loads(manage.STAMP.read_text())
    assert stamp == {manage.DEV: hashlib.sha256(b"one==1\ntwo==2\n").hexdigest()}


def test_a_broken_stamp_installs_again(manage: ModuleType, installs: list[str]):
    manage.prepare(manage.RUNTIME, {})
    manage.STAMP.write_text("{")
    manage.prepare(manage.RUNTIME, {})
    assert installs == [manage.RUNTIME, manage.RUNTIME]


def test_an_install_that_fails_leaves_no_stamp(manage: ModuleType, installs: list[str]):
    def fail(_lock: str, _setup: dict[str, str]) -> None:
        raise manage.SetupError("no network")

    manage.install = fail
    with pytest.raises(manage.SetupError, match="no network"):
        manage.prepare(manage.RUNTIME, {})
    assert not manage.STAMP.exists()
    assert installs == []


def test_every_line_of_the_locks_is_pinned_and_hashed():
    for name in ("requirements.lock", "requirements-dev.lock"):
        blocks = (ROOT / name).read_text("utf-8").replace("\\\n", " ").splitlines()
        wanted = [line for line in blocks if line and not line.lstrip().startswith("#")]
        assert len(wanted) > 50
        assert [
            line for line in wanted if "==" not in line or "--hash=sha256:" not in line
        ] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_lists_all_that_its_packages_need(name):
    """Pip is told not to look for it, so that two may work side by side."""
    entries = [
        Requirement(line.rstrip("\\ "))
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if line[:1].isalnum()
    ]
    listed = {canonicalize_name(entry.name) for entry in entries}
    needed = {
        canonicalize_name(wanted.name)
        for entry in entries
        if entry.marker is None or entry.marker.evaluate()  # the others are not on this machine
        for wanted in map(Requirement, metadata.requires(entry.name) or ())
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""})
    }
    assert len(needed) > 50
    assert needed <= listed


def test_the_parts_of_a_lock_are_the_whole_lock_once(manage: ModuleType):
    lock = (ROOT / "requirements-dev.lock").read_text("utf-8")
    parts = manage.parts_of(lock)
    assert len(parts) == 2 * manage.PIPS
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    whole = [entry for part in parts for entry in part]
    assert sorted(whole) == sorted(set(whole))
    assert "".join(sorted(whole, key=lock.index)) == lock
    assert manage.parts_of("one==1 \\\n    --hash=sha256:0\n") == [
        ["one==1 \\\n    --hash=sha256:0\n"]
    ]


def test_a_part_that_fails_is_told_with_pips_last_lines(manage: ModuleType, tmp_path: Path):
    manage.python_of_venv = lambda: sys.executable
    (tmp_path / manage.RUNTIME).write_text("no-such-package-of-ours==1 --hash=sha256:00\n")
    with pytest.raises(manage.SetupError) as told:
        manage.install(
            manage.RUNTIME, {"installing": "{count}", "installed": "", "no_packages": "Not so."}
        )
    assert str(told.value).startswith("Not so.\n")
    assert "ERROR" in str(told.value)


@pytest.mark.parametrize(
    ("arguments", "verb"),
    [
        (["migrate", "--help"], "migrate"),
        (["--lang", "en", "test", "-x"], "test"),
        (["--lang=en", "check"], "check"),
        (["--help"], None),
        ([], None),
    ],
)
def test_the_verb_is_found_behind_the_language(
    manage: ModuleType, arguments: list[str], verb: str | None
):
    assert manage.first_verb(arguments) == verb
