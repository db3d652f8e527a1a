"""Promises 2 and 7 with processes of their own.

A violation scores once, no lock error surfaces, and nobody waits for long.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import select

from marketplace.base import audit
from marketplace.features.catalog.tables import Brand
from marketplace.features.enforcement.kinds import EntryKind
from marketplace.features.enforcement.tables import PointsEntry
from marketplace.features.registry.tables import Factory
from tests.concurrency.hand import decide, where, work
from tests.concurrency.test_closures import heard
from tests.features.conftest import World
from tests.features.scene import make_firm, make_people
from tests.processes import pool


def test_processes_with_mixed_work_see_no_lock_and_lose_nothing(
    world: World, tmp_path: Path, request
) -> None:
    """3 × 8 rounds by default; 8 × 334 rounds of three transactions in the long run."""
    long = request.config.getoption("--long")
    processes, turns = (8, 334) if long else (3, 8)
    make_people(world)
    firm = make_firm(world, products=0)
    at = where(world, tmp_path)
    with pool(processes) as hands:
        running = [
            hands.submit(work, at, number, turns, firm.factory_id)
            for number in range(processes)
        ]
        seconds = sorted(second for one in running for second in one.result())
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


def test_processes_that_decide_the_same_violations_score_each_once(
    world: World, tmp_path: Path, request
) -> None:
    """3 processes and 8 violations by default; 8 and 1,000 in the long run."""
    long = request.config.getoption("--long")
    processes, firms, each = (8, 50, 20) if long else (3, 2, 4)
    make_people(world)
    made = [make_firm(world, number=n + 1, products=0) for n in range(firms)]
    findings = [heard(firm, 100 * n + k) for n, firm in enumerate(made) for k in range(each)]
    at = where(world, tmp_path)
    told: Counter[str] = Counter()
    with pool(processes) as hands:
        # All but two begin at the same one, so that they meet from the first to the last.
        running = [
            hands.submit(decide, at, findings, max(0, number - processes + 3))
            for number in range(processes)
        ]
        for one in running:
            told += one.result()
    asked = processes * len(findings)
    assert told == {"scored": len(findings), "decided_already": asked - len(findings)}
    scored = world.see(
        lambda s: s.execute(
            select(PointsEntry.finding_id).where(PointsEntry.kind == EntryKind.SCORE)
        ).scalars().all()
    )  # fmt: skip
    assert sorted(scored) == sorted(findings)
    assert audit.verify(world.app.store).findings == []
