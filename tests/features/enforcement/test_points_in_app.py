"""The application's ledger and the replay are one: offense by offense, reversal by reversal."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from marketplace.base.clock import today
from marketplace.base.errors import Invalid, Refused
from marketplace.features.enforcement.commands import (
    hear_owner,
    overturn_finding,
    record_finding,
)
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.enforcement.ledger import EventKind, StoreEvent, replay
from marketplace.features.enforcement.queries import points_of_factory, state_of_store_at
from marketplace.features.enforcement.tables import PointsEntry
from marketplace.features.registry.commands import confirm_holding, declare_store
from marketplace.features.registry.tables import StoreHolding
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people


@pytest.fixture
@built_once
def firm(world) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


def overturn(world, finding_id: int) -> None:
    second = replace(world.reviewer, account_id=world.deputy.account_id)
    world.do(
        lambda s: overturn_finding(
            s,
            world.rulebook,
            clock=world.clock,
            actor=second,
            finding_id=finding_id,
            reason="复核后撤销",
        )
    )


def entries(world) -> list[PointsEntry]:
    rows = select(PointsEntry).order_by(PointsEntry.id)
    return world.see(lambda s: list(s.execute(rows).scalars()))


def balance(world, firm) -> int:
    points = world.see(
        lambda s: points_of_factory(s, world.officer, factory_id=firm.factory_id)
    )
    return points.stores[0].balance


def test_taking_the_first_offense_back_numbers_the_others_anew(world, firm):
    findings = []
    for n in range(4):
        findings.append(firm.finding(number=n))
        firm.uphold(findings[-1])
    assert balance(world, firm) == 50  # 0 + 2 + 24 + 24
    overturn(world, findings[0])
    assert balance(world, firm) == 26  # three are left: 0 + 2 + 24
    assert entries(world)[-1].points == -24
    # The entries that were written stay as they were: the ledger only grows.
    assert [e.points for e in entries(world)] == [0, 2, 24, 24, -24]


def test_the_operators_total_stands_beside_the_highest_balance_of_a_store(world, firm):
    holding = firm.do(
        lambda s: declare_store(
            s, clock=world.clock, actor=world.officer, factory_id=firm.factory_id,
            platform="示例平台", store_no="T-second", name="第二店", from_on=date(2025, 1, 1),
            basis="执照",
        )
    )  # fmt: skip
    firm.do(
        lambda s: confirm_holding(s, clock=world.clock, actor=world.officer, holding_id=holding)
    )
    store = world.see(lambda s: s.get(StoreHolding, holding)).store_id
    for number in range(2):
        firm.uphold(firm.finding(number=number))
    other = replace(firm, store_id=store)
    for number in range(10, 13):
        other.uphold(other.finding(number=number))
    points = world.see(
        lambda s: points_of_factory(s, world.officer, factory_id=firm.factory_id)
    )
    # 0 + 2 = 2 in one store, 0 + 2 + 24 = 26 in the other: neither is a free start of the other.
    assert [one.balance for one in points.stores] == [2, 26]
    assert (points.highest, points.operator_total) == (26, 28)


def test_what_follows_a_closure_is_kept_with_its_number_and_no_points(world, firm):
    for n in range(5):
        firm.uphold(firm.finding(number=n))
    last = entries(world)[-1]
    assert (last.offense, last.points, last.measure) == (5, 0, None)
    assert balance(world, firm) == 50


def test_a_clock_that_was_put_back_changes_no_order_and_loses_no_points(world, firm):
    firm.uphold(firm.finding(number=0))
    world.clock.advance(days=365)
    firm.uphold(firm.finding(number=1))
    world.clock.advance(days=-365)
    firm.uphold(firm.finding(number=2))
    assert [e.offense for e in entries(world)] == [1, 2, 3]
    state = world.see(
        lambda s: state_of_store_at(
            s, world.officer, world.rulebook, store_id=firm.store_id, at=world.clock.now()
        )
    )
    assert (state.balance, balance(world, firm)) == (26, 26)  # 0 + 2 + 24


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_histories_agree_with_the_replay(world, firm, seed):
    rng = random.Random(seed)
    events: list[StoreEvent] = []
    standing: list[int] = []
    for n in range(9):
        world.clock.advance(hours=1)
        at = world.clock.now()
        if standing and rng.random() < 0.35:
            finding = standing.pop(rng.randrange(len(standing)))
            overturn(world, finding)
            events.append(
                StoreEvent("S", at, EventKind.REVERSAL, f"r{n}", target_ref=f"f{finding}")
            )
        else:
            finding = firm.finding(number=n)
            firm.uphold(finding)
            standing.append(finding)
            events.append(StoreEvent("S", at, EventKind.FINDING, f"f{finding}"))
        replayed = replay(world.rulebook, events)
        assert balance(world, firm) == replayed[-1].balance
        written = entries(world)
        assert [e.points for e in written] == [e.points for e in replayed]
        assert [e.offense for e in written] == [e.offense for e in replayed]


def test_nobody_overturns_what_he_decided_and_nothing_twice(world, firm):
    finding = firm.finding()
    firm.uphold(finding)
    with pytest.raises(Refused, match="author_never_decides"):
        world.do(
            lambda s: overturn_finding(
                s,
                world.rulebook,
                clock=world.clock,
                actor=world.reviewer,
                finding_id=finding,
                reason="自己撤销自己",
            )
        )
    overturn(world, finding)
    with pytest.raises(Refused, match="not_upheld"):
        overturn(world, finding)
    assert len(entries(world)) == 2


def test_figures_and_words_no_row_can_hold_are_refused_and_name_their_place(world, firm):
    """Ten thousand million listings and an essay are a slip, not an offense."""
    with pytest.raises(Invalid) as refused:
        world.do(
            lambda s: record_finding(
                s, clock=world.clock, actor=world.officer, store_id=firm.store_id,
                origin=Origin.CONSUMER, listings=10**10, found_on=today(world.clock),
                statement="图" * 1001, reference="big", brand="云" * 81,
            )
        )  # fmt: skip
    assert [(f.place, f.code) for f in refused.value.faults] == [
        ("listings", "number_out_of_range"),
        ("seen", "text_too_long"),
        ("brand", "text_too_long"),
    ]
    finding = firm.finding()
    with pytest.raises(Invalid):
        world.do(
            lambda s: hear_owner(
                s, clock=world.clock, actor=firm.owner, finding_id=finding,
                statement="说" * 2001,
            )
        )  # fmt: skip
