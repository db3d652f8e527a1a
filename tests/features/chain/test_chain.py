"""The chain holds (domain §3b): a fact removes exactly what rests on it, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlmodel import select

from marketplace.base.access import PUBLIC
from marketplace.base.clock import today
from marketplace.base.errors import NotFound, Refused
from marketplace.base.inbox import list_messages
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog import queries as products
from marketplace.features.catalog.kinds import (
    LapseReason,
    Moderation,
    ProductVerdict,
    TestOutcome,
    TrademarkStatus,
)
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.history import commands as history
from marketplace.features.history.kinds import EarlierKind, QuantityBand, Reliability
from marketplace.features.progress import commands as progress
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.queries import is_enrolled
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion import queries as promoted
from marketplace.features.promotion.kinds import SlotStatus
from marketplace.features.promotion.tables import Slot
from marketplace.features.registry import commands as registry
from marketplace.upkeep.minute import run_minute
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once
from tests.features.scene import Scene, clear_windows, feature, make_firm, make_people, uscc


@dataclass
class Stage:
    """Two firms in one collection; what happens to the first must not touch the second."""

    world: World
    one: Scene
    other: Scene

    def shown(self) -> set[int]:
        """Products the public sees in the collection now."""
        found = self.world.see(
            lambda s: promoted.list_public_collections(s, PUBLIC, clock=self.world.clock)
        )
        return {product.product_id for one in found for product in one.products}

    def live(self) -> set[int]:
        """Products the public list shows now."""
        rows, _ = self.world.see(
            lambda s: products.list_public_products(s, PUBLIC, clock=self.world.clock)
        )
        return {product.product_id for product in rows}

    def status(self, product_id: int):
        return self.world.see(
            lambda s: (
                products.get_product(
                    s, self.world.officer, clock=self.world.clock, product_id=product_id
                ).status
            )
        )

    def code(self, product_id: int) -> str:
        return self.world.see(
            lambda s: (
                products.get_product(
                    s, self.world.officer, clock=self.world.clock, product_id=product_id
                ).code
            )
        )

    def answer(self, product_id: int):
        code = self.code(product_id)
        return self.world.see(
            lambda s: products.find_by_code(
                s, PUBLIC, self.world.rulebook, clock=self.world.clock, code=code
            )
        )

    def eligible(self, product_id: int) -> bool:
        return self.world.see(
            lambda s: (
                promoted.get_eligibility(
                    s,
                    self.world.marketer,
                    self.world.rulebook,
                    clock=self.world.clock,
                    product_id=product_id,
                ).eligible
            )
        )

    def open_lapses(self, product_id: int, actor=None):
        rows = self.world.see(
            lambda s: products.list_lapses(
                s, actor or self.world.officer, product_id=product_id
            )
        )
        return [row for row in rows if row.closed_at is None]

    def codes_to(self, actor) -> list[str]:
        return [m.code for m in self.world.see(lambda s: list_messages(s, actor))]

    @property
    def everything(self) -> set[int]:
        return {*self.one.product_ids, *self.other.product_ids}


@pytest.fixture
@built_once
def stage(world) -> Stage:
    make_people(world)
    one, other = make_firm(world, number=1), make_firm(world, number=2)
    clear_windows(world)
    feature(world, [one, other], slots=4)
    stage = Stage(world, one, other)
    assert stage.shown() == stage.live() == stage.everything
    return stage


def named_finding(stage: Stage) -> None:
    stage.one.uphold(stage.one.finding((stage.one.product_ids[0],)))


def four_offenses(stage: Stage) -> None:
    for n in range(4):  # 0 + 2 + 24 + 24 = 50 points, over 48
        stage.one.uphold(stage.one.finding(number=10 + n))


def failed_test(stage: Stage) -> None:
    stage.one.report(stage.one.product_ids[0], "FAIL", outcome=TestOutcome.FAILED)


def mark_revoked(stage: Stage) -> None:
    stage.world.do(
        lambda s: catalog.change_trademark_status(
            s,
            stage.world.rulebook,
            clock=stage.world.clock,
            actor=stage.world.officer,
            trademark_id=stage.one.trademark_id,
            status=TrademarkStatus.REVOKED,
            reason="撤销公告",
        )
    )


def enrollment_changed(status: EnrollmentStatus) -> Callable[[Stage], None]:
    def change(stage: Stage) -> None:
        stage.world.do(
            lambda s: progress.change_enrollment(
                s,
                clock=stage.world.clock,
                actor=stage.world.officer,
                enrollment_id=stage.one.enrollment_id,
                status=status,
                reason="企业申请，已核对",
            )
        )

    return change


def suspended(stage: Stage) -> None:
    stage.world.do(
        lambda s: catalog.suspend_product(
            s,
            stage.world.rulebook,
            clock=stage.world.clock,
            actor=stage.world.officer,
            product_id=stage.one.product_ids[0],
            reason="初步证据：实物图与备案不符",
        )
    )


FIRST, ALL = slice(0, 1), slice(0, 2)

REMOVING = [
    (named_finding, FIRST, LapseReason.FINDING),
    (four_offenses, ALL, LapseReason.STORE_CLOSED),
    (failed_test, FIRST, LapseReason.TEST_FAILED),
    (mark_revoked, ALL, LapseReason.TRADEMARK_LOST),
    (enrollment_changed(EnrollmentStatus.WITHDRAWN), ALL, LapseReason.ENROLLMENT_ENDED),
    (enrollment_changed(EnrollmentStatus.REMOVED), ALL, LapseReason.ENROLLMENT_ENDED),
    (suspended, FIRST, LapseReason.SUSPENDED),
]
NAMES = [
    "finding naming it", "closure of the store", "failed test", "mark revoked",
    "firm withdrawn", "firm removed", "suspension by a person",
]  # fmt: skip


@pytest.mark.parametrize(("fact", "which", "reason"), REMOVING, ids=NAMES)
def test_a_recorded_fact_removes_exactly_what_rests_on_it(stage, fact, which, reason):
    gone = set(stage.one.product_ids[which])
    fact(stage)
    assert stage.live() == stage.everything - gone
    assert stage.shown() <= stage.everything - gone
    for product in stage.everything:
        removed = product in gone
        assert stage.status(product) is (Moderation.LAPSED if removed else Moderation.VERIFIED)
        assert stage.eligible(product) is not removed
        assert stage.answer(product).outcome.value == ("lapsed" if removed else "valid")
        assert [x.reason for x in stage.open_lapses(product)] == ([reason] if removed else [])


@pytest.mark.parametrize(("fact", "which", "reason"), REMOVING, ids=NAMES)
def test_owner_marketer_and_public_each_get_their_reason(stage, fact, which, reason):
    product = stage.one.product_ids[which][0]
    fact(stage)
    assert f"lapse_{reason.value}" in stage.codes_to(stage.one.owner)
    assert "product_not_featurable" in stage.codes_to(stage.world.marketer)
    assert f"lapse_{reason.value}" not in stage.codes_to(stage.world.marketer)
    assert stage.codes_to(stage.other.owner).count(f"lapse_{reason.value}") == 0
    # The owner reads the cause, the marketer the class of reason only.
    assert stage.open_lapses(product, stage.one.owner)[0].cause is not None
    assert stage.open_lapses(product, stage.world.marketer)[0].cause is None
    # The public is told that it is not currently valid, and nothing of why.
    answer = stage.answer(product)
    assert (answer.verified, answer.hint) == ((), None)
    with pytest.raises(NotFound):
        stage.world.see(
            lambda s: products.get_public_product(
                s, PUBLIC, clock=stage.world.clock, code=stage.code(product)
            )
        )


def test_a_suspended_product_keeps_its_slot_for_the_hours_of_the_program(stage):
    product = stage.one.product_ids[0]
    suspended(stage)

    def slots():
        wanted = select(Slot.status).where(Slot.product_id == product)
        return stage.world.see(lambda s: list(s.execute(wanted).scalars()))

    assert slots() == [SlotStatus.HELD]
    stage.world.clock.advance(hours=stage.world.rulebook.featuring.hold_hours, seconds=1)
    run_minute(stage.world.app)
    assert slots() == [SlotStatus.REMOVED]


@pytest.mark.parametrize("verdict", ["withdrawn", "recalled"])
def test_what_is_withdrawn_or_recalled_leaves_for_good_and_the_code_says_so(stage, verdict):
    product = stage.one.product_ids[0]
    if verdict == "withdrawn":
        stage.world.do(
            lambda s: catalog.withdraw_product(
                s,
                stage.world.rulebook,
                clock=stage.world.clock,
                actor=stage.one.owner,
                product_id=product,
            )
        )
    else:
        stage.world.do(
            lambda s: catalog.recall_product(
                s,
                stage.world.rulebook,
                clock=stage.world.clock,
                actor=stage.world.officer,
                product_id=product,
                reason="鞋底断裂，召回",
            )
        )
    assert stage.live() == stage.everything - {product}
    assert product not in stage.shown()
    assert stage.answer(product).outcome.value == verdict
    with pytest.raises(Refused):
        restore(stage, product)


def suspected_finding(stage: Stage) -> None:
    stage.one.finding((stage.one.product_ids[0],))


def dismissed_finding(stage: Stage) -> None:
    finding = stage.one.finding((stage.one.product_ids[0],))
    from marketplace.features.progress.queries import time_zero

    stage.world.do(
        lambda s: enforcement.hear_owner(
            s, clock=stage.world.clock, actor=stage.world.officer, finding_id=finding,
            statement="说明",
        )
    )  # fmt: skip
    stage.world.do(
        lambda s: enforcement.decide_finding(
            s, stage.world.rulebook, clock=stage.world.clock, actor=stage.world.reviewer,
            finding_id=finding, uphold=False, reason="不近似，不成立", time_zero=time_zero,
        )
    )  # fmt: skip


def first_offense_naming_nothing(stage: Stage) -> None:
    stage.one.uphold(stage.one.finding())


def public_report(stage: Stage) -> None:
    code = stage.code(stage.one.product_ids[0])
    stage.world.do(
        lambda s: enforcement.report_product(
            s,
            clock=stage.world.clock,
            actor=PUBLIC,
            program=PROGRAM,
            text="这双鞋像别人的",
            product_code=code,
        )
    )


def earlier_record(stage: Stage) -> None:
    stage.world.do(
        lambda s: history.record_earlier_record(
            s,
            clock=stage.world.clock,
            actor=stage.world.officer,
            factory_id=stage.one.factory_id,
            kind=EarlierKind.PENALTY_DECISION,
            source="市监局",
            reliability=Reliability.OFFICIAL,
            unit="pairs",
            quantity=9_000,
            reference_no="2014-1",
        )
    )


def disclosure(stage: Stage) -> None:
    stage.world.do(
        lambda s: history.disclose(
            s,
            clock=stage.world.clock,
            actor=stage.one.owner,
            operator_id=stage.one.operator_id,
            quantity_band=QuantityBand.MOST,
            year_band=stage.world.rulebook.disclosure.year_bands[0],
            notice_sha256="a" * 64,
        )
    )


def declared_affiliate(stage: Stage) -> None:
    stage.world.do(
        lambda s: registry.declare_affiliate(
            s,
            clock=stage.world.clock,
            actor=stage.one.owner,
            operator_id=stage.one.operator_id,
            name="（虚构）关联鞋厂",
            uscc=uscc(77),
            relation="同一负责人",
        )
    )


NOTHING = [
    suspected_finding,
    dismissed_finding,
    first_offense_naming_nothing,
    public_report,
    earlier_record,
    disclosure,
    declared_affiliate,
    enrollment_changed(EnrollmentStatus.PAUSED),
    enrollment_changed(EnrollmentStatus.GRADUATED),
]


@pytest.mark.parametrize(
    "fact",
    NOTHING,
    ids=[
        "suspected", "dismissed", "naming nothing", "report", "earlier record", "disclosure",
        "affiliate", "paused", "graduated",
    ],
)  # fmt: skip
def test_nothing_suspected_said_or_past_removes_anything(stage, fact):
    fact(stage)
    assert stage.live() == stage.everything
    assert all(stage.answer(p).outcome.value == "valid" for p in stage.everything)
    assert all(not stage.open_lapses(p) for p in stage.everything)


def test_expiry_hides_at_the_instant_and_the_minute_job_tells(stage):
    """No job has to run for a product to be hidden; the job writes lapse and notice."""
    product = stage.one.product_ids[0]
    until = stage.world.see(
        lambda s: (
            products.get_product(
                s, stage.world.officer, clock=stage.world.clock, product_id=product
            ).valid_until
        )
    )
    stage.world.clock.advance(days=(until - today(stage.world.clock)).days - 1)
    assert product in stage.live()
    stage.world.clock.advance(days=1)
    assert product not in stage.live()
    assert product not in stage.shown()
    assert stage.answer(product).outcome.value == "lapsed"
    assert stage.open_lapses(product) == []
    run_minute(stage.world.app)
    assert len(stage.open_lapses(product)) == 1
    told = [c for c in stage.codes_to(stage.one.owner) if c.startswith("lapse_")]
    run_minute(stage.world.app)
    assert [c for c in stage.codes_to(stage.one.owner) if c.startswith("lapse_")] == told


def restore(stage: Stage, product: int, *, named: bool = True, actor=None):
    lapses = [row.lapse_id for row in stage.open_lapses(product)] if named else []
    return stage.world.do(
        lambda s: catalog.restore_product(
            s,
            stage.world.rulebook,
            clock=stage.world.clock,
            actor=actor or stage.world.reviewer,
            product_id=product,
            lapse_ids=lapses,
            reason="复核后恢复",
            is_enrolled=is_enrolled,
        )
    )


def test_an_overturned_finding_brings_nothing_back_and_a_decision_naming_the_lapse_does(stage):
    product = stage.one.product_ids[0]
    finding = stage.one.finding((product,))
    stage.one.uphold(finding)
    from dataclasses import replace

    second = replace(stage.world.reviewer, account_id=stage.world.deputy.account_id)
    stage.world.do(
        lambda s: enforcement.overturn_finding(
            s,
            stage.world.rulebook,
            clock=stage.world.clock,
            actor=second,
            finding_id=finding,
            reason="证据不足",
        )
    )
    assert stage.status(product) is Moderation.LAPSED
    assert product not in stage.live()
    with pytest.raises(Refused, match="lapse_unnamed"):
        restore(stage, product, named=False)
    restore(stage, product)
    assert product in stage.live()
    assert stage.open_lapses(product) == []
    assert "product_back" in stage.codes_to(stage.one.owner)


def test_every_open_lapse_must_be_named_also_one_that_came_while_it_was_out(stage):
    product = stage.one.product_ids[0]
    named_finding(stage)
    four_offenses(stage)
    reasons = {row.reason for row in stage.open_lapses(product)}
    assert reasons == {LapseReason.FINDING, LapseReason.STORE_CLOSED}
    only = [
        row.lapse_id for row in stage.open_lapses(product) if row.reason is LapseReason.FINDING
    ]
    with pytest.raises(Refused, match="lapse_unnamed"):
        stage.world.do(
            lambda s: catalog.restore_product(
                s,
                stage.world.rulebook,
                clock=stage.world.clock,
                actor=stage.world.reviewer,
                product_id=product,
                lapse_ids=only,
                reason="只写了一条",
                is_enrolled=is_enrolled,
            )
        )


def test_a_product_sent_in_again_is_not_verified_past_an_open_lapse(stage):
    product = stage.one.product_ids[0]
    named_finding(stage)
    stage.one.submit(product)
    with pytest.raises(Refused, match="lapse_unnamed"):
        stage.one.decide(product)
    # What happens while it is under review is not forgotten either.
    four_offenses(stage)
    lapses = [row.lapse_id for row in stage.open_lapses(product)]
    assert len(lapses) == 2
    stage.one.decide(product, lapse_ids=lapses)
    assert stage.status(product) is Moderation.VERIFIED
    assert stage.open_lapses(product) == []


def test_facts_must_hold_again_before_anything_comes_back(stage):
    product = stage.one.product_ids[0]
    mark_revoked(stage)
    with pytest.raises(Refused, match="product_incomplete"):
        restore(stage, product)
    assert product not in stage.live()


def test_a_failed_test_is_healed_by_a_later_report_and_a_decision(stage):
    product = stage.one.product_ids[0]
    failed_test(stage)
    stage.world.clock.advance(days=3)
    stage.one.report(product, "AGAIN")
    assert product not in stage.live()
    restore(stage, product)
    assert product in stage.live()


def test_the_whole_transaction_fails_with_the_notice(stage, monkeypatch):
    """A fact whose consequences cannot be written is not recorded either."""
    product = stage.one.product_ids[0]
    finding = stage.one.finding((product,))

    def fail(*_args: object, **_more: object) -> None:
        raise OSError("no room for the notice")

    from marketplace.features.promotion import reactions

    monkeypatch.setattr(reactions, "vacate", fail)
    with pytest.raises(OSError, match="no room"):
        stage.one.uphold(finding)
    assert product in stage.live()
    assert stage.open_lapses(product) == []
    found = stage.world.see(lambda s: s.get(enforcement_finding(), finding).status.value)
    assert found == "suspected"


def enforcement_finding():
    from marketplace.features.enforcement.tables import Finding

    return Finding


def test_the_objection_window_keeps_a_new_product_out_and_an_objection_keeps_it_out(world):
    make_people(world)
    firm = make_firm(world, products=1)
    stage = Stage(world, firm, firm)
    assert not stage.eligible(firm.product_ids[0])
    world.do(
        lambda s: promotion.record_objection(
            s,
            clock=world.clock,
            actor=world.officer,
            product_id=firm.product_ids[0],
            objector="北岭（虚构）",
            note="权利人提出异议，附对比图",
        )
    )
    clear_windows(world)
    firm.list_on_platform(firm.product_ids[0], "6000010")
    assert not stage.eligible(firm.product_ids[0])
    # It removes nothing by itself: the product stays verified and public.
    assert firm.product_ids[0] in stage.live()


def test_a_rejected_product_was_never_public(world):
    make_people(world)
    firm = make_firm(world, products=0)
    product = firm.draft("N-1")
    firm.report(product, "N-1")
    firm.submit(product)
    firm.decide(product, ProductVerdict.REJECTED, reason_codes=["design_resembles"])
    stage = Stage(world, firm, firm)
    assert stage.live() == set()
    assert stage.code(product) is None
