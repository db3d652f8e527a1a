"""What enters the score, who sees it, how it is disputed; nothing of it leaves the house."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import select

from marketplace.base.access import Role
from marketplace.base.access.policy import TABLE
from marketplace.base.errors import NotAllowed, NotFound, Refused
from marketplace.exchange.kinds import ImportKind
from marketplace.features.credit import commands as credit
from marketplace.features.credit.kinds import DisputeStatus
from marketplace.features.credit.queries import get_score, list_disputes
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import EntryKind
from marketplace.features.enforcement.tables import PointsEntry
from marketplace.features.history.commands import record_earlier_record
from marketplace.features.history.kinds import EarlierKind, Reliability
from tests.features.appeals.parting import closed_by_complaints, make_house
from tests.features.conftest import PROGRAM
from tests.features.enforcement.dealing import offenses, overturn, suspension
from tests.features.links.test_links_in_app import close, payee, refresh
from tests.features.once import built_once
from tests.features.scene import make_firm, make_people


@pytest.fixture
@built_once
def firm(world):
    make_people(world)
    return make_firm(world, number=1)


def points(scene, actor=None) -> int:
    return scene.world.see(
        lambda s: get_score(
            s, actor or scene.owner, scene.world.rulebook, clock=scene.clock,
            operator_id=scene.operator_id,
        )
    ).points  # fmt: skip


def effect(scene, key: str) -> float:
    found = scene.world.see(
        lambda s: get_score(
            s, scene.owner, scene.world.rulebook, clock=scene.clock,
            operator_id=scene.operator_id,
        )
    )  # fmt: skip
    return next(c.effect_points for c in found.components if c.key == key)


def test_an_upheld_offense_enters_and_a_suspicion_does_not(firm):
    before = points(firm)
    finding = firm.finding()
    assert points(firm) == before
    firm.uphold(finding)
    # one fresh offense: 40 * (1 - 0.5^0.5) = 11.7
    assert effect(firm, "offenses") == pytest.approx(-11.72, abs=0.01)
    assert points(firm) == before - 12


def test_an_overturned_offense_leaves(firm):
    before = points(firm)
    finding = firm.finding()
    firm.uphold(finding)
    from dataclasses import replace

    other = replace(firm.world.reviewer, account_id=77, login="other")
    firm.do(
        lambda s: enforcement.overturn_finding(
            s, firm.world.rulebook, clock=firm.clock, actor=other, finding_id=finding,
            reason="复核认定有误",
        )
    )  # fmt: skip
    assert points(firm) == before


def test_a_counted_complaint_enters_and_one_taken_back_leaves(firm):
    before = points(firm)
    firm.do(
        lambda s: enforcement.count_complaint(
            s, firm.world.rulebook, clock=firm.clock, actor=firm.world.officer,
            store_id=firm.store_id, brand="青岚（虚构）", complaint_ref="C1",
        )
    )  # fmt: skip
    # 15 * (1 - 0.5^0.5) = 4.4
    assert effect(firm, "brand_complaints") == pytest.approx(-4.39, abs=0.01)
    firm.do(
        lambda s: enforcement.reverse_complaint(
            s, firm.world.rulebook, clock=firm.clock, actor=firm.world.reviewer,
            complaint_ref="C1",
        )
    )  # fmt: skip
    assert points(firm) == before


def test_earlier_records_and_links_never_enter(firm):
    before = points(firm)
    firm.do(
        lambda s: record_earlier_record(
            s, clock=firm.clock, actor=firm.world.officer, factory_id=firm.factory_id,
            kind=EarlierKind.PENALTY_DECISION, source="市监局", reliability=Reliability.OFFICIAL,
            unit="pairs", quantity=90_000, reference_no="P1",
        )
    )  # fmt: skip
    other = make_firm(firm.world, number=2)
    for scene in (firm, other):
        payee(scene)
    refresh(firm.world)
    close(other)
    assert points(firm) == before


def test_passed_tests_lift_it_and_fade(firm):
    assert effect(firm, "product_tests") == 0  # those of before enrollment do not count
    firm.clock.advance(days=10)
    firm.report(firm.product_ids[0], "R9")
    first = effect(firm, "product_tests")
    assert first > 0
    firm.clock.advance(days=365)
    assert 0 < effect(firm, "product_tests") < first


def test_a_test_the_owner_tells_of_by_himself_lifts_nothing(firm):
    """Nobody saw it but he: it is no evidence of anything yet."""
    firm.clock.advance(days=10)
    firm.report(firm.product_ids[0], "R9", by=firm.owner)
    assert effect(firm, "product_tests") == 0


def test_a_suspension_that_lost_its_ground_leaves(firm):
    """The first of three offenses falls: the third is the second now and suspends nobody."""
    first = offenses(firm, 3)[0]
    assert effect(firm, "suspensions") < 0
    overturn(firm, first)
    assert effect(firm, "suspensions") == 0


def test_a_dispute_is_decided_by_somebody_without_a_hand_in_it(firm):
    world = firm.world
    before = points(firm)
    finding = firm.finding()
    firm.uphold(finding)  # recorded by the officer, decided by the reviewer
    number = firm.do(
        lambda s: credit.file_dispute(
            s, world.rulebook, clock=firm.clock, actor=firm.owner,
            operator_id=firm.operator_id, event_ref=f"finding:{finding}",
            statement="该店当时已转让",
        )
    )  # fmt: skip

    def decide(actor, *, accept=True):
        return lambda s: credit.decide_dispute(
            s, clock=firm.clock, actor=actor, dispute_id=number, accept=accept,
            reason="核对转让合同属实",
        )  # fmt: skip

    for hand in (world.officer, world.reviewer):
        with pytest.raises(Refused) as refused:
            world.do(decide(hand))
        assert refused.value.code == "author_never_decides"
    world.do(decide(world.deputy))
    assert points(firm) == before
    with pytest.raises(Refused):
        world.do(decide(world.deputy, accept=False))
    rows = world.see(lambda s: list_disputes(s, firm.owner, program=PROGRAM))
    assert [(r.status, r.reason) for r in rows] == [
        (DisputeStatus.ACCEPTED, "核对转让合同属实")
    ]


def test_the_same_dispute_twice_is_one_and_a_strange_one_is_not_found(firm):
    finding = firm.finding()
    firm.uphold(finding)

    def file(ref, actor=firm.owner):
        return lambda s: credit.file_dispute(
            s, firm.world.rulebook, clock=firm.clock, actor=actor,
            operator_id=firm.operator_id, event_ref=ref, statement="请再核对一次",
        )  # fmt: skip

    assert firm.do(file(f"finding:{finding}")) == firm.do(file(f"finding:{finding}"))
    with pytest.raises(NotFound):
        firm.do(file("finding:999"))
    other = make_firm(firm.world, number=2)
    with pytest.raises(NotFound):
        firm.do(file(f"finding:{finding}", other.owner))


def test_nothing_of_it_leaves_the_house(firm):
    for actor in (firm.world.marketer,):
        with pytest.raises(NotAllowed):
            points(firm, actor)
    for action in ("credit.get_score", "credit.list_disputes"):
        assert not {Role.MARKETER, Role.PUBLIC, Role.RIGHT_HOLDER} & set(TABLE[action])
    assert not [kind for kind in ImportKind if "credit" in kind.value or "score" in kind.value]


def test_before_enrollment_there_is_no_score(world):
    from marketplace.features.registry import commands as registry
    from tests.features.scene import uscc

    make_people(world)
    made = world.do(
        lambda s: registry.record_factory(
            s, world.rulebook, clock=world.clock, actor=world.officer,
            values={"name": "（虚构）莆田市新厂", "uscc": uscc(9), "address": "莆田市荔城区9号"},
            source="测试",
        )
    )  # fmt: skip
    found = world.see(
        lambda s: get_score(
            s, world.officer, world.rulebook, clock=world.clock, operator_id=made.operator_id
        )
    )
    assert found is None


def test_an_event_that_counts_no_more_is_still_decided_by_somebody_else(firm):
    """A suspension put right counts no more; who decided it does not decide what was said of it."""
    world = firm.world
    offenses(firm, 3)
    number = suspension(firm)
    dispute = firm.do(
        lambda s: credit.file_dispute(
            s, world.rulebook, clock=firm.clock, actor=firm.owner,
            operator_id=firm.operator_id, event_ref=f"suspension:{number}",
            statement="整改期内没有销售",
        )
    )  # fmt: skip
    firm.do(
        lambda s: enforcement.submit_plan(
            s, clock=firm.clock, actor=firm.owner, suspension_id=number,
            plan="旧图样已全部销毁，附照片；新款由设计主管逐款复核。",
        )
    )  # fmt: skip
    firm.do(
        lambda s: enforcement.answer_plan(
            s, clock=firm.clock, actor=world.officer, suspension_id=number, accepted=True,
            answer="方案可行，请按期完成",
        )
    )  # fmt: skip

    def decide(actor):
        return firm.do(
            lambda s: credit.decide_dispute(
                s, clock=firm.clock, actor=actor, dispute_id=dispute, accept=False,
                reason="整改期内确有销售",
            )
        )  # fmt: skip

    for hand in (world.officer, world.reviewer, replace(world.deputy, account_id=None)):
        with pytest.raises(Refused, match="author_never_decides"):
            decide(hand)
    decide(world.deputy)


def test_whoever_took_in_or_upheld_a_complaint_does_not_decide_what_is_said_of_it(firm):
    house = make_house(firm)
    closed_by_complaints(house)
    rows = firm.world.see(
        lambda s: list(
            s.execute(
                select(PointsEntry.id)
                .where(PointsEntry.kind == EntryKind.COMPLAINT)
                .order_by(PointsEntry.id)
            ).scalars()
        )
    )
    dispute = firm.do(
        lambda s: credit.file_dispute(
            s, firm.world.rulebook, clock=firm.clock, actor=firm.owner,
            operator_id=firm.operator_id, event_ref=f"complaint:{rows[0]}",
            statement="图案由我厂自行设计",
        )
    )  # fmt: skip
    for name in ("taker1", "upholder1"):
        with pytest.raises(Refused, match="author_never_decides"):
            house.do(
                credit.decide_dispute, name, dispute_id=dispute, accept=True,
                reason="核对过设计稿",
            )  # fmt: skip
    house.do(
        credit.decide_dispute, "upholder2", dispute_id=dispute, accept=True,
        reason="核对过设计稿",
    )  # fmt: skip


def test_a_complaint_too_soon_after_another_does_not_enter_as_it_does_not_count(firm):
    """One act of complaining is one: the second of an hour counts nowhere, a later one does."""

    def count(ref, hours, brand="青岚（虚构）"):
        firm.clock.advance(hours=hours)
        firm.do(
            lambda s: enforcement.count_complaint(
                s, firm.world.rulebook, clock=firm.clock, actor=firm.world.officer,
                store_id=firm.store_id, brand=brand, complaint_ref=ref,
            )
        )  # fmt: skip
        return round(effect(firm, "brand_complaints"), 2)

    one = count("C1", 0)
    assert one == pytest.approx(-4.39, abs=0.01)
    assert count("C2", 1) == one
    # Two of them: 15 * (1 - 0.5^1) = 7.5, a little less for the days since the first.
    assert count("C3", 73) == pytest.approx(-7.5, abs=0.05)
    firm.do(
        lambda s: enforcement.reverse_complaint(
            s, firm.world.rulebook, clock=firm.clock, actor=firm.world.reviewer,
            complaint_ref="C1",
        )
    )  # fmt: skip
    # Without the first the second counts; 72 hours later the third still does.
    assert effect(firm, "brand_complaints") == pytest.approx(-7.5, abs=0.05)
