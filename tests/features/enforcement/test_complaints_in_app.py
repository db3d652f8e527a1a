"""Upheld complaints of one brand close a store in the application as in the replay (rule 10)."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from sqlmodel import select

from marketplace.base.errors import NotAllowed, NotFound
from marketplace.features.enforcement.commands import (
    count_complaint,
    overturn_finding,
    reverse_complaint,
)
from marketplace.features.enforcement.ledger import EventKind, StoreEvent, replay
from marketplace.features.enforcement.tables import PointsEntry, StoreClosure
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Store
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people


@pytest.fixture
@built_once
def firm(world) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


def complain(world, firm, number: int, brand: str = "某牌", actor=None):
    return world.do(
        lambda s: count_complaint(
            s,
            world.rulebook,
            clock=world.clock,
            actor=actor or world.officer,
            store_id=firm.store_id,
            brand=brand,
            complaint_ref=f"c{number}",
        )
    )


def take_back(world, number: int) -> None:
    world.do(
        lambda s: reverse_complaint(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.reviewer,
            complaint_ref=f"c{number}",
        )
    )


def status(world, firm) -> StoreStatus:
    return world.see(lambda s: s.get(Store, firm.store_id).status)


def entries(world) -> list[PointsEntry]:
    rows = select(PointsEntry).order_by(PointsEntry.id)
    return world.see(lambda s: list(s.execute(rows).scalars()))


def test_the_third_counted_complaint_of_a_brand_closes_and_two_brands_do_not_add_up(
    world, firm
):
    for number, brand in enumerate(("甲牌", "乙牌", "甲牌", "乙牌")):
        complain(world, firm, number, brand)
        world.clock.advance(hours=73)
    assert status(world, firm) is StoreStatus.OPEN  # two each
    assert complain(world, firm, 9, "甲牌").closes
    assert status(world, firm) is StoreStatus.CLOSED
    closures = world.see(lambda s: list(s.execute(select(StoreClosure)).scalars()))
    assert [(c.balance, c.finding_id) for c in closures] == [(0, None)]


def test_a_complaint_within_72_hours_of_the_last_counted_one_does_not_count(world, firm):
    reasons = []
    for number, hours in enumerate((0, 71, 2, 72)):  # at 0 h, 71 h, 73 h, 145 h
        world.clock.advance(hours=hours)
        reasons.append(complain(world, firm, number).reason)
    assert reasons == [
        "complaint_counted",
        "complaint_too_soon",
        "complaint_counted",
        "complaints_close",
    ]


def test_a_complaint_taken_back_opens_the_store_it_closed(world, firm):
    for number in range(3):
        complain(world, firm, number)
        world.clock.advance(hours=73)
    assert status(world, firm) is StoreStatus.CLOSED
    take_back(world, 1)
    assert status(world, firm) is StoreStatus.OPEN
    with pytest.raises(NotFound):
        take_back(world, 5)  # never counted
    assert len(entries(world)) == 4
    complain(world, firm, 7)  # the third that stands
    assert status(world, firm) is StoreStatus.CLOSED


def test_overturning_the_closing_finding_opens_the_store(world, firm):
    findings = [firm.finding(number=n) for n in range(4)]
    for finding in findings:
        firm.uphold(finding)
    assert status(world, firm) is StoreStatus.CLOSED
    second = replace(world.reviewer, account_id=world.deputy.account_id)
    world.do(
        lambda s: overturn_finding(
            s,
            world.rulebook,
            clock=world.clock,
            actor=second,
            finding_id=findings[3],
            reason="复核后撤销",
        )
    )
    # 0 + 2 + 24 = 26 stand; the third's 21 days of rectification still run.
    assert status(world, firm) is StoreStatus.SUSPENDED


def test_an_owner_counts_no_complaint(world, firm):
    with pytest.raises(NotAllowed):
        complain(world, firm, 1, actor=firm.owner)


@pytest.mark.parametrize("seed", [4, 5])
def test_random_histories_with_complaints_agree_with_the_replay(world, firm, seed):
    rng = random.Random(seed)
    events: list[StoreEvent] = []
    standing: list[int] = []
    for n in range(12):
        world.clock.advance(hours=rng.choice((1, 40, 80)))
        at = world.clock.now()
        drawn = rng.random()
        if standing and drawn < 0.3:
            number = standing.pop(rng.randrange(len(standing)))
            take_back(world, number)
            events.append(
                StoreEvent("S", at, EventKind.REVERSAL, f"r{n}", target_ref=f"c{number}")
            )
        elif drawn < 0.8:
            brand = rng.choice(("甲牌", "乙牌"))
            complain(world, firm, n, brand)
            standing.append(n)
            events.append(StoreEvent("S", at, EventKind.UPHELD_COMPLAINT, f"c{n}", brand=brand))
        else:
            finding = firm.finding(number=n)
            firm.uphold(finding)
            events.append(StoreEvent("S", at, EventKind.FINDING, f"f{finding}"))
        replayed = replay(world.rulebook, events)
        assert [e.points for e in entries(world)] == [e.points for e in replayed]
        state = status(world, firm)
        is_closed = state is StoreStatus.CLOSED
        assert is_closed == closed_by(replayed)


def closed_by(replayed) -> bool:
    closed = False
    for entry in replayed:
        closed = (
            closed or entry.effect.value == "closure"
        ) and entry.effect.value != "reopened"
    return closed
