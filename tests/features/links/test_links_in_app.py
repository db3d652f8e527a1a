"""A dealt-with store has its group looked at; nothing is punished, counted or removed by a link."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.base.access import Actor
from marketplace.base.clock import today
from marketplace.base.errors import Invalid, NotAllowed, Refused
from marketplace.base.files import receive_file
from marketplace.features.catalog.tables import Product
from marketplace.features.compliance.studies import study_factory
from marketplace.features.links import commands as links
from marketplace.features.links.kinds import (
    LinkOutcome,
    LinkReason,
    LinkReviewStatus,
    LinkStatus,
    LinkTrigger,
    TraitKind,
)
from marketplace.features.links.queries import (
    get_group,
    get_review,
    group_of_factory,
    list_links,
    list_reviews,
)
from marketplace.features.links.tables import StoreLink, StoreTrait
from marketplace.features.promotion.queries import list_offers
from marketplace.features.registry import commands as registry
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Factory, Operator, Store, StoreHolding
from tests.features.conftest import PROGRAM, World
from tests.features.links.test_commitments import drawn
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people, uscc

ALL = tuple(LinkReviewStatus)


@pytest.fixture
@built_once
def two(world: World) -> tuple[Scene, Scene]:
    """Two firms whose stores are paid into one account."""
    make_people(world)
    one, other = make_firm(world, number=1), make_firm(world, number=2)
    for scene in (one, other):
        payee(scene)
    refresh(world)
    return one, other


def payee(scene: Scene, value: str = "6222020000001234") -> bool:
    return scene.do(
        lambda s: links.record_trait(
            s,
            clock=scene.clock,
            actor=scene.world.officer,
            store_id=scene.store_id,
            kind=TraitKind.PAYEE,
            value=value,
            source="平台对账单（虚构）",
        )
    )


def refresh(world: World):
    return world.do(
        lambda s: links.refresh_links(s, world.rulebook, clock=world.clock, actor=world.officer)
    )


def reviews(world: World, statuses=(LinkReviewStatus.OPEN,)):
    return world.see(
        lambda s: list_reviews(s, world.officer, program=PROGRAM, statuses=statuses)
    )


def payee_link(world: World) -> int:
    rows = world.see(
        lambda s: list_links(s, world.officer, program=PROGRAM, reasons=(LinkReason.PAYEE,))
    )
    assert len(rows) == 1
    return rows[0].link_id


def cut(world: World, link_id: int, *, by: Actor | None = None) -> int:
    return world.do(
        lambda s: links.cut_link(
            s,
            world.rulebook,
            clock=world.clock,
            actor=by or world.officer,
            link_id=link_id,
            reason="代收账户与两家无关",
        )
    )


def close(scene: Scene) -> None:
    """Four offenses: 0 + 2 + 24 + 24 = 50 >= 48."""
    for number in range(1, 5):
        scene.uphold(scene.finding(number=10 * scene.number + number))


def test_a_decided_finding_has_the_linked_store_looked_at_and_does_nothing_else(two):
    one, other = two
    world = one.world
    one.uphold(one.finding())
    waiting = reviews(world)
    assert [(r.subject.ref, r.trigger) for r in waiting] == [
        (f"store:{other.store_id}", LinkTrigger.FINDING)
    ]
    row, way = world.see(lambda s: get_review(s, world.officer, review_id=waiting[0].review_id))
    assert row.because.ref == f"store:{one.store_id}"
    assert [k.reason for k in way] == [LinkReason.PAYEE]
    assert way[0].via_shown == "****1234"
    assert world.see(lambda s: s.get(Store, other.store_id).status) is StoreStatus.OPEN
    # Monday 23 November + 5 working days
    assert row.due_on.isoformat() == "2026-11-30"


def test_the_heavier_trigger_stays_on_the_one_line(two):
    one, _ = two
    close(one)
    waiting = reviews(one.world)
    assert [r.trigger for r in waiting] == [LinkTrigger.CLOSURE]


def test_a_link_never_enters_a_figure_and_removes_nothing(two):
    one, other = two
    world = one.world

    def state():
        return world.see(
            lambda s: (
                study_factory(
                    s, world.officer, world.rulebook, clock=world.clock,
                    factory_id=other.factory_id,
                ),
                [s.get(Product, p).status for p in other.product_ids],
                s.get(Store, other.store_id).status,
            )
        )  # fmt: skip

    before = state()
    close(one)
    refresh(world)
    assert reviews(world) != []
    assert state() == before
    offers = world.see(
        lambda s: list_offers(s, world.marketer, world.rulebook, clock=world.clock)
    )
    shown = {o.product_id for o in getattr(offers, "offers", offers)}
    assert set(other.product_ids) <= shown
    cut(world, payee_link(world))
    assert state() == before


def test_a_cut_link_stays_cut_through_import_and_derivation_and_ends_its_review(two):
    one, other = two
    world = one.world
    one.uphold(one.finding())
    assert cut(world, payee_link(world)) == 1
    ended = reviews(world, ALL)
    assert [(r.outcome, r.reason) for r in ended] == [
        (LinkOutcome.LINK_CUT, "代收账户与两家无关")
    ]
    assert payee(other) is False  # the same fact again is no new fact
    world.do(
        lambda s: links.record_traits(
            s,
            clock=world.clock,
            actor=world.officer,
            program=PROGRAM,
            source="再次导入",
            given=[
                links.TraitGiven("示例平台", "T1", TraitKind.PAYEE, "6222 0200 0000 1234"),
                links.TraitGiven("示例平台", "T2", TraitKind.PAYEE, "6222020000001234"),
            ],
        )
    )
    refresh(world)
    rows = world.see(
        lambda s: list_links(
            s, world.officer, program=PROGRAM, statuses=tuple(LinkStatus),
            reasons=(LinkReason.PAYEE,),
        )
    )  # fmt: skip
    assert [r.status for r in rows] == [LinkStatus.CUT]
    one.uphold(one.finding(number=2))
    assert reviews(world) == []


def test_a_cut_is_taken_back_by_another_person(two):
    one, _ = two
    world = one.world
    number = payee_link(world)
    cut(world, number)

    def restore(actor):
        return lambda s: links.restore_link(
            s, clock=world.clock, actor=actor, link_id=number, reason="核实后账户相同"
        )

    with pytest.raises(NotAllowed):
        world.do(restore(world.officer))
    world.do(restore(world.reviewer))
    assert refresh(world).back == 1
    assert payee_link(world) == number
    cut(world, number, by=world.reviewer)
    with pytest.raises(Refused, match="author_never_decides"):
        world.do(restore(world.reviewer))
    world.do(restore(replace(world.reviewer, account_id=world.deputy.account_id)))
    assert refresh(world).back == 1


def test_a_confirmed_holding_is_ended_in_the_register_not_cut(two):
    world = two[0].world
    rows = world.see(
        lambda s: list_links(s, world.officer, program=PROGRAM, reasons=(LinkReason.OPERATES,))
    )
    with pytest.raises(Refused) as refused:
        cut(world, rows[0].link_id)
    assert refused.value.code == "link_is_a_holding"


def test_a_review_ends_with_an_outcome_and_a_reason(two):
    one, _ = two
    world = one.world
    one.uphold(one.finding())
    number = reviews(world)[0].review_id

    def decide(outcome, reason):
        return lambda s: links.decide_review(
            s, clock=world.clock, actor=world.officer, review_id=number, outcome=outcome,
            reason=reason,
        )  # fmt: skip

    with pytest.raises(Refused) as refused:
        world.do(decide(LinkOutcome.NO_GROUND, "无"))
    assert refused.value.code == "reason_missing"
    with pytest.raises(Refused) as refused:
        world.do(decide(LinkOutcome.LINK_CUT, "不是一家"))
    assert refused.value.code == "link_is_cut_by_name"
    world.do(decide(LinkOutcome.NO_GROUND, "抽看 30 件，未见问题"))
    with pytest.raises(Refused):
        world.do(decide(LinkOutcome.WATCH, "再看一次"))
    assert reviews(world) == []
    refresh(world)
    assert reviews(world) == []


def test_a_new_firm_tied_to_a_closed_store_is_seen(world):
    make_people(world)
    one = make_firm(world, number=1)
    payee(one)
    refresh(world)
    close(one)
    assert reviews(world) == []  # nobody is tied to it yet
    world.clock.advance(days=500)  # make_firm's stores begin 400 days before today
    later = make_firm(world, number=2)
    payee(later)
    refresh(world)
    assert [(r.subject.ref, r.trigger) for r in reviews(world)] == [
        (f"store:{later.store_id}", LinkTrigger.REREGISTRATION)
    ]
    refresh(world)
    assert len(reviews(world, ALL)) == 1  # seen once, not at every derivation


def test_an_older_store_found_out_later_is_no_reregistration(two):
    one, other = two
    world = one.world
    cut(world, payee_link(world))
    close(one)
    assert reviews(world) == []
    for scene in (one, other):
        payee(scene, "6222020000009999")
    refresh(world)
    assert [r.trigger for r in reviews(world)] == [LinkTrigger.CLOSURE]


def test_a_declared_affiliate_and_a_declared_store_are_links_of_their_own_kind(world):
    make_people(world)
    one, other = make_firm(world, number=1), make_firm(world, number=2)
    world.do(
        lambda s: registry.declare_affiliate(
            s,
            clock=world.clock,
            actor=one.owner,
            operator_id=one.operator_id,
            name="（虚构）莆田市第2鞋业有限公司",
            relation="同一控制人",
        )
    )
    world.do(
        lambda s: registry.declare_store(
            s,
            clock=world.clock,
            actor=one.owner,
            factory_id=one.factory_id,
            platform="示例平台",
            store_no="T9",
            name="第9店",
            from_on=today(world.clock),
            basis="自报",
        )
    )
    refresh(world)
    rows = world.see(lambda s: list_links(s, world.officer, program=PROGRAM))
    assert {r.reason for r in rows} == {LinkReason.AFFILIATE, LinkReason.DECLARED}
    group = world.see(
        lambda s: group_of_factory(s, world.officer, world.rulebook, factory_id=one.factory_id)
    )
    assert {m.subject.name for m in group.stores} == {"第1店", "第2店", "第9店"}
    assert other.store_id in {int(m.subject.ref.split(":")[1]) for m in group.stores}


def test_the_total_over_a_group_stands_beside_each_stores_points(two):
    one, other = two
    world = one.world
    for number in (1, 2):
        one.uphold(one.finding(number=number))
    for number in (31, 32, 33):
        other.uphold(other.finding(number=number))
    group = world.see(
        lambda s: get_group(s, world.officer, world.rulebook, store_id=one.store_id)
    )
    points = {m.subject.ref: m.points for m in group.stores}
    # the first store: 0 + 2 = 2; the other: 0 + 2 + 24 = 26; together 28
    assert points == {f"store:{one.store_id}": 2, f"store:{other.store_id}": 26}
    assert (group.operator_total, group.group_total) == (2, 28)
    around = world.see(
        lambda s: get_group(s, world.officer, world.rulebook, store_id=other.store_id)
    )
    assert (around.operator_total, around.group_total) == (26, 28)


def test_two_stores_with_the_same_picture_are_tied_by_it(world, tmp_path):
    make_people(world)
    scenes = [make_firm(world, number=n) for n in (1, 2)]
    for scene, size in zip(scenes, (300, 190), strict=True):
        world.do(
            lambda s, scene=scene, size=size: receive_file(
                s,
                clock=world.clock,
                actor=world.officer,
                content=drawn(0, size),
                name=f"{size}.png",
                purpose="listing_picture",
                subject=f"store:{scene.store_id}",
                program=PROGRAM,
                data_dir=world.app.data_dir,
            )
        )
    assert world.do(_hash_and_note(world)) == 2
    refresh(world)
    rows = world.see(lambda s: list_links(s, world.officer, program=PROGRAM))
    assert [(r.reason, r.strength) for r in rows] == [(LinkReason.PICTURE, 40)]


def _hash_and_note(world: World):
    def work(session):
        done = links.hash_pictures(session, data_dir=world.app.data_dir)
        links.refresh_links(session, world.rulebook, clock=world.clock, actor=world.officer)
        return done

    return work


def test_no_phone_or_account_is_in_the_tables(two):
    world = two[0].world
    kept = world.see(
        lambda s: [
            str(row)
            for table in (StoreTrait.__table__, StoreLink.__table__)
            for row in s.execute(table.select())
        ]
    )
    assert kept
    assert not [row for row in kept if "622202" in row or "0000001234" in row]


def test_every_faulty_row_of_a_table_is_named_and_nothing_is_kept(two):
    world = two[0].world
    with pytest.raises(Invalid) as refused:
        world.do(
            lambda s: links.record_traits(
                s,
                clock=world.clock,
                actor=world.officer,
                program=PROGRAM,
                source="表",
                given=[
                    links.TraitGiven("示例平台", "T1", TraitKind.PHONE, "13900001111"),
                    links.TraitGiven("示例平台", "T404", TraitKind.PHONE, "13900001111"),
                    links.TraitGiven("示例平台", "T2", TraitKind.PHONE, "无"),
                ],
            )
        )
    assert [(f.place, f.code) for f in refused.value.faults] == [
        ("row 3", "trait_store_unknown"),
        ("row 4", "trait_value_empty"),
    ]
    assert refresh(world).new == 0


def test_links_are_derived_again_only_after_a_fact_changed(two):
    world = two[0].world
    assert world.see(lambda s: links.is_stale(s, program=PROGRAM)) is False
    world.clock.advance(minutes=1)
    payee(two[0], "6222020000007777")
    assert world.see(lambda s: links.is_stale(s, program=PROGRAM)) is True


def test_owner_and_marketer_learn_of_no_link(two):
    one, _ = two
    world = one.world
    for actor in (one.owner, world.marketer):
        with pytest.raises(NotAllowed):
            world.see(lambda s, a=actor: list_links(s, a, program=PROGRAM))


def test_the_minute_brings_the_links_up_to_date(two):
    from marketplace.upkeep.minute import refresh_links

    one, other = two
    world = one.world
    payee(one, "6222020000007777")
    payee(other, "6222020000007777")
    assert refresh_links(world.app, world.rulebook) is True
    assert refresh_links(world.app, world.rulebook) is False
    rows = world.see(
        lambda s: list_links(s, world.officer, program=PROGRAM, reasons=(LinkReason.PAYEE,))
    )
    assert len(rows) == 2
    assert timedelta(0) <= world.clock.now() - rows[0].first_seen_at


def firm_without_store(world: World, name: str, number: int) -> int:
    made = world.do(
        lambda s: registry.record_factory(
            s, world.rulebook, clock=world.clock, actor=world.officer,
            values={"name": name, "uscc": uscc(number)}, source="测试",
        )
    )  # fmt: skip
    return world.see(lambda s: s.get(Factory, made.factory_id).operator_id)


def affiliate_of(world: World, operator_id: int, scene: Scene) -> None:
    name = world.see(lambda s: s.get(Operator, scene.operator_id).name)
    world.do(
        lambda s: registry.declare_affiliate(
            s, clock=world.clock, actor=world.officer, operator_id=operator_id, name=name,
            uscc=None, relation="同一控制人",
        )
    )  # fmt: skip


def test_a_firm_registered_after_a_closure_is_seen_before_it_has_a_store(world):
    make_people(world)
    one = make_firm(world, number=1)
    older = firm_without_store(world, "（虚构）莆田市早先鞋业", 71)
    close(one)
    world.clock.advance(hours=1)
    newer = firm_without_store(world, "（虚构）莆田市后来鞋业", 72)
    for operator_id in (older, newer):
        affiliate_of(world, operator_id, one)
    refresh(world)
    assert [(r.subject.ref, r.trigger) for r in reviews(world)] == [
        (f"operator:{newer}", LinkTrigger.REREGISTRATION)
    ]


def store_from_today(scene: Scene, number: str) -> int:
    world = scene.world
    holding = scene.do(
        lambda s: registry.declare_store(
            s, clock=world.clock, actor=world.officer, factory_id=scene.factory_id,
            platform="示例平台", store_no=number, name=f"{number}店", from_on=today(world.clock),
            basis="执照",
        )
    )  # fmt: skip
    scene.do(
        lambda s: registry.confirm_holding(
            s, clock=world.clock, actor=world.officer, holding_id=holding
        )
    )
    return world.see(lambda s: s.get(StoreHolding, holding).store_id)


def test_of_stores_begun_on_the_day_of_a_closure_the_register_says_which_came_after(world):
    make_people(world)
    one, other = make_firm(world, number=1), make_firm(world, number=2)
    before = store_from_today(other, "T-before")
    world.clock.advance(hours=1)
    close(one)
    world.clock.advance(hours=1)
    after = store_from_today(other, "T-after")
    affiliate_of(world, other.operator_id, one)
    refresh(world)
    assert {r.subject.ref: r.trigger for r in reviews(world)} == {
        f"store:{other.store_id}": LinkTrigger.CLOSURE,
        f"store:{before}": LinkTrigger.CLOSURE,
        f"store:{after}": LinkTrigger.REREGISTRATION,
    }


def test_a_store_that_is_closed_already_is_not_looked_at_again(two):
    one, other = two
    world = one.world
    cut(world, payee_link(world))
    close(one)
    close(other)
    for scene in two:
        payee(scene, "6222020000009999")
    refresh(world)
    assert reviews(world, ALL) == []
