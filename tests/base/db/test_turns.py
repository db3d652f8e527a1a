"""Writers of one SQLite file wait for each other, give up in the end, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from marketplace.base.db.turns import Turns
from marketplace.base.settings import ROOT

pytest.importorskip("fcntl", reason="this system has no such locks")

_HOLD = """
import sys, time
from pathlib import Path
from marketplace.base.db.turns import Turns
with Turns(Path(sys.argv[1]), 5).turn():
    print("mine", flush=True)
    time.sleep(60)
"""


def test_the_next_writer_comes_when_the_first_has_left(tmp_path: Path) -> None:
    told: list[str] = []
    waiting = threading.Event()

    def second() -> None:
        waiting.set()
        with Turns(tmp_path / "db", 10).turn():
            told.append("second")

    with Turns(tmp_path / "db", 10).turn():
        thread = threading.Thread(target=second)
        thread.start()
        waiting.wait(5)
        time.sleep(0.2)
        told.append("first")
    thread.join(10)
    assert told == ["first", "second"]


def test_who_waited_long_enough_goes_on_and_later_writers_still_queue(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "db", 0.1)
    with turns.turn():
        begun = time.monotonic()
        with turns.turn():
            assert time.monotonic() - begun >= 0.1
    # Both have left, and so has the thread that waited for the impatient one.
    begun = time.monotonic()
    with Turns(tmp_path / "db", 5).turn():
        assert time.monotonic() - begun < 4


def test_a_killed_writer_keeps_nobody_waiting(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path / "db")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"mine\n"
        os.kill(holder.pid, signal.SIGKILL)
    begun = time.monotonic()
    with Turns(tmp_path / "db", 30).turn():
        assert time.monotonic() - begun < 20


def test_many_writers_leave_no_open_file_and_no_thread(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "db", 30)
    done: list[int] = []

    def work() -> None:
        for number in range(20):
            with turns.turn():
                done.append(number)

    before = threading.active_count()
    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(done) == 120
    deadline = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert threading.active_count() <= before
    held = Path("/proc/self/fd")
    if held.exists():
        names = [str(one.readlink()) for one in held.iterdir() if one.exists()]
        assert str(tmp_path / "db-turn") not in names
