"""Objections before a first featuring: they remove nothing, and somebody else decides them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from marketplace.base.access import Actor, Role
from marketplace.base.errors import NotAllowed, Refused
from marketplace.base.inbox import list_messages
from marketplace.base.inbox.tables import Message
from marketplace.desk.todo import TaskKind, list_todo
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.queries import find_by_code, get_product
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion import queries
from marketplace.features.promotion.kinds import WindowStatus
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once
from tests.features.scene import Scene, account, clear_windows, make_firm, make_people

HOLDER = Actor(90, "holder", "权利人", Role.RIGHT_HOLDER, frozenset({PROGRAM}))


@pytest.fixture
@built_once
def fresh(world: World) -> Scene:
    """A firm whose two products were verified a moment ago: their windows are open."""
    make_people(world)
    return make_firm(world)


def object_to(scene: Scene, *, actor: Actor = HOLDER, note: str = "鞋侧图形，与我方外观近似。"):
    scene.do(
        lambda s: promotion.record_objection(
            s,
            clock=scene.clock,
            actor=actor,
            product_id=scene.product_ids[0],
            note=note,
            objector="某权利人（虚构）",
        )
    )


def decide(scene: Scene, *, uphold: bool, actor: Actor | None = None, reason: str = "逐项比对"):
    return scene.do(
        lambda s: promotion.decide_objection(
            s,
            clock=scene.clock,
            actor=actor or scene.world.reviewer,
            product_id=scene.product_ids[0],
            uphold=uphold,
            reason=reason,
        )
    )


def windows(scene: Scene, actor: Actor = HOLDER):
    return scene.world.see(
        lambda s: queries.list_products_in_objection_window(
            s, actor, clock=scene.clock, program=PROGRAM
        )
    )


def line(scene: Scene):
    offer = scene.world.see(
        lambda s: queries.get_eligibility(
            s,
            scene.world.marketer,
            scene.world.rulebook,
            clock=scene.clock,
            product_id=scene.product_ids[0],
        )
    )
    return next(found for found in offer.lines if found.key == "objection_window")


def told(world: World) -> set[str]:
    return set(world.see(lambda s: list(s.execute(select(Message.code)).scalars())))


def test_a_right_holder_sees_open_windows_and_no_one_behind_them(fresh: Scene) -> None:
    rows = windows(fresh)
    assert [row.product_id for row in rows] == fresh.product_ids
    assert not any(row.objected for row in rows)
    fields = set(type(rows[0]).__slots__)
    assert not fields & {"note", "objector", "objected_by", "factory_id", "operator_id"}


def test_an_objection_removes_nothing_and_waits_for_somebody_else(
    world: World, fresh: Scene
) -> None:
    object_to(fresh)
    code = world.see(
        lambda s: get_product(
            s, world.reviewer, clock=world.clock, product_id=fresh.product_ids[0]
        )
    ).code
    public = world.see(
        lambda s: find_by_code(s, HOLDER, world.rulebook, clock=world.clock, code=code)
    )
    assert public.outcome.value == "valid"
    assert line(fresh).ok is False
    assert line(fresh).facts["state"] == "objected"
    for actor in (world.reviewer, world.officer):
        tasks = world.see(lambda s, a=actor: list_todo(s, a, world.rulebook, clock=world.clock))
        assert [t.entity_id for t in tasks if t.kind is TaskKind.OBJECTION] == [
            fresh.product_ids[0]
        ]
    assert {"objection_recorded", "objection_to_decide"} <= told(world)


def test_a_dismissed_objection_lets_the_window_run_to_its_day(
    world: World, fresh: Scene
) -> None:
    object_to(fresh)
    assert decide(fresh, uphold=False) is WindowStatus.OPEN
    assert line(fresh).ok is False
    object_to(fresh, note="另一家权利人的理由")
    world.clock.advance(days=40)
    assert decide(fresh, uphold=False) is WindowStatus.CLEARED
    assert line(fresh).ok is True


def test_an_upheld_objection_keeps_a_product_from_featuring_until_it_is_verified_anew(
    world: World, fresh: Scene
) -> None:
    object_to(fresh)
    assert decide(fresh, uphold=True) is WindowStatus.UPHELD
    world.clock.advance(days=60)
    world.do(lambda s: promotion.clear_due_windows(s, clock=world.clock, program=PROGRAM))
    assert line(fresh).ok is False
    with pytest.raises(Refused, match="no_open_window"):
        object_to(fresh)


@pytest.mark.parametrize(
    ("changed", "again"), [({"price_fen": 19_900}, False), ({"name_zh": "另一款鞋"}, True)]
)
def test_what_looks_other_when_it_is_verified_again_may_be_objected_to_again(
    world: World, fresh: Scene, changed: dict[str, object], again: bool
) -> None:
    """Its window ran out over another shoe than the one that would be featured now."""
    product = fresh.product_ids[0]
    clear_windows(world)
    lapse = world.do(
        lambda s: catalog.suspend_product(
            s, world.rulebook, clock=world.clock, actor=world.reviewer, product_id=product,
            reason="收到初步证据，先行停用",
        )
    )  # fmt: skip
    world.do(
        lambda s: catalog.edit_product(
            s, clock=world.clock, actor=fresh.owner, product_id=product, values=changed
        )
    )
    fresh.submit(product)
    second = account(world, replace(world.reviewer, login="reviewer2"))
    fresh.decide(product, actor=second, lapse_ids=[lapse])
    assert [row.product_id for row in windows(fresh)] == [product] * again
    assert line(fresh).ok is not again


def test_whoever_recorded_an_objection_does_not_decide_it(world: World, fresh: Scene) -> None:
    object_to(fresh, actor=world.officer)
    with pytest.raises(Refused, match="author_never_decides"):
        decide(fresh, uphold=False, actor=world.officer)
    with pytest.raises(Refused, match="reason_missing"):
        decide(fresh, uphold=False, reason="无")
    decide(fresh, uphold=False, actor=world.deputy)
    with pytest.raises(Refused, match="no_objection"):
        decide(fresh, uphold=False)


def test_owners_and_marketers_read_no_grounds(world: World, fresh: Scene) -> None:
    object_to(fresh)
    for actor in (fresh.owner, world.marketer, HOLDER):
        with pytest.raises(NotAllowed):
            world.see(lambda s, a=actor: queries.list_objections(s, a, program=PROGRAM))
    grounds = world.see(lambda s: queries.list_objections(s, world.auditor, program=PROGRAM))
    assert [o.note for o in grounds] == ["鞋侧图形，与我方外观近似。"]
    away = replace(world.officer, limits=frozenset({(PROGRAM, "350303")}))  # the firm: 350304
    assert world.see(lambda s: queries.list_objections(s, away, program=PROGRAM)) == []
    assert grounds[0].objected_at == world.clock.now() - timedelta(0)


def test_a_window_is_over_by_the_clock_whether_or_not_a_job_has_run(
    world: World, fresh: Scene
) -> None:
    """Ten working days are at most sixteen days: one weekend each five, one day to spare."""
    world.clock.advance(days=40)
    with pytest.raises(Refused, match="no_open_window"):
        object_to(fresh)


def test_an_officer_says_which_right_holder_objects(world: World, fresh: Scene) -> None:
    with pytest.raises(Refused, match="objector_missing"):
        world.do(
            lambda s: promotion.record_objection(
                s,
                clock=world.clock,
                actor=world.officer,
                product_id=fresh.product_ids[0],
                note="鞋侧图形近似",
            )
        )


def test_owner_and_marketers_are_told_the_decision_and_never_who_objected(
    world: World, fresh: Scene
) -> None:
    object_to(fresh)
    decide(fresh, uphold=True)
    to_owner = world.see(lambda s: list_messages(s, fresh.owner))
    to_market = world.see(lambda s: list_messages(s, world.marketer))
    assert "objection_upheld" in {m.code for m in to_owner}
    assert "objection_upheld_market" in {m.code for m in to_market}
    assert "某权利人" not in f"{to_owner}{to_market}"


def test_decisions_stay_listed_with_their_reason(world: World, fresh: Scene) -> None:
    object_to(fresh)
    decide(fresh, uphold=True, reason="逐项比对，侧面图形近似。")
    rows = world.see(
        lambda s: queries.list_decided_objections(s, world.officer, program=PROGRAM)
    )
    assert [(o.status, o.decision_note) for o in rows] == [
        (WindowStatus.UPHELD, "逐项比对，侧面图形近似。")
    ]
    assert world.see(lambda s: queries.list_objections(s, world.officer, program=PROGRAM)) == []
