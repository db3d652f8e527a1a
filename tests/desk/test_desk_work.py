"""What the desk keeps and does: own filters, reminders that stay rare, likely duplicates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from marketplace.base.access import Role
from marketplace.base.access.commands import create_account, create_first_admin
from marketplace.base.access.sessions import find_actor
from marketplace.base.access.tables import Capacity
from marketplace.base.audit import list_entries
from marketplace.base.db import housekeeping_write
from marketplace.base.errors import Invalid, NotAllowed, NotFound
from marketplace.base.inbox import list_messages
from marketplace.desk.likely import likely_factories
from marketplace.desk.reminders import Reminded, remind_factories
from marketplace.desk.saved_views import drop_view, keep_view, list_views
from marketplace.features.registry.commands import record_factory
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once

ONE, TWO = "91350304MACLQN2XWF", "91350322MA55DBQ4FM"
PASSWORD = "a-long-walk-in-new-shoes"


def register(world: World, name: str, uscc: str | None = None):
    """Register a factory; return what was recorded."""
    return world.do(
        lambda s: record_factory(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.officer,
            values={"name": name, "uscc": uscc, "address": f"莆田市荔城区{name}路1号"},
            source="officer",
        )
    )


def keep(world: World, actor, name: str, query: str) -> None:
    with housekeeping_write(world.app.store) as session:
        keep_view(
            session, clock=world.clock, actor=actor, page="factories", name=name, query=query
        )


def views(world: World, actor) -> list[tuple[str, str]]:
    found = world.see(lambda s: list_views(s, actor, page="factories"))
    return [(view.name, view.query) for view in found]


def test_a_view_is_kept_replaced_under_its_name_and_seen_by_nobody_else(world):
    keep(world, world.officer, " 荔城在库 ", "district=350304")
    keep(world, world.officer, "荔城在库", "district=350304&status=enrolled")
    assert views(world, world.officer) == [("荔城在库", "district=350304&status=enrolled")]
    assert views(world, world.deputy) == []


def test_somebody_elses_view_cannot_be_dropped(world):
    keep(world, world.officer, "我的", "q=a")
    number = world.see(lambda s: list_views(s, world.officer, page="factories"))[0].view_id
    with housekeeping_write(world.app.store) as session:
        drop_view(session, actor=world.deputy, view_id=number)
    assert views(world, world.officer) == [("我的", "q=a")]
    with housekeeping_write(world.app.store) as session:
        drop_view(session, actor=world.officer, view_id=number)
    assert views(world, world.officer) == []


@pytest.mark.parametrize("name", ["", "   ", "字" * 31])
def test_a_view_needs_a_short_name(world, name):
    with pytest.raises(Invalid):
        keep(world, world.officer, name, "q=a")


def test_a_marketer_keeps_no_views_of_factories(world):
    with pytest.raises((NotAllowed, NotFound)):
        keep(world, world.marketer, "x", "q=a")


@pytest.fixture
@built_once
def owned(world):
    """Register a factory with an owner and one without; return both and the owner."""
    with_owner, without = register(world, "青禾鞋业", ONE), register(world, "木兰鞋厂", TWO)
    world.do(
        lambda s: create_first_admin(
            s, clock=world.clock, login="chief", name="主任", password=PASSWORD
        )
    )
    chief = world.see(lambda s: find_actor(s, "chief"))
    world.do(
        lambda s: create_account(
            s, clock=world.clock, actor=chief, login="boss", name="陈厂长", role=Role.OWNER,
            programs=[(PROGRAM, None)], operators=[(with_owner.operator_id, Capacity.HEAD)],
        )
    )  # fmt: skip
    return with_owner.factory_id, without.factory_id, world.see(lambda s: find_actor(s, "boss"))


def remind(world: World, *ids: int, actor=None) -> Reminded:
    return world.do(
        lambda s: remind_factories(
            s, clock=world.clock, actor=actor or world.officer, factory_ids=ids
        )
    )


def test_a_reminder_reaches_the_owner_once_a_day_and_is_on_record(world, owned):
    one, other, boss = owned
    # two firms asked twice over: one has an owner, one has nobody; duplicates count once
    assert remind(world, one, other, one) == Reminded(1, 1, 0)
    assert remind(world, one) == Reminded(0, 0, 1)
    world.clock.at = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    assert remind(world, one) == Reminded(1, 0, 0)
    told = world.see(lambda s: list_messages(s, boss))
    assert [m.code for m in told] == ["reminder", "reminder"]
    trail = world.see(lambda s: list_entries(s, action="desk.remind_factories"))
    assert [(e.subject, e.facts) for e in trail] == [(f"factory:{one}", {"accounts": 1})] * 2


def test_an_officer_of_another_district_reminds_nobody(world, owned):
    one, _other, boss = owned
    stranger = replace(world.deputy, limits=frozenset({("putian-footwear", "350322")}))
    with pytest.raises((NotAllowed, NotFound)):
        remind(world, one, actor=stranger)
    assert world.see(lambda s: list_messages(s, boss)) == []


def likely(world: World, name: str, uscc: str | None = None, actor=None):
    return world.see(
        lambda s: likely_factories(
            s, actor or world.officer, program=PROGRAM, name=name, uscc=uscc
        )
    )


def test_the_same_code_is_the_surest_sign_whatever_the_name(world):
    made = register(world, "青禾鞋业有限公司", ONE)
    found = likely(world, "完全另一个名字", ONE)
    assert [(f.factory_id, f.score, f.same_code) for f in found] == [
        (made.factory_id, 100, True)
    ]


def test_a_name_nearly_the_same_is_shown_and_a_strange_one_is_not(world):
    made = register(world, "莆田市青禾体育用品有限公司", ONE)
    register(world, "木兰鞋厂", TWO)
    assert [f.factory_id for f in likely(world, "莆田市青禾体育用品公司")] == [made.factory_id]
    assert likely(world, "潮声皮具行") == []


def test_a_name_typed_without_city_and_kind_of_firm_finds_the_firm(world):
    made = register(world, "莆田市青禾体育用品有限公司", ONE)
    register(world, "莆田市木兰鞋厂", TWO)
    assert [f.factory_id for f in likely(world, "青禾体育")] == [made.factory_id]
    assert likely(world, "莆田市") == []  # three letters are in many names


def test_two_valid_codes_and_two_names_are_two_firms(world):
    register(world, "莆田市青禾体育用品有限公司", ONE)
    assert likely(world, "莆田市青禾体育用品公司", TWO) == []


def test_likely_firms_of_another_district_stay_unseen(world):
    register(world, "莆田市青禾体育用品有限公司", ONE)  # code and address lie in 350304
    stranger = replace(world.deputy, limits=frozenset({("putian-footwear", "350322")}))
    assert likely(world, "莆田市青禾体育用品有限公司", actor=stranger) == []
