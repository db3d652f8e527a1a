"""The list of the last twelve whole months: the sums of the facts, kept, in every order, by scope."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from marketplace.base.access import Role
from marketplace.base.clock import month_start
from marketplace.base.db import housekeeping_write
from marketplace.base.errors import NotAllowed
from marketplace.desk.years import YearFilter, YearOrder, YearPage, list_years
from marketplace.features.compliance.methods import funnel, gather_material
from marketplace.features.compliance.rules.intervals import rate_interval
from marketplace.features.compliance.rules.years import MONTHS, UNRANKED, rank_of
from marketplace.features.compliance.summary import (
    check_years,
    is_year_due,
    refresh_due_years,
)
from marketplace.features.compliance.tables import OperatorYear
from marketplace.upkeep.minute import refresh_derived
from marketplace.upkeep.rebuilding import rebuild
from tests.features.compliance.town import NOW, Town
from tests.features.conftest import World
from tests.features.once import built_once


def listed(world: World, *, actor=None, page=1, page_rows=None, **asked):
    return world.see(
        lambda s: list_years(
            s, actor or world.officer, world.rulebook,
            wanted=YearFilter(**asked), page=page, page_rows=page_rows,
        )
    )  # fmt: skip


def drifts(world: World):
    return world.see(lambda s: check_years(s, rulebook=world.rulebook, clock=world.clock))


def test_every_fact_reaches_the_year_in_its_own_transaction(world):
    town = Town(world, firms=2)
    store, factory = town.stores[0], town.factories[0]
    town.at(0)
    for month in range(NOW - 14, NOW + 1):  # two before the window and the running month
        town.report(store, month, 100, 1)
    town.report(store, NOW - 3, 90, 2, source="更正")
    finding = town.find(store, month_start(NOW - 2), 7)
    overturned = town.find(store, month_start(NOW - 4), 5)
    town.find(store, month_start(NOW - 13), 4)
    town.overturn(overturned)
    town.inspect(factory, month_start(NOW - 1))
    town.complain(store, 1, month_start(NOW - 1))
    town.heed(store, NOW - 5, 3)
    first, other = listed(world).lines
    assert finding
    assert (first.until_month, first.months) == (NOW - 1, 12)
    # 11 months of 100 and one of 90; 12 monthly findings and the upheld one.
    assert (first.exposure, first.findings, first.listings) == (1190, 13, 11 + 2 + 7)
    assert (first.overturned, first.near_misses) == (1, 3)
    assert (first.inspections, first.complaints) == (1, 1)
    assert first.rank == 13 * 10**9 // 1190
    assert first.interval(0.95) == rate_interval(13, 1190, 0.95)
    assert (other.months, other.exposure, other.rate, other.interval(0.95)) == (
        0,
        0,
        None,
        None,
    )
    assert drifts(world) == []


def test_the_window_moves_when_a_month_ends(world):
    town = Town(world, firms=1)
    town.at(0)
    town.report(town.stores[0], NOW - 12, 100, 1)
    town.report(town.stores[0], NOW, 70, 2)
    assert [(x.exposure, x.listings) for x in listed(world).lines] == [(100, 1)]
    town.at(1)
    assert [d.columns for d in drifts(world)] == [
        ("until_month", "exposure", "listings")
    ] * 2  # the row of the program and that of the district
    assert refresh_derived(world.app) > 0
    assert drifts(world) == []
    (line,) = listed(world).lines
    assert (line.until_month, line.exposure, line.listings) == (NOW, 70, 2)
    assert refresh_derived(world.app) == 0


def test_a_year_is_the_point_of_the_funnel(world):
    """The same firm, the same months, the same counts: one number wherever it stands."""
    town = Town(world, firms=3)
    town.at(0)
    for number, store in enumerate(town.stores):
        for month in range(NOW - 15, NOW, 1 + number):
            town.report(store, month, 200 + number, number)
    assert world.rulebook.methods.funnel_months == MONTHS
    drawn = world.see(
        lambda s: funnel(gather_material(s, world.officer, world.rulebook, clock=world.clock))
    )
    points = {p.key: (p.count, p.exposure) for p in drawn.points}
    assert {x.operator_id: (x.findings, x.exposure) for x in listed(world).lines} == points
    assert len(points) == 3


def test_a_leaver_ends_with_the_month_of_exit(world):
    town = Town(world, firms=1)
    town.at(-3)
    enrollment = town.enroll(town.operators[0])
    for month in range(NOW - 8, NOW - 3):
        town.report(town.stores[0], month, 100)
    town.leave(enrollment)
    town.at(0)
    for month in range(NOW - 3, NOW):
        town.report(town.stores[0], month, 100, 9)
    (line,) = listed(world).lines
    assert (line.status, line.exit_month) == ("withdrawn", NOW - 3)
    assert (line.months, line.exposure, line.listings) == (6, 600, 9)
    assert drifts(world) == []


@pytest.fixture
@built_once
def many(world) -> Town:
    """Thirteen firms with equal values among them; four checked less than a rate may order."""
    town = Town(world, firms=13)
    town.at(0)
    for number, store in enumerate(town.stores):
        if number:
            town.report(store, NOW - 1, 100 if number < 4 else 400, number % 3)
            town.report(store, NOW - 2, 10 * (number % 2), number % 2)
    return town


@pytest.mark.parametrize("order", YearOrder)
def test_the_pages_of_every_order_are_the_list_cut_in_pieces(world, many, order):
    whole = listed(world, order=order)
    assert whole.total == len(whole.lines) == 13
    for rows in (1, 4, 7, 13, 20):
        cut = [
            line
            for page in range(1, -(-13 // rows) + 2)
            for line in listed(world, order=order, page=page, page_rows=rows).lines
        ]
        assert tuple(cut) == whole.lines
    values = {
        YearOrder.NAME: lambda x: x.name,
        YearOrder.MOST_CHECKED: lambda x: -x.exposure,
        YearOrder.LEAST_CHECKED: lambda x: x.exposure,
        YearOrder.FINDINGS: lambda x: -x.findings,
        YearOrder.LISTINGS: lambda x: -x.listings,
        YearOrder.RATE: lambda x: (not x.is_ranked, -x.rate if x.is_ranked else 0),
    }[order]
    assert list(whole.lines) == sorted(whole.lines, key=values)  # sorted keeps what is equal
    small = [x for x in whole.lines if not x.is_ranked]
    assert {x.rank for x in small} == {UNRANKED}
    assert len(small) == 4


def test_a_rate_orders_only_firms_of_the_stated_volume():
    assert rank_of(3, 299, 300) == UNRANKED
    assert rank_of(3, 300, 300) == 10**7
    assert rank_of(0, 300, 300) == 0
    assert rank_of(0, 0, 0) == UNRANKED
    assert rank_of(400, 300, 300) == 1_333_333_333  # more acts than checks: kept, not cut


def test_another_minimum_volume_has_every_year_ranked_anew(world):
    town = Town(world, firms=1)
    town.at(0)
    town.report(town.stores[0], NOW - 1, 299, 1)
    assert not listed(world).lines[0].is_ranked
    rules = world.rulebook.methods.model_copy(update={"min_funnel_checked": 200})
    looser = world.rulebook.model_copy(update={"methods": rules})
    assert world.see(lambda s: is_year_due(s, rulebook=looser, clock=world.clock))
    world.do(lambda s: refresh_due_years(s, rulebook=looser, clock=world.clock))
    assert not world.see(lambda s: is_year_due(s, rulebook=looser, clock=world.clock))
    assert listed(world).lines[0].rank == 10**9 // 299


def test_a_firm_in_two_districts_has_a_row_in_each_and_one_for_the_program(world):
    town = Town(world, firms=2)
    town.branch(town.operators[0], number=9, district="350305")
    town.at(0)
    town.report(town.stores[0], NOW - 1, 100, 1)
    town.report(town.stores[2], NOW - 1, 50, 2)
    both = listed(world)
    assert both.total == 2
    assert [(x.factories, x.exposure, x.listings) for x in both.lines] == [
        (2, 150, 3),
        (1, 0, 0),
    ]
    here, there = (listed(world, district=d) for d in ("350304", "350305"))
    assert [(x.exposure, x.factory_id) for x in here.lines] == [
        (100, town.factories[0]),
        (0, town.factories[1]),
    ]
    assert [(x.exposure, x.factory_id) for x in there.lines] == [(50, town.factories[2])]
    assert (here.total, there.total) == (2, 1)
    local = replace(world.officer, limits=frozenset({("putian-footwear", "350305")}))
    assert listed(world, actor=local) == there
    assert listed(world, actor=local, district="350304") == YearPage((), 0)
    wide = replace(
        world.officer,
        limits=frozenset({("putian-footwear", "350304"), ("putian-footwear", "350305")}),
    )
    assert sorted(x.exposure for x in listed(world, actor=wide).lines) == [0, 50, 100]
    assert drifts(world) == []


def test_search_finds_a_firm_by_any_of_its_factories(world):
    town = Town(world, firms=3)
    town.branch(town.operators[1], number=77, district="350305")
    refresh_derived(world.app)
    found = listed(world, query="077")
    assert (found.total, [x.operator_id for x in found.lines]) == (1, [town.operators[1]])
    assert listed(world, query="没有这家") == YearPage((), 0)


def test_who_may_not_see_conduct_sees_no_list_of_it(world):
    Town(world, firms=1)
    for role in (Role.OWNER, Role.MARKETER, Role.RIGHT_HOLDER, Role.ADMIN, Role.PUBLIC):
        with pytest.raises(NotAllowed):
            listed(world, actor=replace(world.officer, role=role))
    elsewhere = replace(world.officer, programs=frozenset({"elsewhere"}))
    assert listed(world, actor=elsewhere) == YearPage((), 0)


def test_a_tampered_year_is_told_and_made_anew(world):
    town = Town(world, firms=1)
    with housekeeping_write(world.app.store) as session:
        session.execute(sa.update(OperatorYear).values(listings=99))
        session.execute(sa.delete(OperatorYear).where(sa.text("place <> ''")))
    assert [(d.row, d.columns) for d in drifts(world)] == [
        (f"operator {town.operators[0]}", ("listings",)),
        (f"operator {town.operators[0]} 350304", ("missing",)),
    ]
    rebuild(world.app)
    assert drifts(world) == []
