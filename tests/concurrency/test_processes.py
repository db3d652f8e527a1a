"""Promise 7 with processes of their own: no lock error surfaces, and nobody waits for long."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import select

from marketplace.base import audit
from marketplace.features.catalog.tables import Brand
from marketplace.features.registry.tables import Factory
from tests.concurrency.hand import work
from tests.features.conftest import World
from tests.features.scene import make_firm, make_people


def test_processes_with_mixed_work_see_no_lock_and_lose_nothing(
    world: World, tmp_path: Path, request
) -> None:
    """3 × 8 rounds by default; 8 × 334 rounds of three transactions in the long run."""
    long = request.config.getoption("--long")
    processes, turns = (8, 334) if long else (3, 8)
    make_people(world)
    firm = make_firm(world, products=0)
    url = world.app.store.writing.url
    sqlite = world.app.store.dialect == "sqlite"
    given = [
        (
            str(tmp_path / "var" if sqlite else tmp_path),
            str(url.database) if sqlite else None,
            None if sqlite else url.render_as_string(hide_password=False),
            number,
            turns,
            firm.factory_id,
        )
        for number in range(processes)
    ]
    # Not multiprocessing.Pool: it starts a worker that dies at its start again and again, for ever.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        seconds = sorted(second for took in pool.map(work, given) for second in took)
    assert len(seconds) == processes * turns * 3
    assert seconds[-1] <= 10
    if long:
        assert seconds[int(len(seconds) * 0.99)] <= 0.5

    def count(table) -> int:
        return world.see(
            lambda s: s.execute(select(sa.func.count()).select_from(table)).scalar_one()
        )

    assert (count(Factory), count(Brand)) == (1 + processes * turns, 1 + processes * turns)
    report = audit.verify(world.app.store)
    assert report.findings == []
