"""A store an owner declares waits on the officer's desk until it is confirmed or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.desk.tasks import TaskKind
from marketplace.desk.todo import list_todo
from marketplace.features.registry import commands as registry
from tests.features.conftest import World
from tests.features.scene import make_firm, make_people


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_declared_store_waits_until_an_officer_says_whose_it_is(world: World, confirmed):
    make_people(world)
    firm = make_firm(world, products=0)

    def waiting(actor):
        tasks = world.see(lambda s: list_todo(s, actor, world.rulebook, clock=world.clock))
        return [t for t in tasks if t.kind is TaskKind.STORE]

    assert waiting(world.officer) == []  # the firm's first store is confirmed
    holding = world.do(
        lambda s: registry.declare_store(
            s, clock=world.clock, actor=firm.owner, factory_id=firm.factory_id, platform="淘宝",
            store_no="OWN-2", name="第二家鞋铺", basis="平台后台显示的经营主体是本企业",
            from_on=world.clock.now().date() - timedelta(days=200),
        )
    )  # fmt: skip
    (task,) = waiting(world.officer)
    assert (task.entity_id, task.title) == (holding, "第二家鞋铺")
    # The office's days run from the declaration, not from the day the store was opened.
    assert task.due_on > world.clock.now().date()
    assert waiting(world.reviewer) == []
    elsewhere = replace(
        world.officer, limits=frozenset({("putian-footwear", "350302")})
    )  # the firm: 350304
    assert waiting(elsewhere) == []
    facts = {"clock": world.clock, "actor": world.officer, "holding_id": holding}
    world.do(
        lambda s: (
            registry.confirm_holding(s, **facts)
            if confirmed
            else registry.reject_holding(s, **facts, reason="平台显示的主体是别家")
        )
    )
    assert waiting(world.officer) == []
