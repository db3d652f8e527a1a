"""A lost phone is forgotten, other sign-ins end, and who left a firm acts for it no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.base.access import Actor, Capacity, Role
from marketplace.base.access.commands import (
    change_role,
    create_account,
    create_owner_account,
    issue_sign_in_link,
    use_sign_in_link,
)
from marketplace.base.access.entry.commands import (
    end_acting,
    end_other_sign_ins,
    forget_phone,
)
from marketplace.base.access.entry.queries import (
    count_other_sign_ins,
    list_own_phones,
    list_people_of_firm,
)
from marketplace.base.access.sessions import actor_of, current_actor, resolve
from marketplace.base.access.signin import sign_in_with_pin
from marketplace.base.audit import list_entries
from marketplace.base.errors import NotAllowed, NotFound, Refused
from marketplace.features.registry.queries import find_own_factory, scope_of_operator
from tests.features.conftest import World
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people

PIN = "280519"


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


@pytest.fixture
def agent(firm: Scene) -> Actor:
    return actor(firm, named(firm, "小林（演示）", Capacity.AGENT))


def named(firm: Scene, name: str, capacity: Capacity) -> int:
    return firm.do(
        lambda s: create_owner_account(
            s, clock=firm.clock, actor=firm.world.officer, operator_id=firm.operator_id,
            name=name, capacity=capacity, scope_of=scope_of_operator,
        )
    )  # fmt: skip


def actor(firm: Scene, account_id: int) -> Actor:
    found = firm.world.see(lambda s: actor_of(s, account_id))
    assert found is not None
    return found


def phone(firm: Scene, account_id: int, kind: str) -> tuple[str, Actor]:
    """Scan a fresh link on a new phone; return its token and who is signed in there."""
    token = firm.do(
        lambda s: issue_sign_in_link(
            s, clock=firm.clock, actor=firm.world.officer, account_id=account_id,
            scope_of=scope_of_operator,
        )
    )  # fmt: skip
    device = firm.do(lambda s: use_sign_in_link(s, clock=firm.clock, token=token, pin=PIN))
    return device, enter(firm, device, kind)


def enter(firm: Scene, device: str, kind: str = "MicroMessenger") -> Actor:
    store = firm.world.app.store
    signed = sign_in_with_pin(
        store, clock=firm.clock, device_token=device, pin=PIN, user_agent=kind
    )
    identity = resolve(store, clock=firm.clock, token=signed.token)
    found = firm.world.see(lambda s: current_actor(s, identity.public_id, firm.clock))
    assert found is not None
    return found


def is_in(firm: Scene, who: Actor) -> bool:
    return firm.world.see(lambda s: current_actor(s, who.session_id, firm.clock)) is not None


def leave(firm: Scene, by: Actor, account_id: int, reason: str = "已经离职") -> None:
    firm.do(
        lambda s: end_acting(
            s, clock=firm.clock, actor=by, account_id=account_id, operator_id=firm.operator_id,
            reason=reason, scope_of=scope_of_operator,
        )
    )  # fmt: skip


def people(firm: Scene, by: Actor) -> list[tuple[int, Capacity]]:
    return [
        (p.account_id, p.capacity)
        for p in firm.world.see(
            lambda s: list_people_of_firm(
                s, by, operator_id=firm.operator_id, scope_of=scope_of_operator
            )
        )
    ]


def test_a_lost_phone_is_forgotten_and_the_one_in_hand_stays(firm: Scene) -> None:
    head = firm.owner.account_id
    lost, on_lost = phone(firm, head, "iPhone")
    firm.clock.advance(seconds=60)
    here, on_here = phone(firm, head, "Android")
    see, store = firm.world.see, firm.world.app.store
    rows = see(lambda s: list_own_phones(s, on_here, clock=firm.clock, device_token=here))
    assert [(r.user_agent, r.is_here) for r in rows] == [("Android", True), ("iPhone", False)]
    assert see(lambda s: count_other_sign_ins(s, on_here, clock=firm.clock)) == 1

    firm.do(
        lambda s: forget_phone(s, clock=firm.clock, actor=on_here, phone_id=rows[1].phone_id)
    )
    assert is_in(firm, on_here)
    assert not is_in(firm, on_lost)
    with pytest.raises(Refused, match="pin_refused"):
        sign_in_with_pin(store, clock=firm.clock, device_token=lost, pin=PIN, user_agent="")
    assert see(lambda s: count_other_sign_ins(s, on_here, clock=firm.clock)) == 0
    with pytest.raises(NotFound, match="phone_not_found"):  # it is gone already
        firm.do(
            lambda s: forget_phone(
                s, clock=firm.clock, actor=on_here, phone_id=rows[1].phone_id
            )
        )


def test_a_link_that_was_not_used_ends_with_the_next_one_and_with_a_lost_phone(
    firm: Scene,
) -> None:
    def link() -> str:
        return firm.do(
            lambda s: issue_sign_in_link(
                s, clock=firm.clock, actor=firm.world.officer,
                account_id=firm.owner.account_id, scope_of=scope_of_operator,
            )
        )  # fmt: skip

    def is_refused(token: str) -> bool:
        with pytest.raises(Refused, match="link_used"):
            firm.do(lambda s: use_sign_in_link(s, clock=firm.clock, token=token, pin=PIN))
        return True

    head = firm.owner.account_id
    to_wrong_hands = link()
    phone(firm, head, "iPhone")
    assert is_refused(to_wrong_hands)
    here, on_here = phone(firm, head, "Android")
    in_lost_chat = link()
    rows = firm.world.see(
        lambda s: list_own_phones(s, on_here, clock=firm.clock, device_token=here)
    )
    firm.do(
        lambda s: forget_phone(s, clock=firm.clock, actor=on_here, phone_id=rows[1].phone_id)
    )
    assert is_refused(in_lost_chat)


def test_a_phone_of_somebody_who_became_an_officer_opens_no_desk(firm: Scene) -> None:
    head = firm.owner.account_id
    device, _ = phone(firm, head, "iPhone")
    admin = Actor(0, "admin", "admin", Role.ADMIN)
    firm.do(
        lambda s: change_role(
            s, clock=firm.clock, actor=admin, account_id=head, role=Role.OFFICER
        )
    )
    with pytest.raises(Refused, match="pin_refused"):
        enter(firm, device)


def test_a_phone_whose_chat_says_so_only_at_the_end_is_known_as_a_chats(firm: Scene) -> None:
    told = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.42 NetType/4G Language/zh_CN"
    )
    _device, head = phone(firm, firm.owner.account_id, told)
    [row] = firm.world.see(lambda s: list_own_phones(s, head, clock=firm.clock))
    assert row.user_agent.startswith("Mozilla/5.0 (iPhone;")
    assert row.user_agent.endswith("MicroMessenger")


def test_nobody_sees_or_forgets_the_phone_of_another(firm: Scene, agent: Actor) -> None:
    _device, head = phone(firm, firm.owner.account_id, "iPhone")
    phones = firm.world.see(lambda s: list_own_phones(s, head, clock=firm.clock))
    assert firm.world.see(lambda s: list_own_phones(s, agent, clock=firm.clock)) == []
    with pytest.raises(NotFound):
        firm.do(
            lambda s: forget_phone(
                s, clock=firm.clock, actor=agent, phone_id=phones[0].phone_id
            )
        )
    assert is_in(firm, head)


def test_all_other_sign_ins_end_in_one_press(firm: Scene) -> None:
    head = firm.owner.account_id
    old, on_old = phone(firm, head, "iPhone")
    here, on_here = phone(firm, head, "Android")
    again = enter(firm, here)
    ended = firm.do(
        lambda s: end_other_sign_ins(s, clock=firm.clock, actor=on_here, device_token=here)
    )
    assert ended == 2  # the old phone's and the second one of this phone
    assert [is_in(firm, a) for a in (on_here, on_old, again)] == [True, False, False]
    assert enter(firm, here).session_id  # this phone's PIN goes on
    with pytest.raises(Refused):
        enter(firm, old)


def test_an_agent_who_left_is_out_at_once_and_can_do_nothing_for_the_firm(
    firm: Scene, agent: Actor
) -> None:
    device, at_work = phone(firm, agent.account_id, "Android")
    assert people(firm, firm.owner) == [
        (firm.owner.account_id, Capacity.HEAD),
        (agent.account_id, Capacity.AGENT),
    ]
    leave(firm, firm.owner, agent.account_id)
    assert not is_in(firm, at_work)
    assert firm.world.see(lambda s: actor_of(s, agent.account_id)) is None
    with pytest.raises(Refused, match="pin_refused"):
        enter(firm, device)
    # Even a page that was open under his old rights finds nothing, were it to ask again.
    gone = replace(at_work, operator_ids=frozenset(), agent_of=frozenset())
    with pytest.raises(NotFound):
        firm.world.see(lambda s: find_own_factory(s, gone))
    assert people(firm, firm.owner) == [(firm.owner.account_id, Capacity.HEAD)]
    with pytest.raises(NotFound, match="not_acting_here"):
        leave(firm, firm.owner, agent.account_id)
    entry = firm.world.see(lambda s: list_entries(s, limit=1))[0]
    assert (entry.action, entry.subject) == ("access.end_acting", f"account:{agent.account_id}")


def test_who_acts_for_two_firms_keeps_the_other(firm: Scene) -> None:
    other = make_firm(firm.world, number=2, products=0)
    both = firm.do(
        lambda s: create_account(
            s, clock=firm.clock, actor=Actor(0, "admin", "admin", Role.ADMIN), login="both",
            name="两家都管（演示）", role=Role.OWNER,
            operators=[(n, Capacity.AGENT) for n in (firm.operator_id, other.operator_id)],
        )
    )  # fmt: skip
    device, _ = phone(firm, both, "Android")
    leave(firm, firm.owner, both)
    assert enter(firm, device).operator_ids == {other.operator_id}


def test_only_the_office_ends_a_head_and_an_agent_ends_nobody(
    firm: Scene, agent: Actor
) -> None:
    second = named(firm, "林副厂长（演示）", Capacity.HEAD)
    with pytest.raises(Refused, match="head_by_office"):
        leave(firm, firm.owner, second)
    with pytest.raises(NotAllowed, match="head_only"):
        leave(firm, agent, second)
    with pytest.raises(Refused, match="not_yourself"):
        leave(firm, firm.owner, firm.owner.account_id)
    with pytest.raises(Refused, match="reason_missing"):
        leave(firm, firm.world.officer, second, " 无 ")
    elsewhere = replace(
        firm.world.officer, limits=frozenset({("putian-footwear", "350302")})
    )  # the firm: 350304
    with pytest.raises(NotFound):
        leave(firm, elsewhere, second)
    for who in (firm.world.marketer, firm.world.auditor, firm.world.reviewer):
        with pytest.raises(NotAllowed):
            leave(firm, who, second)
    leave(firm, firm.world.officer, second, "变更了法定代表人")
    assert firm.world.see(lambda s: actor_of(s, second)) is None


def test_who_comes_back_gets_an_account_of_his_own(firm: Scene, agent: Actor) -> None:
    leave(firm, firm.owner, agent.account_id)
    back = named(firm, "小林（演示）", Capacity.AGENT)
    assert back != agent.account_id
    assert actor(firm, back).role is Role.OWNER
