"""The officer of a firm makes its head's account and hands him the link; nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.base.access import Capacity
from marketplace.base.access.commands import (
    create_owner_account,
    issue_sign_in_link,
    use_sign_in_link,
)
from marketplace.base.access.queries import accounts_of_operator
from marketplace.base.access.sessions import actor_of
from marketplace.base.access.signin import sign_in_with_pin
from marketplace.base.errors import Invalid, NotAllowed, NotFound
from marketplace.features.registry.queries import scope_of_operator
from tests.features.conftest import World
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


def named(firm: Scene, name: str, *, actor=None, capacity=Capacity.HEAD) -> int:
    return firm.do(
        lambda s: create_owner_account(
            s, clock=firm.clock, actor=actor or firm.world.officer,
            operator_id=firm.operator_id, name=name, capacity=capacity,
            scope_of=scope_of_operator,
        )
    )  # fmt: skip


def test_a_head_named_by_his_officer_signs_in_by_the_link_he_is_handed(firm: Scene) -> None:
    account_id = named(firm, " 郑厂长（演示）")
    token = firm.do(
        lambda s: issue_sign_in_link(
            s, clock=firm.clock, actor=firm.world.officer, account_id=account_id,
            scope_of=scope_of_operator,
        )
    )  # fmt: skip
    device = firm.do(lambda s: use_sign_in_link(s, clock=firm.clock, token=token, pin="280519"))
    signed = sign_in_with_pin(
        firm.world.app.store,
        clock=firm.clock,
        device_token=device,
        pin="280519",
        user_agent="x",
    )
    assert signed.token
    actor = firm.world.see(lambda s: actor_of(s, account_id))
    assert actor.operator_ids == actor.head_of == frozenset({firm.operator_id})


def test_the_same_name_twice_is_one_account_and_an_agent_is_another(firm: Scene) -> None:
    first = named(firm, "郑厂长（演示）")
    assert named(firm, "郑厂长（演示）") == first
    agent = named(firm, "郑厂长（演示）", capacity=Capacity.AGENT)
    assert agent != first
    held = firm.world.see(lambda s: set(accounts_of_operator(s, firm.operator_id)))
    assert held >= {first, agent}
    with pytest.raises(Invalid) as caught:
        named(firm, "  ")
    assert [f.place for f in caught.value.faults] == ["name"]


def test_nobody_names_an_owner_of_a_firm_that_is_not_his_to_look_after(firm: Scene) -> None:
    elsewhere = replace(
        firm.world.officer, limits=frozenset({("putian-footwear", "350302")})
    )  # the firm: 350304
    with pytest.raises(NotFound):
        named(firm, "外区（演示）", actor=elsewhere)
    for who in (firm.owner, firm.world.marketer, firm.world.reviewer, firm.world.auditor):
        with pytest.raises(NotAllowed):
            named(firm, "别人（演示）", actor=who)
