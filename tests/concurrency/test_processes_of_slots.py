"""Promise 5 with processes of their own, with steps in any order, and past every command."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from marketplace.base import audit
from marketplace.base.db import housekeeping_write
from marketplace.base.errors import MarketplaceError
from marketplace.features.progress.kinds import CertificationStatus
from marketplace.features.progress.tables import Certification
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.tables import Slot
from tests.concurrency.hand import certify, pin_all, where
from tests.concurrency.test_slots import (
    assert_slots_hold,
    draft_collection,
    evidence,
    fill,
    pin,
    standing,
    street,
)
from tests.features.conftest import World
from tests.features.once import built_once
from tests.features.scene import make_firm, make_people
from tests.processes import pool

_STEPS = st.lists(
    st.tuples(
        st.sampled_from(("pin", "move", "remove", "fill", "undo")),
        st.integers(0, 11),
        st.integers(0, 4),
    ),
    max_size=14,
)


def test_processes_that_hand_in_the_same_conditions_open_each_once(
    world: World, tmp_path: Path, request
) -> None:
    """3 processes and 3 firms by default; 8 and 40 in the long run."""
    processes, firms = (8, 40) if request.config.getoption("--long") else (3, 3)
    make_people(world)
    made = [make_firm(world, number=n + 1, products=0) for n in range(firms)]
    files = [(f.factory_id, f.operator_id, evidence(f)) for f in made]
    at = where(world, tmp_path)
    told: Counter[str] = Counter()
    with pool(processes) as hands:
        # All but two begin at the same one, so that they meet from the first to the last.
        running = [
            hands.submit(certify, at, files, max(0, number - processes + 3) % firms)
            for number in range(processes)
        ]
        for one in running:
            told += one.result()
    assert told == {"done": firms, "certification_open": (processes - 1) * firms}
    opened = world.see(
        lambda s: s.execute(
            select(Certification.factory_id).where(
                Certification.status == CertificationStatus.SUBMITTED,
                Certification.condition == "real_name",
            )
        ).scalars().all()
    )  # fmt: skip
    assert sorted(opened) == sorted(f.factory_id for f in made)
    assert audit.verify(world.app.store).findings == []


def test_processes_that_want_the_same_slots_and_products_share_none(
    world: World, tmp_path: Path, request
) -> None:
    """3 processes and 2 collections by default; 8 and 60 in the long run."""
    processes, many = (8, 60) if request.config.getoption("--long") else (3, 2)
    products = [p for firm in street(world, processes) for p in firm.product_ids]
    collections = [draft_collection(world, processes + 2) for _ in range(many)]
    at = where(world, tmp_path)
    told: Counter[str] = Counter()
    with pool(processes) as hands:
        running = [
            hands.submit(pin_all, at, collections, products, number)
            for number in range(processes)
        ]
        for one in running:
            told += one.result()
    assert sum(told.values()) == 3 * processes * many  # every answer came, none was an error
    refused = {"slot_taken", "product_there", "group_cap", "nothing_open", "nobody_eligible"}
    assert set(told) <= {"done", *refused}
    assert told["done"] >= 2 * many  # the first slot and somebody's filling, in each
    for collection in collections:
        assert_slots_hold(world, collection)
        shown = standing(world, collection)
        assert sum(slot.position == 0 and slot.kind != "reserve" for slot in shown) == 1
    assert audit.verify(world.app.store).findings == []


@pytest.fixture
@built_once
def stage(world: World) -> tuple[World, list[int]]:
    """Six products of three firms that may be featured."""
    return world, [p for firm in street(world, 3) for p in firm.product_ids]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=_STEPS)
def test_no_order_of_steps_puts_two_into_a_slot_or_one_into_two(stage, steps) -> None:
    world, products = stage
    collection = draft_collection(world, 4)
    fills: list[int] = []

    def step(kind: str, one: int, place: int) -> None:
        slots = standing(world, collection)
        match kind:
            case "pin":
                pin(world, collection, products[one % len(products)], place)()
            case "fill":
                fills.append(fill(world, collection, one)())
            case "undo" if fills:
                world.do(
                    lambda s: promotion.undo_fill(
                        s, clock=world.clock, actor=world.marketer,
                        fill_id=fills[one % len(fills)],
                    )
                )  # fmt: skip
            case "move" if slots:
                world.do(
                    lambda s: promotion.move_slot(
                        s, clock=world.clock, actor=world.marketer,
                        slot_id=slots[one % len(slots)].id, position=place,
                    )
                )  # fmt: skip
            case "remove" if slots:
                world.do(
                    lambda s: promotion.remove_slot(
                        s, clock=world.clock, actor=world.marketer,
                        slot_id=slots[one % len(slots)].id,
                    )
                )  # fmt: skip

    for one in steps:
        with suppress(MarketplaceError):  # a refusal is an answer; what it left must hold too
            step(*one)
        assert_slots_hold(world, collection)


def test_the_database_itself_refuses_a_second_product_in_a_slot_and_a_second_slot(
    stage,
) -> None:
    world, products = stage
    collection = draft_collection(world, 4)
    first = pin(world, collection, products[0], 0)()
    row = world.see(lambda s: s.get(Slot, first))
    kept = {c.name: getattr(row, c.name) for c in Slot.__table__.columns}
    for other in ({"product_id": products[2]}, {"position": 1}):
        with pytest.raises(IntegrityError), housekeeping_write(world.app.store) as session:
            session.connection().execute(
                sa.insert(Slot.__table__).values(**{**kept, "id": first + 99, **other})
            )
    assert [s.id for s in standing(world, collection)] == [first]
