"""What the product writes is for its user alone, whatever the process lets others do by default."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace.base.keys import load_or_make_keys
from marketplace.base.private import open_private, write_private


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> set[tuple[bool, int]]:
    return {(p.is_dir(), p.stat().st_mode & 0o777) for p in folder.rglob("*")}


def test_files_and_each_folder_above_them_are_closed_to_others(tmp_path: Path):
    write_private(tmp_path / "var" / "files" / "ab" / "abcd", b"picture")
    load_or_make_keys(tmp_path / "other" / "var")
    with open(tmp_path / "var" / "anchors.jsonl", "ab+", opener=open_private) as file:
        file.write(b"{}")
    assert modes(tmp_path) == {(True, 0o700), (False, 0o600)}


def test_a_folder_that_is_there_stays_as_it_was_set_up(tmp_path: Path):
    (tmp_path / "var").mkdir(mode=0o750)
    write_private(tmp_path / "var" / "a", b"")
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o750
