"""A district limits its own program; the whole of another program takes nothing of it away."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from marketplace.base.access import Actor, Role, Scope, may, narrow, require_place
from marketplace.base.access.commands import create_account
from marketplace.base.access.sessions import find_actor
from marketplace.base.errors import NotAllowed

ACTION = "registry.record_factory"
PLACES = [
    ("shoes", "350302"),
    ("shoes", "350303"),
    ("ceramics", "350302"),
    ("ceramics", "350526"),
    ("shoes", None),  # nobody said yet where it lies: within everybody's reach of the program
]


@pytest.fixture
def mixed(world) -> Actor:
    """An account of one district of shoes, and of the whole of ceramics."""

    world.do(
        lambda s: create_account(
            s, clock=world.clock, actor=Actor(0, "admin", "admin", Role.ADMIN), login="mixed",
            name="混合", role=Role.OFFICER, password="walk-the-new-road-2026",
            programs=[("shoes", "350302"), ("ceramics", None)],
        )
    )  # fmt: skip
    return world.see(lambda s: find_actor(s, "mixed"))


def test_an_account_of_two_programs_keeps_the_limit_of_each(mixed):
    assert mixed.programs == {"shoes", "ceramics"}
    assert (mixed.districts_in("shoes"), mixed.districts_in("ceramics")) == ({"350302"}, set())
    assert [may(mixed, ACTION, Scope(p, d)) for p, d in PLACES] == [
        True,
        False,
        True,
        True,
        True,
    ]
    assert not may(mixed, ACTION, Scope("toys", "350302"))
    require_place(mixed, "desk.issue_friday", program="ceramics", district=None)
    with pytest.raises(NotAllowed, match="whole_program_reach"):
        require_place(mixed, "desk.issue_friday", program="shoes", district=None)


@pytest.mark.parametrize(
    ("program", "seen"),
    [
        (None, [PLACES[0], *PLACES[2:]]),
        # The statement asks for the program itself: only the limit is added.
        ("shoes", [PLACES[0], PLACES[2], PLACES[4]]),
        ("ceramics", PLACES),
        ("toys", []),
    ],
)
def test_lists_hold_each_program_s_districts(world, mixed, program, seen):
    each = [
        sa.select(sa.literal(p).label("p"), sa.literal(d, sa.String).label("d"))
        for p, d in PLACES
    ]
    rows = sa.union_all(*each).subquery()
    conditions = narrow(
        mixed, ACTION, program_column=rows.c.p, district_column=rows.c.d,
        operator_column=None, program=program,
    )  # fmt: skip
    found = world.see(
        lambda s: s.execute(sa.select(rows.c.p, rows.c.d).where(*conditions)).all()
    )
    assert set(map(tuple, found)) == set(seen)
