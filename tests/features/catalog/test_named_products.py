"""What a finding takes away it takes from the firm it was found at, never from another."""

from __future__ import annotations

import pytest
from sqlmodel import select

from marketplace.base.clock import today
from marketplace.base.errors import NotFound
from marketplace.base.inbox.tables import Message
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Product
from marketplace.features.registry.commands import confirm_holding, declare_store
from tests.features.conftest import World
from tests.features.enforcement.dealing import offenses
from tests.features.scene import Scene, make_firm, make_people


def test_a_finding_at_one_firm_removes_no_product_of_another(world: World) -> None:
    """Refuse it when it is recorded: the other firm would lose its product without being heard."""
    make_people(world)
    one, other = make_firm(world, number=1), make_firm(world, number=2)
    with pytest.raises(NotFound, match="product_not_found"):
        one.uphold(one.finding((one.product_ids[0], other.product_ids[0])))
    one.uphold(one.finding((one.product_ids[0],)))

    assert state(world, one) is Moderation.LAPSED
    assert state(world, other) is Moderation.VERIFIED


def test_a_closure_falls_on_whose_finding_it_was_not_on_who_took_the_store_over(
    world: World,
) -> None:
    """Hand the store over before the fourth finding is decided: its badge does not stay behind."""
    make_people(world)
    one, other = make_firm(world, number=1), make_firm(world, number=2)
    offenses(one, 3)
    fourth = one.finding(number=33)
    world.clock.advance(days=3)
    holding = world.do(
        lambda s: declare_store(
            s, clock=world.clock, actor=other.owner, factory_id=other.factory_id,
            platform="示例平台", store_no="T1", name="第1店", from_on=today(world.clock),
            basis="转让合同",
        )
    )  # fmt: skip
    world.do(
        lambda s: confirm_holding(s, clock=world.clock, actor=world.officer, holding_id=holding)
    )
    one.uphold(fourth)
    assert state(world, one) is Moderation.LAPSED
    assert state(world, other) is Moderation.VERIFIED
    for firm in (
        one,
        other,
    ):  # both are told: the one is meant, the other stands without a store
        rows = select(Message.code).where(Message.account_id == firm.owner.account_id)
        assert "store_closed" in world.see(lambda s, of=rows: list(s.execute(of).scalars()))


def state(world: World, firm: Scene) -> Moderation:
    return world.see(lambda s: s.get_one(Product, firm.product_ids[0]).status)
