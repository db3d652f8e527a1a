"""Another settlement account behind the door, one that fails: a refusal, nothing lost, tried again."""

from __future__ import annotations

import pytest

from marketplace.assembly import bind
from marketplace.base.errors import Refused
from marketplace.features.holds.kinds import HoldStatus
from marketplace.features.holds.settlement import SimulatedSettlement
from tests.features.holds.holding import books, expire, file, finding, place, release, takings
from tests.features.scene import make_firm, make_people

DAYS_UNTIL_OVER = 400


class Shaky(SimulatedSettlement):
    """The simulated account behind a line that can be down; it counts what came through."""

    def __init__(self) -> None:
        self.is_down = False
        self.calls: list[str] = []

    def _book(self, session, clock, kind, token, store_id, amount_fen):
        if self.is_down:
            raise TimeoutError("no answer")
        self.calls.append(kind.value)
        return super()._book(session, clock, kind, token, store_id, amount_fen)


@pytest.fixture
def line(world) -> Shaky:
    port = Shaky()
    bind(world.app.store, world.app.house, settlement=port)
    return port


@pytest.fixture
def firm(world, line):
    make_people(world)
    scene = make_firm(world, products=0)
    takings(scene)
    return scene


def test_every_command_goes_through_what_the_assembly_put_behind_the_door(firm, line):
    found = finding(firm)
    firm.uphold(found)
    hold = place(firm, found, 300_000)
    release(firm, hold, 100_000)
    assert line.calls == ["deposit", "freeze", "pay_out"]


def test_a_line_that_is_down_is_a_refusal_and_the_same_deed_stands_later(firm, line):
    found = finding(firm)
    firm.uphold(found)
    line.is_down = True
    with pytest.raises(Refused, match="settlement_unavailable"):
        place(firm, found, 300_000, token="one")
    line.is_down = False
    hold = place(firm, found, 300_000, token="one")
    assert place(firm, found, 300_000, token="one") == hold  # and only once
    assert file(firm, hold).row.remaining_fen == 300_000
    line.is_down = True
    with pytest.raises(Refused, match="settlement_unavailable"):
        release(firm, hold, 100_000, token="two")
    assert file(firm, hold).row.remaining_fen == 300_000  # nothing half let go
    line.is_down = False
    release(firm, hold, 100_000, token="two")
    assert file(firm, hold).row.remaining_fen == 200_000
    assert books(firm).is_proved


def test_what_is_over_while_the_line_is_down_ends_by_a_later_minute(firm, line):
    found = finding(firm)
    firm.uphold(found)
    hold = place(firm, found, 300_000)
    firm.clock.advance(days=DAYS_UNTIL_OVER)
    line.is_down = True
    assert expire(firm) == 0
    assert file(firm, hold).row.status is HoldStatus.RUNNING
    line.is_down = False
    assert expire(firm) == 1
    assert file(firm, hold).row.status is HoldStatus.ENDED
    assert expire(firm) == 0
