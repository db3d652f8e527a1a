"""A registered mark waits on the officer's desk until somebody else than its recorder checks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from marketplace.desk.tasks import TaskKind
from marketplace.desk.todo import list_todo
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import HolderKind, TrademarkStatus
from marketplace.features.catalog.queries import list_unchecked_marks
from marketplace.features.registry import commands as registry
from tests.features.conftest import World
from tests.features.scene import make_firm, make_people


@pytest.mark.parametrize("status", [TrademarkStatus.REGISTERED, TrademarkStatus.FILED])
def test_a_mark_waits_from_its_registration_to_its_check(world: World, status) -> None:
    make_people(world)
    firm = make_firm(world, products=0)

    def waiting(actor) -> list[int]:
        tasks = world.see(lambda s: list_todo(s, actor, world.rulebook, clock=world.clock))
        return [t.entity_id for t in tasks if t.kind is TaskKind.TRADEMARK]

    assert waiting(world.officer) == []  # the firm's first mark is checked
    number = world.do(
        lambda s: catalog.record_trademark(
            s, clock=world.clock, actor=world.deputy, brand_id=firm.brand_id, number="88000001",
            nice_class=25, status=status, holder_kind=HolderKind.FIRM,
            holder_name="（虚构）本企业", valid_until=date(2040, 1, 1),
        )
    )  # fmt: skip
    expected = [number] if status is TrademarkStatus.REGISTERED else []
    assert waiting(world.officer) == expected
    assert waiting(world.deputy) == []  # he recorded it himself
    assert waiting(world.reviewer) == []
    elsewhere = replace(
        world.officer, limits=frozenset({("putian-footwear", "350302")})
    )  # the firm: 350304
    assert waiting(elsewhere) == []
    world.do(
        lambda s: catalog.check_trademark(
            s, world.rulebook, clock=world.clock, actor=world.officer, trademark_id=number
        )
    )
    assert waiting(world.officer) == []


def test_who_compares_an_affiliates_mark_reads_until_when_it_is_licensed(world: World) -> None:
    make_people(world)
    firm = make_firm(world, products=0, licensed=True)
    asked = {"clock": world.clock, "actor": firm.owner}
    affiliate = world.do(
        lambda s: registry.declare_affiliate(
            s,
            operator_id=firm.operator_id,
            name="（虚构）持有公司",
            relation="同一控制人",
            **asked,
        )
    )
    world.do(
        lambda s: catalog.record_trademark(
            s, brand_id=firm.brand_id, number="88000001", nice_class=25,
            status=TrademarkStatus.REGISTERED, holder_kind=HolderKind.AFFILIATE,
            holder_name="（虚构）持有公司", affiliate_id=affiliate,
            license_until=date(2027, 3, 1), valid_until=date(2040, 1, 1), **asked,
        )
    )  # fmt: skip
    [mark] = world.see(
        lambda s: list_unchecked_marks(s, world.officer, program=world.rulebook.program.key)
    )
    assert mark.license_until == date(2027, 3, 1)
