"""An installation's keys are made once, kept private, and never guessed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken

from marketplace.base.keys.ring import load_or_make_keys, new_token, token_digest
from marketplace.base.settings import ROOT


def test_keys_are_made_once_and_read_back(tmp_path: Path):
    made = load_or_make_keys(tmp_path / "keys")
    assert load_or_make_keys(tmp_path / "keys") == made
    assert load_or_make_keys(tmp_path / "others") != made


def test_processes_that_start_together_get_the_same_keys(tmp_path: Path):
    code = (
        "import sys; from pathlib import Path; from marketplace.base.keys import load_or_make_keys;"
        "print(load_or_make_keys(Path(sys.argv[1])).mac(b'x'))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    found = {process.communicate()[0].strip() for process in started}
    assert found == {load_or_make_keys(tmp_path).mac(b"x")}


@pytest.mark.skipif(os.name == "nt", reason="file modes are POSIX")
def test_only_the_owner_of_the_process_may_read_the_file(tmp_path: Path):
    load_or_make_keys(tmp_path)
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]  # no draft is left


def test_a_mac_depends_on_the_key_and_every_part(tmp_path: Path):
    ring, other = load_or_make_keys(tmp_path / "a"), load_or_make_keys(tmp_path / "b")
    assert ring.mac(b"one", b"two") == ring.mac(b"one", b"two")
    assert len({ring.mac(b"one", b"two"), ring.mac(b"one"), other.mac(b"one", b"two")}) == 3
    assert len(ring.mac(b"")) == 64


def test_a_wrapped_secret_opens_with_its_own_ring_only(tmp_path: Path):
    ring, other = load_or_make_keys(tmp_path / "a"), load_or_make_keys(tmp_path / "b")
    wrapped = ring.wrap(b"secret")
    assert "secret" not in wrapped
    assert ring.unwrap(wrapped) == b"secret"
    with pytest.raises(InvalidToken):
        other.unwrap(wrapped)


def test_a_token_is_long_new_and_stored_as_a_digest():
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) == 43  # 256 bits in base64 without padding
    # printf token | sha256sum
    assert (
        token_digest("token")
        == "3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0"
    )
