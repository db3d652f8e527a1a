"""Promises 2-4: a violation scores once, shown points are the ledger's sum, closure happens once."""

from __future__ import annotations

import threading
from collections import Counter

import sqlalchemy as sa
from sqlmodel import select

from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import EntryKind, FindingStatus
from marketplace.features.enforcement.queries import points_of_factory, state_of_store_at
from marketplace.features.enforcement.tables import (
    Finding,
    MeasureTaken,
    PointsEntry,
    StatementOfReasons,
    StoreClosure,
)
from marketplace.features.progress.queries import time_zero
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Store
from tests.concurrency.conftest import HANDS, together
from tests.features.conftest import World
from tests.features.scene import Scene, make_firm, make_people


def heard(firm: Scene, number: int) -> int:
    """Record a finding and hear its owner; it waits for the decision."""
    finding = firm.finding(number=number)
    firm.do(
        lambda s: enforcement.hear_owner(
            s,
            clock=firm.clock,
            actor=firm.world.officer,
            finding_id=finding,
            statement="厂方说明情况",
        )
    )
    return finding


def uphold(firm: Scene, finding: int):
    return lambda: firm.do(
        lambda s: enforcement.decide_finding(
            s,
            firm.world.rulebook,
            clock=firm.clock,
            actor=firm.world.reviewer,
            finding_id=finding,
            uphold=True,
            reason="两人复核认定",
            time_zero=time_zero,
        )
    )


def complain(firm: Scene, ref: str):
    return lambda: firm.do(
        lambda s: enforcement.count_complaint(
            s,
            firm.world.rulebook,
            clock=firm.clock,
            actor=firm.world.reviewer,
            store_id=firm.store_id,
            brand="示例标",
            complaint_ref=ref,
        )
    )


def closures(firm: Scene) -> tuple[int, int]:
    """Return the closures of a store and the closing measures with a statement."""

    def work(session):
        kept = session.execute(
            select(sa.func.count())
            .select_from(StoreClosure)
            .where(StoreClosure.store_id == firm.store_id)
        ).scalar_one()
        said = session.execute(
            select(sa.func.count())
            .select_from(MeasureTaken)
            .join(StatementOfReasons, StatementOfReasons.id == MeasureTaken.statement_id)
            .where(MeasureTaken.store_id == firm.store_id, MeasureTaken.kind == "closure")
        ).scalar_one()
        return kept, said

    return firm.world.see(work)


def test_a_violation_decided_by_many_at_once_is_scored_once(world: World, rounds) -> None:
    make_people(world)
    firm = make_firm(world, products=0)
    for number in range(rounds(3, 40)):
        finding = heard(firm, number)
        answers = together([uphold(firm, finding)] * HANDS)
        assert Counter(a.refused for a in answers) == {None: 1, "decided_already": HANDS - 1}
    scored = world.see(
        lambda s: list(
            s.execute(
                select(PointsEntry.finding_id).where(PointsEntry.kind == EntryKind.SCORE)
            ).scalars()
        )
    )
    assert len(scored) == len(set(scored)) == rounds(3, 40)


def test_a_store_that_many_decisions_push_over_the_threshold_closes_once(
    world: World, rounds
) -> None:
    make_people(world)
    for number in range(1, rounds(3, 60) + 1):
        firm = make_firm(world, number=number, products=0)
        waiting = [heard(firm, 100 * number + n) for n in range(6)]
        answers = together([uphold(firm, finding) for finding in waiting])
        assert [a.refused for a in answers] == [None] * 6
        assert closures(firm) == (1, 1)
        points = world.see(
            lambda s, f=firm: (
                s.execute(
                    select(PointsEntry.points)
                    .where(PointsEntry.store_id == f.store_id)
                    .order_by(PointsEntry.id)
                )
                .scalars()
                .all()
            )
        )
        assert points == [0, 2, 24, 24, 0, 0]


def test_complaints_and_findings_that_cross_together_close_once(world: World, rounds) -> None:
    make_people(world)
    for number in range(1, rounds(2, 60) + 1):
        firm = make_firm(world, number=number, products=0)
        for n in range(3):
            uphold(firm, heard(firm, 100 * number + n))()
        for n in range(2):
            world.clock.advance(hours=73)
            complain(firm, f"{number}-{n}")()
        world.clock.advance(hours=73)
        last = heard(firm, 100 * number + 50)
        together([uphold(firm, last), complain(firm, f"{number}-last")])
        assert closures(firm)[0] == 1
        state = world.see(
            lambda s, f=firm: state_of_store_at(
                s, world.officer, world.rulebook, store_id=f.store_id, at=world.clock.now()
            )
        )
        assert state.status is StoreStatus.CLOSED


def test_shown_points_are_the_sum_of_the_ledger_at_every_moment(world: World, rounds) -> None:
    make_people(world)
    firm = make_firm(world, products=0)
    stop, wrong, reads = threading.Event(), [], []

    def watch() -> None:
        while not stop.is_set():
            with_sum = world.see(lambda s: (shown(s), summed(s)))
            reads.append(with_sum)
            if with_sum[0] != with_sum[1]:
                wrong.append(with_sum)
            stop.wait(0.05)

    def shown(session) -> int:
        return points_of_factory(session, world.officer, factory_id=firm.factory_id).highest

    def summed(session) -> int:
        return session.execute(
            select(sa.func.coalesce(sa.func.sum(PointsEntry.points), 0)).where(
                PointsEntry.store_id == firm.store_id
            )
        ).scalar_one()

    reader = threading.Thread(target=watch)
    reader.start()
    try:
        for number in range(rounds(3, 40)):
            findings = [heard(firm, 10 * number + n) for n in range(2)]
            together([uphold(firm, f) for f in findings])
            together([overturn(firm, f) for f in findings] * 2)
    finally:
        stop.set()
        reader.join(timeout=30)
    assert reads
    assert wrong == []
    assert world.see(summed) == 0  # everything was taken back
    assert world.see(lambda s: s.get(Store, firm.store_id).status) is StoreStatus.OPEN


def overturn(firm: Scene, finding: int):
    def once() -> None:
        firm.do(
            lambda s: enforcement.overturn_finding(
                s,
                firm.world.rulebook,
                clock=firm.clock,
                actor=firm.world.deputy,
                finding_id=finding,
                reason="复核后撤销",
            )
        )

    return once


def test_a_finding_overturned_by_many_at_once_is_reversed_once(world: World) -> None:
    make_people(world)
    firm = make_firm(world, products=0)
    finding = heard(firm, 1)
    uphold(firm, finding)()
    answers = together([overturn(firm, finding)] * HANDS)
    assert Counter(a.refused for a in answers) == {None: 1, "not_upheld": HANDS - 1}
    status = world.see(lambda s: s.get(Finding, finding).status)
    assert status is FindingStatus.OVERTURNED
