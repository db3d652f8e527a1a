"""An auditor reads the trail of his own programs and districts; an administrator all of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.base.access import Actor, Role
from marketplace.base.access.commands import create_account
from marketplace.base.errors import NotAllowed
from marketplace.desk.trail import TrailFilter, count_trail, list_trail, trail_choices
from marketplace.features.registry.commands import record_factory
from tests.exchange.builders import uscc
from tests.features.conftest import PROGRAM

ADMIN = Actor(0, "admin", "admin", Role.ADMIN)


@pytest.fixture
def lived(world):
    """A firm in each of two districts, and an account of each of two programs."""
    for number, district in ((1, "350302"), (2, "350303")):
        world.do(
            lambda s, n=number, d=district: record_factory(
                s, world.rulebook, clock=world.clock, actor=world.officer, source="工信局",
                values={"name": f"（虚构）{n}号鞋厂", "uscc": uscc(n), "district": d},
            )
        )  # fmt: skip
    for login, place in (("ours", (PROGRAM, "350303")), ("theirs", ("ceramics", None))):
        world.do(
            lambda s, login=login, place=place: create_account(
                s, clock=world.clock, actor=ADMIN, login=login, name=login, role=Role.OFFICER,
                password="walk-the-new-road-2026", programs=[place],
            )
        )  # fmt: skip
    return world


def test_the_trail_is_read_as_far_as_its_reader_reaches(lived):
    """Entries 1 and 2 are the firms', 3 our account's and 4 the account's of another program."""

    def seen(reader):
        found = lived.see(lambda s: list_trail(s, reader, TrailFilter()))
        assert lived.see(lambda s: count_trail(s, reader, TrailFilter())) == len(found)
        return [entry.seq for entry in found]

    ours, limits = lived.auditor, frozenset({(PROGRAM, "350303")})
    theirs = replace(ours, programs=frozenset({"ceramics"}))
    assert seen(ADMIN) == [4, 3, 2, 1]
    assert seen(ours) == [3, 2, 1]
    assert seen(theirs) == [4]
    assert seen(replace(ours, limits=limits)) == [3, 2]
    assert seen(replace(ours, limits=limits, programs=frozenset({PROGRAM, "ceramics"}))) == [
        4,
        3,
        2,
    ]
    assert lived.see(lambda s: trail_choices(s, theirs)) == (
        ["access.create_account"],
        ["admin"],
    )
    with pytest.raises(NotAllowed):
        seen(lived.officer)
