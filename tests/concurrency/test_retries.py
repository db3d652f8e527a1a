"""Promises 6, 7, 8: retrying is harmless, no lock error surfaces, every write leaves an entry."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa
from sqlmodel import select

from marketplace.base import audit
from marketplace.base.db import once, write
from marketplace.base.db.unit import SilentWriteError
from marketplace.base.errors import Conflict
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.tables import Brand
from marketplace.features.registry import commands as registry
from marketplace.features.registry.tables import ContractWork, Factory
from tests.concurrency.conftest import HANDS, together
from tests.features.conftest import World
from tests.features.scene import make_firm, make_people, uscc


def work_once(world: World, factory_id: int, token: str, year: int):
    """A command that is not idempotent by itself, behind a token."""

    def unit(session):
        return once(
            session,
            clock=world.clock,
            token=token,
            scope="registry.record_contract_work:1",
            body={"factory_id": factory_id, "from_year": year},
            work=lambda: {
                "id": registry.record_contract_work(
                    session,
                    clock=world.clock,
                    actor=world.officer,
                    factory_id=factory_id,
                    from_year=year,
                    kind="代工",
                )
            },
        )["id"]

    return lambda: world.do(unit)


def test_a_token_replayed_by_many_has_one_effect_and_one_answer(world: World, rounds) -> None:
    make_people(world)
    factory = make_firm(world, products=0).factory_id
    keys, replays = rounds(6, 200), rounds(8, 20)
    for number in range(keys):
        answers = together(
            [work_once(world, factory, f"k{number}", 2000 + number % 20)] * replays
        )
        assert {a.refused for a in answers} == {None}
        assert len({a.value for a in answers}) == 1
    effects = world.see(
        lambda s: s.execute(select(sa.func.count()).select_from(ContractWork)).scalar_one()
    )
    assert effects == keys


def test_the_same_token_with_another_body_is_refused(world: World) -> None:
    make_people(world)
    factory = make_firm(world, products=0).factory_id
    work_once(world, factory, "k", 2001)()
    with pytest.raises(Conflict, match="token_reused"):
        work_once(world, factory, "k", 2002)()


def test_mixed_work_of_many_hands_surfaces_no_lock_and_leaves_a_whole_trail(
    world: World, rounds
) -> None:
    make_people(world)
    firm = make_firm(world, products=0)
    turns = rounds(4, 125)

    def record(number: int):
        return lambda: world.do(
            lambda s: registry.record_factory(
                s,
                world.rulebook,
                clock=world.clock,
                actor=world.officer,
                values={
                    "name": f"（虚构）并发第{number}厂",
                    "uscc": uscc(1000 + number),
                    "address": f"莆田市荔城区{number}号",
                },
                source="测试",
            )
        )

    def edit(number: int):
        return lambda: world.do(
            lambda s: registry.edit_factory(
                s,
                world.rulebook,
                clock=world.clock,
                actor=world.officer,
                factory_id=firm.factory_id,
                values={"staff": 100 + number},
                reason="现场核对",
            )
        )

    def brand(number: int):
        return lambda: world.do(
            lambda s: catalog.add_brand(
                s,
                clock=world.clock,
                actor=firm.owner,
                operator_id=firm.operator_id,
                name_zh=f"并发牌{number % 5}",
            )
        )

    def look(number: int):
        return lambda: world.see(lambda s: s.get(Factory, firm.factory_id).staff)

    calls = [
        make(turn * HANDS + n)
        for turn in range(turns)
        for n, make in enumerate((record, edit, brand, look) * 2)
    ]
    answers = together(calls)
    assert Counter(a.refused for a in answers) == {None: len(calls)}
    slowest = max(a.seconds for a in answers)
    assert slowest <= 10, f"nobody waits longer than 10 s, one waited {slowest:.1f} s"
    brands = world.see(
        lambda s: s.execute(select(sa.func.count()).select_from(Brand)).scalar_one()
    )
    assert brands == 1 + 5, "the firm's first brand and five names, each once"
    report = audit.verify(world.app.store)
    assert report.findings == []


def test_a_row_that_changed_since_it_was_read_is_a_conflict_not_a_lost_update(
    world: World,
) -> None:
    make_people(world)
    firm = make_firm(world, products=0)

    def stale(session):
        row = session.get(Factory, firm.factory_id)
        session.execute(sa.text("UPDATE factory SET version = version + 1"))
        row.staff = 7
        audit.record(
            session,
            clock=world.clock,
            actor=world.officer,
            action="registry.edit_factory",
            subject=f"factory:{firm.factory_id}",
        )

    with pytest.raises(Conflict, match="stale"):
        write(world.app.store, stale)
    assert world.see(lambda s: s.get(Factory, firm.factory_id).staff) is None


def test_a_write_without_an_entry_in_the_trail_is_refused(world: World) -> None:
    make_people(world)
    firm = make_firm(world, products=0)

    def silent(session):
        session.get(Factory, firm.factory_id).staff = 7

    with pytest.raises(SilentWriteError):
        write(world.app.store, silent)
    assert world.see(lambda s: s.get(Factory, firm.factory_id).staff) is None
