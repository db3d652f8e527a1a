"""A rectification plan is due after the program's days: the owner is told, then the office too."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.base.inbox import list_messages
from marketplace.desk.own import OwnKind, list_own_tasks
from marketplace.desk.todo import TaskKind, list_todo
from marketplace.features.enforcement import commands as enforcement
from marketplace.upkeep.minute import run_minute
from tests.features.conftest import world as world  # noqa: PLC0414
from tests.features.enforcement.dealing import offenses, overturn, suspension
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people

PLAN = "全部外包图样收回，改用自有楦型，三周内完成。"


@pytest.fixture
@built_once
def firm(world) -> Scene:
    """A firm suspended on Monday 23 November: its plan is due by Monday 30 November."""
    make_people(world)
    firm = make_firm(world, products=0)
    offenses(firm, 3)
    return firm


def codes(firm: Scene, actor=None) -> list[str]:
    rows = firm.world.see(lambda s: list_messages(s, actor or firm.owner))
    return [m.code for m in rows if m.code.startswith("plan_")]


def own(firm: Scene):
    tasks = firm.world.see(
        lambda s: list_own_tasks(
            s, firm.owner, firm.world.rulebook, clock=firm.clock, factory_id=firm.factory_id
        )
    )
    return [(t.key, t.due_on) for t in tasks if t.kind is OwnKind.PLAN]


def late(firm: Scene) -> list[date]:
    world = firm.world
    tasks = world.see(lambda s: list_todo(s, world.officer, world.rulebook, clock=world.clock))
    return [t.due_on for t in tasks if t.kind is TaskKind.PLAN_LATE]


def submit(firm: Scene) -> None:
    firm.do(
        lambda s: enforcement.submit_plan(
            s, clock=firm.clock, actor=firm.owner, suspension_id=suspension(firm), plan=PLAN
        )
    )


def test_an_owner_has_seven_days_and_is_told_two_before_and_once_after(firm):
    assert own(firm) == [("第1店", date(2026, 11, 30))]  # Monday 23 + 7 days
    told = []
    for _day in range(9):
        run_minute(firm.world.app)
        run_minute(firm.world.app)  # the next minute says nothing again
        told.append(len(codes(firm)))
        firm.clock.advance(days=1)
    # Days 23-27 nothing, from the 28th (two before) one, from 1 December (the day after) two.
    assert told == [0, 0, 0, 0, 0, 1, 1, 1, 2]
    assert codes(firm) == ["plan_late", "plan_due"]
    assert codes(firm, firm.world.officer) == ["plan_late"]


def test_a_late_plan_is_on_the_offices_list_until_it_comes(firm):
    firm.clock.advance(days=7)
    assert late(firm) == []
    firm.clock.advance(days=1)
    assert late(firm) == [date(2026, 11, 30)]
    submit(firm)
    assert late(firm) == []
    assert own(firm) == []


def test_no_plan_is_due_of_a_store_closed_meanwhile(firm):
    (found,) = offenses(firm, 1, first=3)  # the fourth closes the store
    for _day in range(9):
        run_minute(firm.world.app)
        firm.clock.advance(days=1)
    assert (codes(firm), own(firm), late(firm)) == ([], [], [])
    overturn(firm, found)  # open again, suspended as before: the plan is late
    assert own(firm) == [("第1店", date(2026, 11, 30))]
    assert late(firm) == [date(2026, 11, 30)]


def test_a_plan_in_time_is_never_reminded_of(firm):
    submit(firm)
    for _day in range(9):
        run_minute(firm.world.app)
        firm.clock.advance(days=1)
    assert "plan_due" not in codes(firm)
    assert "plan_late" not in codes(firm)
