"""Promise 8: the trail never forks, whoever appends and whoever is killed meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from marketplace.base import audit
from marketplace.base.clock import SystemClock
from marketplace.base.db import open_store, write
from marketplace.base.keys import load_or_make_keys
from tests.base.audit.conftest import Doer, Trail
from tests.processes import processes


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


PROCESSES = 8


def append_many(
    folder: str, url: str | None, worker: int, count: int, acknowledged: str
) -> None:
    """Append in a process of its own; note each acknowledged entry outside the database."""
    keys = load_or_make_keys(Path(folder, "keys"))
    store = open_store(keys=keys, path=Path(folder, "market.db"), url=url)
    with Path(acknowledged).open("a", encoding="utf-8") as notes:
        for number in range(count):
            subject = f"factory:{worker * 100_000 + number}"
            write(
                store,
                lambda session, s=subject: audit.record(
                    session,
                    clock=SystemClock(),
                    actor=Doer(),
                    action="registry.edit",
                    subject=s,
                ),
            )
            notes.write(subject + "\n")
            notes.flush()
    store.dispose()


def start(trail: Trail, count: int) -> list[multiprocessing.process.BaseProcess]:
    context = processes()
    started: list[multiprocessing.process.BaseProcess] = []
    for worker in range(PROCESSES):
        notes = trail.folder / f"acknowledged-{worker}.txt"
        process = context.Process(
            target=append_many, args=(str(trail.folder), trail.url, worker, count, str(notes))
        )
        process.start()
        started.append(process)
    return started


def acknowledged(trail: Trail) -> set[str]:
    notes = trail.folder.glob("acknowledged-*.txt")
    return {line for note in notes for line in note.read_text("utf-8").splitlines()}


def recorded(trail: Trail) -> list[str]:
    with trail.store.reading.connect() as connection:
        return list(connection.exec_driver_sql("SELECT subject FROM audit_entry").scalars())


def test_eight_processes_append_without_a_fork(
    trail: Trail, request: pytest.FixtureRequest
) -> None:
    count = 2_500 if request.config.getoption("--long", default=False) else 25
    started = start(trail, count)
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * PROCESSES
    report = audit.verify(trail.store)
    assert (report.findings, report.entries) == ([], PROCESSES * count)
    assert sorted(acknowledged(trail)) == sorted(recorded(trail))


def test_processes_killed_in_the_middle_leave_no_fork_and_lose_nothing_acknowledged(
    trail: Trail,
) -> None:
    started = start(trail, 100_000)
    deadline = time.monotonic() + 60
    while len(acknowledged(trail)) < 40 and time.monotonic() < deadline:
        time.sleep(0.05)
    for process in started:
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    report = audit.verify(trail.store)
    assert report.findings == []
    kept = recorded(trail)
    assert len(kept) == len(set(kept)) == report.entries >= 40
    whole = {line for line in acknowledged(trail) if line.startswith("factory:")}
    assert whole <= set(kept)
    trail.append()
    assert audit.verify(trail.store).is_intact
