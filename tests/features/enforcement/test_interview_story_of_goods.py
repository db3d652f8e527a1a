"""The interview's story of goods, money and doors: rules 4, 5, 6, 7 and 16 (domain.md §2).

What the program office does itself is told here. Buying goods and the appraiser's budget (4), the
photo a platform takes of a person (5) and the pop-up of its release form (6) are the platform's;
what comes of them is recorded here.
"""

from __future__ import annotations

import pytest
from sqlmodel import select

from marketplace.base.clock import month_index, today
from marketplace.base.errors import NotAllowed, Refused
from marketplace.features.complaints.queries import list_rights
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.enforcement.tables import Finding, PointsEntry
from marketplace.features.holds.settlement import OF_THE_HOUSE
from marketplace.features.links import commands as links
from marketplace.features.links.kinds import TraitKind
from marketplace.features.links.queries import list_reviews
from marketplace.features.progress import commands as progress
from marketplace.features.promotion.queries import list_sampling_frame
from marketplace.features.sampling.commands import draw_listings, record_look
from marketplace.features.sampling.kinds import SampleOutcome
from marketplace.features.sampling.queries import get_sample_draw
from tests.features.complaints.conftest import make_holder
from tests.features.conftest import PROGRAM
from tests.features.enforcement.dealing import offenses
from tests.features.holds import holding
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people


@pytest.fixture
@built_once
def firm(world) -> Scene:
    make_people(world)
    return make_firm(world)


def rows(world, table):
    return world.see(lambda s: list(s.execute(select(table)).scalars()))


def test_4_samples_are_drawn_at_random_and_what_looks_like_a_fake_is_dealt_with(world, firm):
    children = world.rulebook.enforcement.category("kids")
    assert "退货原因提到气味或脱胶" in [s.zh for s in children.signals]  # return reasons count
    with pytest.raises(NotAllowed):  # whom it concerns does not choose
        draw(world, actor=firm.owner)
    number = draw(world)
    assert draw(world) == number  # nobody draws until it pleases: the seed is not theirs
    _, [item] = world.see(
        lambda s: get_sample_draw(s, world.officer, clock=world.clock, draw_id=number)
    )
    world.do(
        lambda s: record_look(
            s, world.rulebook, clock=world.clock, actor=world.officer, item_id=item.item_id,
            outcome=SampleOutcome.CASE_OPENED, note="鉴定机构初看：侧面图形近似",
        )
    )  # fmt: skip
    [case] = rows(world, InfringementCase)
    assert (case.origin, case.item_no) == (Origin.PROACTIVE_MODEL, item.item_no)
    assert rows(world, Finding) == []  # a suspicion until a person decided


def draw(world, *, actor=None) -> int:
    return world.do(
        lambda s: draw_listings(
            s, world.rulebook, clock=world.clock, actor=actor or world.officer,
            frame_of=list_sampling_frame,
        )
    )  # fmt: skip


def test_5_the_ladder_is_climbed_in_order_name_then_person_then_the_place(world, firm):
    needs = {key: world.rulebook.condition(key).needs for key in
             ("real_name", "real_person", "on_site")}  # fmt: skip
    assert "real_name" in needs["real_person"]
    assert "real_person" in needs["on_site"]
    assert not {"real_person", "on_site"} & set(needs["real_name"])
    for step, missing in (("real_person", "real_name"), ("on_site", "real_person")):
        with pytest.raises(Refused, match="condition_needs") as refused:
            firm.do(
                lambda s, step=step: progress.submit_certification(
                    s, world.rulebook, clock=world.clock, actor=firm.owner,
                    factory_id=firm.factory_id, condition=step, evidence=[],
                )
            )  # fmt: skip
        assert missing in refused.value.facts["missing"]


def test_6_a_small_brand_registers_too_and_a_warning_heeded_before_release_is_no_violation(
    world, firm
):
    small, right = make_holder(world, "small", mark="青禾原创")
    [known] = world.see(lambda s: list_rights(s, small, program=PROGRAM))
    assert (known.right_id, known.mark) == (right, "青禾原创")  # a small original brand too
    world.do(
        lambda s: enforcement.record_near_miss(
            s, clock=world.clock, actor=world.officer, store_id=firm.store_id,
            month=month_index(today(world.clock)), listings=3, source="发布前筛查",
        )
    )  # fmt: skip
    assert rows(world, Finding) == []
    assert rows(world, PointsEntry) == []  # put right before release: never a violation


def test_7_the_seller_goes_on_receiving_money_but_cannot_move_what_is_disputed(world, firm):
    holding.takings(firm, 1_000_000)
    found = holding.finding(firm, value_fen=400_000)
    firm.uphold(found)
    holding.place(firm, found, 300_000)
    holding.takings(firm, 50_000)  # it still comes in
    available, frozen, paid = world.see(lambda s: OF_THE_HOUSE.standing(s, firm.store_id))
    # 1,000,000 - 300,000 + 50,000
    assert (available, frozen, paid) == (750_000, 300_000, 0)
    hold = holding.place(firm, found, 100_000)
    with pytest.raises(NotAllowed):
        firm.do(
            lambda s: holding.holds.release_hold(
                s, clock=firm.clock, actor=firm.owner, hold_id=hold, amount_fen=1,
                reason="自己把货款放出来",
            )
        )  # fmt: skip


def test_16_from_the_warehouse_to_the_shelf_each_category_is_watched_by_its_own_rules(world):
    make_people(world)
    firms = [make_firm(world, number=n) for n in (1, 2)]
    for one in firms:
        one.do(
            lambda s, store=one.store_id: links.record_trait(
                s, clock=world.clock, actor=world.officer, store_id=store,
                kind=TraitKind.WAREHOUSE, value="莆田市荔城区虚构路8号2号仓",
                source="发货单（虚构）",
            )
        )  # fmt: skip
        one.do(
            lambda s, store=one.store_id: links.record_trait(
                s, clock=world.clock, actor=world.officer, store_id=store,
                kind=TraitKind.PAYEE, value="6222020000001234", source="结算单（虚构）",
            )
        )  # fmt: skip
    world.do(
        lambda s: links.refresh_links(s, world.rulebook, clock=world.clock, actor=world.officer)
    )
    offenses(firms[0], 1)
    [review] = world.see(lambda s: list_reviews(s, world.officer, program=PROGRAM))
    assert review.subject.ref == f"store:{firms[1].store_id}"  # one warehouse, one payee
    shelf = world.see(lambda s: list_sampling_frame(s, PROGRAM))
    assert {x.store_id for x in shelf} == {f.store_id for f in firms}
    for listing in shelf:
        policy = world.rulebook.enforcement.category(listing.category)
        assert policy.signals
        assert policy.tests
        assert policy.sampling_rate
