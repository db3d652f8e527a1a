"""Where a program clears small balances, the turn of the year is an entry; 24 or more is kept."""

from __future__ import annotations

import pytest
from sqlmodel import select

from marketplace.base.access import SYSTEM
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import EntryKind
from marketplace.features.enforcement.queries import points_of_factory, state_of_store_at
from marketplace.features.enforcement.tables import PointsEntry
from tests.features.enforcement.dealing import offenses
from tests.features.scene import Scene, make_firm, make_people


@pytest.fixture
def firm(world) -> Scene:
    make_people(world)
    points = world.rulebook.points.model_copy(update={"yearly_clearing": True})
    world.rulebook = world.rulebook.model_copy(update={"points": points})
    return make_firm(world, products=0)


def clear(firm: Scene) -> int:
    return firm.do(
        lambda s: enforcement.clear_years(
            s, firm.world.rulebook, clock=firm.clock, actor=SYSTEM
        )
    )


def shown(firm: Scene) -> tuple[int, int]:
    """Return the balance of the lists and that of the replay."""
    world = firm.world
    points = world.see(
        lambda s: points_of_factory(s, world.officer, factory_id=firm.factory_id)
    )
    state = world.see(
        lambda s: state_of_store_at(
            s, world.officer, world.rulebook, store_id=firm.store_id, at=firm.clock.now()
        )
    )
    return points.stores[0].balance, state.balance


def test_a_small_balance_is_cleared_once_at_the_turn_of_the_year(firm):
    offenses(firm, 2)
    assert shown(firm) == (2, 2)
    firm.clock.advance(days=60)  # from 23 November into January
    assert clear(firm) == 1
    assert clear(firm) == 0
    assert shown(firm) == (0, 0)
    kinds = firm.world.see(
        lambda s: list(
            s.execute(
                select(PointsEntry.kind, PointsEntry.points).order_by(PointsEntry.id)
            ).all()
        )
    )
    assert tuple(kinds[-1]) == (EntryKind.CLEARING, -2)
    offenses(firm, 1, first=2)  # the number of offenses is kept: this is the third
    assert shown(firm) == (24, 24)


def test_a_balance_that_brought_a_suspension_is_kept(firm):
    offenses(firm, 3)
    firm.clock.advance(days=60)
    assert clear(firm) == 0
    assert shown(firm) == (26, 26)  # 0 + 2 + 24


def test_a_decision_in_the_new_year_clears_first_where_the_minute_has_not(firm):
    offenses(firm, 2)
    firm.clock.advance(days=60)
    offenses(firm, 1, first=2)
    assert shown(firm) == (24, 24)  # 2 cleared, then 24


def test_a_program_that_does_not_clear_writes_nothing(world):
    make_people(world)
    firm = make_firm(world, products=0)
    offenses(firm, 2)
    firm.clock.advance(days=60)
    assert clear(firm) == 0
    assert shown(firm) == (2, 2)
