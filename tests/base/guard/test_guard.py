"""A parser may die, hang, eat or lie: the server goes on, and so does the next file."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from marketplace.base.guard import Guard, Limits, Stopped, end_workers

LIMITS = Limits(memory_bytes=400 * 1024**2, seconds=1, answer_bytes=5_000_000)
JOB = "tests.base.guard.unruly"


@pytest.fixture(scope="module")
def guard() -> Guard:
    return Guard(JOB)


def ask(guard: Guard, do: str, content: bytes = b"", limits: Limits = LIMITS) -> bytes:
    return guard.ask(content, {"do": do}, limits=limits)


@pytest.mark.parametrize("deed", ["eat", "spin", "sleep", "die", "break_off", "talk_on"])
def test_a_parser_gone_wrong_is_stopped_and_the_next_file_is_read(guard: Guard, deed: str):
    begun = time.monotonic()
    with pytest.raises(Stopped):
        ask(guard, deed)
    assert time.monotonic() - begun < 4  # its second, and the news of its end
    assert ask(guard, "answer", b"abc") == b"cba"


def test_a_large_file_goes_in_and_comes_back_whole(guard: Guard):
    content = os.urandom(4_000_000)
    assert ask(guard, "answer", content) == content[::-1]


def test_a_file_leaves_nothing_to_the_next_one(guard: Guard):
    assert ask(guard, "remember", b"first") == b"first"
    assert ask(guard, "remember", b"second") == b"second"


def test_a_child_knows_nothing_of_the_servers_environment(guard: Guard, monkeypatch):
    monkeypatch.setenv("MARKETPLACE_DATABASE_URL", "postgresql://secret")
    told = ask(Guard(JOB), "tell").decode().split(",")
    assert not [name for name in told if "MARKETPLACE" in name or name == "HOME"]


def test_a_worker_that_was_killed_is_replaced(guard: Guard):
    worker = int(ask(guard, "tell").split(b",")[0])
    os.kill(worker, signal.SIGKILL)
    time.sleep(0.1)
    assert ask(guard, "answer", b"ab") == b"ba"
    assert int(ask(guard, "tell").split(b",")[0]) != worker


def test_the_worker_ends_when_asked_and_comes_back_with_the_next_file(guard: Guard):
    worker = int(ask(guard, "tell").split(b",")[0])
    end_workers()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    assert ask(guard, "answer", b"ab") == b"ba"


def test_files_of_several_people_are_read_at_once_and_kept_apart(guard: Guard):
    patient = replace(LIMITS, seconds=20)  # who stands last in line on a busy machine
    with ThreadPoolExecutor(6) as people:
        answers = people.map(lambda n: ask(guard, "answer", b"%03d" % n, patient), range(60))
    assert list(answers) == [b"%03d" % n for n in (int(f"{k:03}"[::-1]) for k in range(60))]


def test_a_platform_that_cannot_fork_reads_in_an_interpreter_of_its_own():
    alone = Guard(JOB, forks=False)
    assert ask(alone, "answer", b"abc", Limits(400 * 1024**2, 20, 100)) == b"cba"
    for deed in ("break_off", "sleep", "eat"):
        with pytest.raises(Stopped):
            ask(alone, deed)
