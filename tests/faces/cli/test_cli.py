"""The command line refuses in sentences and ends with numbers that scripts can trust."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.base.errors import Conflict, Fault, Invalid, NotAllowed, Refused, Unavailable
from marketplace.base.settings import ROOT
from marketplace.faces.cli.failing import ExitCode, exit_code_of, sentences_of
from marketplace.faces.cli.language import choose_lang, without_lang


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a verb in a process of its own."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "MARKETPLACE_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "marketplace", *arguments],
        cwd=ROOT,
        env=kept | {"PYTHONUTF8": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_new_folder_is_migrated_once(tmp_path: Path):
    first = run("migrate", "--data-dir", str(tmp_path))
    assert (first.returncode, first.stdout) == (0, "数据库已升级到最新结构。\n")
    again = run("migrate", "--data-dir", str(tmp_path), "--lang", "en")
    assert again.returncode == 0
    assert again.stdout == "The database is at the newest schema already.\n"
    assert (tmp_path / "marketplace.sqlite3").exists()


def test_an_unreachable_database_is_a_fault_of_the_environment():
    url = "postgresql://nobody@127.0.0.1:1/none"
    done = run("migrate", MARKETPLACE_DATABASE_URL=url, LANG="en_US.UTF-8")
    assert done.returncode == 4
    assert done.stderr.startswith("The database cannot be reached or opened: ")
    assert "Traceback" not in done.stderr


def test_program_files_are_read_before_anybody_works_by_them(tmp_path: Path):
    """Every fault in one pass, in the order of the file; no database is made by looking."""
    text = (ROOT / "programs" / "putian-footwear.toml").read_text("utf-8")
    broken = text.replace("version = 1", 'version = "one"', 1)
    broken = broken.replace('inherits = "sports"', 'inherits = "sport"', 1)
    (tmp_path / "a.toml").write_text(broken, "utf-8")
    (tmp_path / "b.toml").write_bytes(text.encode("gb18030"))
    data = tmp_path / "data"
    done = run("programs", "--data-dir", str(data), MARKETPLACE_PROGRAMS_DIR=str(tmp_path))
    assert done.returncode == 1
    assert (done.stdout, done.stderr.splitlines()) == (
        "",
        [
            "a.toml: program.version: 要写整数，不加引号。",
            "a.toml: enforcement.categories.running.inherits: 没有品类规则“sport”可以继承。",
            "b.toml: 文件不是 UTF-8 编码（第 3 字节起；看起来是 GB18030）。请在编辑器里另存为 UTF-8。",
        ],
    )
    assert not (data / "marketplace.sqlite3").exists()


def test_a_wrong_command_line_ends_with_two():
    assert run("no-such-verb").returncode == 2
    assert run("migrate", "--no-such-option").returncode == 2


@pytest.mark.parametrize("verb", [[], ["migrate"], ["test"], ["check"], ["dev"]])
def test_every_verb_explains_itself(verb: list[str]):
    done = run(*verb, "--help")
    assert done.returncode == 0
    assert "Usage: manage.py" in done.stdout


def test_help_is_in_the_language_asked_for():
    assert "数据库升级到最新结构" in run("--help").stdout
    assert "newest schema" in run("--lang=en", "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "lang"),
    [
        ([], {}, "zh"),
        ([], {"LANG": "C.UTF-8"}, "zh"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_GB.UTF-8"}, "zh"),
        (["migrate", "--lang", "en"], {"LANG": "zh_CN"}, "en"),
        (["--lang=zh", "migrate"], {"LANG": "en_US"}, "zh"),
        (["migrate", "--lang"], {}, "zh"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_system_s_else_chinese(
    arguments: list[str], environment: dict[str, str], lang: str
):
    assert choose_lang(arguments, environment) == lang


def test_the_language_may_stand_anywhere():
    assert without_lang(["migrate", "--lang", "en", "--data-dir", "x"]) == [
        "migrate",
        "--data-dir",
        "x",
    ]
    assert without_lang(["--lang=en", "test", "-k", "lang"]) == ["test", "-k", "lang"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused("nothing_to_migrate"), 1),
        (Conflict("stale"), 1),
        (Invalid([Fault("uscc", "stale")]), 1),
        (NotAllowed("no_such_user", login="x"), 3),
        (Unavailable("database_moved", file="x"), 4),
    ],
)
def test_each_kind_of_refusal_has_its_number(error: Exception, code: int):
    assert exit_code_of(error) == ExitCode(code)


def test_a_refusal_is_a_sentence_with_its_facts():
    error = NotAllowed("no_such_user", login="zhang")
    assert sentences_of(error, "en") == ["There is no active account with the login “zhang”."]
    assert sentences_of(error, "zh") == ["没有登录名为“zhang”的有效账号。"]


def test_faults_are_said_one_a_line_with_their_place():
    error = Invalid([Fault("a", "nothing_to_migrate"), Fault("b", "no_words_for_this")])
    assert sentences_of(error, "en") == [
        "a: The tables have not changed; there is nothing to write.",
        "b: Refused (code no_words_for_this).",
    ]
