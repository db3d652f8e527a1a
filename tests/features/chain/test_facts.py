"""The chain holds (domain §3b): each recorded fact removes exactly what rests on it.

Two firms stand in one published collection: the first with products A and B, the second with C.
A fact is recorded; in the same transaction exactly the products it takes are gone from the
showcase, the verify answer, the collection and the marketer's list, and each audience has its
reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from sqlmodel import select

from marketplace.base.access import PUBLIC
from marketplace.base.clock import today
from marketplace.base.errors import NotFound, Refused
from marketplace.base.inbox import list_messages
from marketplace.base.words import LANGUAGES, say
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import Moderation, TestOutcome, TrademarkStatus
from marketplace.features.catalog.queries import (
    find_by_code,
    get_product,
    get_public_product,
    list_lapses,
    list_public_products,
)
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.progress import commands as progress
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.queries import is_enrolled
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.queries import get_eligibility, get_public_collection
from marketplace.features.promotion.tables import Collection, Slot
from marketplace.features.registry import commands as registry
from marketplace.features.registry.tables import StoreHolding
from marketplace.upkeep.minute import run_minute
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once
from tests.features.scene import DAY, Scene, clear_windows, feature, make_firm, make_people

Record = Callable[["Town"], object]


@dataclass
class Town:
    """Two firms in one running collection."""

    world: World
    first: Scene
    second: Scene
    codes: dict[str, str] = field(default_factory=dict)

    @property
    def products(self) -> dict[str, int]:
        a, b = self.first.product_ids
        return {"A": a, "B": b, "C": self.second.product_ids[0]}

    def row(self, name: str):
        return self.world.see(
            lambda s: get_product(
                s, self.world.officer, clock=self.world.clock, product_id=self.products[name]
            )
        )

    def verify(self, name: str) -> str:
        return self.world.see(
            lambda s: find_by_code(
                s, PUBLIC, self.world.rulebook, clock=self.world.clock, code=self.codes[name]
            )
        ).outcome.value

    def has_page(self, name: str) -> bool:
        try:
            self.world.see(
                lambda s: get_public_product(
                    s, PUBLIC, clock=self.world.clock, code=self.codes[name]
                )
            )
        except NotFound:
            return False
        return True

    def in_collection(self) -> set[str]:
        def slug(session):
            return session.get(Collection, self.first.collection_id).slug

        shown = self.world.see(
            lambda s: get_public_collection(s, PUBLIC, clock=self.world.clock, slug=slug(s))
        )
        ids = {p.product_id for p in shown.products}
        return {name for name, number in self.products.items() if number in ids}

    def in_showcase(self) -> set[str]:
        rows, _total = self.world.see(
            lambda s: list_public_products(s, PUBLIC, clock=self.world.clock, program=PROGRAM)
        )
        ids = {p.product_id for p in rows}
        return {name for name, number in self.products.items() if number in ids}

    def offer(self, name: str):
        return self.world.see(
            lambda s: get_eligibility(
                s,
                self.world.marketer,
                self.world.rulebook,
                clock=self.world.clock,
                product_id=self.products[name],
            )
        )

    def failing(self, name: str) -> set[str]:
        return {line.key for line in self.offer(name).lines if not line.ok}

    def slot(self, name: str) -> str:
        return self.world.see(
            lambda s: s.execute(
                select(Slot).where(Slot.product_id == self.products[name])
            ).scalar_one()
        ).status.value

    def messages(self, actor, name: str) -> list[str]:
        """Return the codes an account got about a product, oldest first; all can be said."""
        rows = self.world.see(lambda s: list_messages(s, actor, limit=500))
        mine = [m for m in rows if m.subject == f"product:{self.products[name]}"]
        for message in mine:
            for lang in LANGUAGES:
                assert say(f"message.{message.code}", lang, **message.facts).strip()
        return [m.code for m in reversed(mine)]

    def lapses(self, name: str, *, actor=None):
        return self.world.see(
            lambda s: list_lapses(
                s, actor or self.world.officer, product_id=self.products[name]
            )
        )


def build(world: World, *, licensed: bool = False) -> Town:
    make_people(world)
    first = make_firm(world, number=1, products=2, licensed=licensed)
    second = make_firm(world, number=2, products=1)
    clear_windows(world)
    feature(world, [first, second], slots=3)
    town = Town(world, first, second)
    town.codes = {name: town.row(name).code for name in "ABC"}
    assert town.in_collection() == town.in_showcase() == {"A", "B", "C"}
    assert [town.verify(name) for name in "ABC"] == ["valid"] * 3
    return town


@pytest.fixture
@built_once
def town(world: World) -> Town:
    return build(world)


@pytest.fixture
@built_once
def licensed_town(world: World) -> Town:
    return build(world, licensed=True)


@pytest.fixture
def town_of_case(world: World, request: pytest.FixtureRequest, case: Case) -> Town:
    """The town whose first mark is licensed where the case is about a license."""
    assert world.app  # asked for by name, so that the test runs on each engine
    return request.getfixturevalue("licensed_town" if case.licensed else "town")


def four_findings(town: Town) -> None:
    """0 + 2 + 24 + 24 = 50 ≥ 48 points: the fourth closes the store; no product is named."""
    for number in range(1, 5):
        town.first.uphold(town.first.finding(number=number))


def finding_on_a(town: Town) -> None:
    town.first.uphold(town.first.finding((town.products["A"],)))


def failed_test_on_a(town: Town) -> None:
    town.first.report(town.products["A"], "R-failed", outcome=TestOutcome.FAILED)


def mark_becomes(status: TrademarkStatus) -> Record:
    def record(town: Town) -> None:
        town.world.do(
            lambda s: catalog.change_trademark_status(
                s,
                town.world.rulebook,
                clock=town.world.clock,
                actor=town.world.officer,
                trademark_id=town.first.trademark_id,
                status=status,
                reason="商标局公告",
            )
        )

    return record


def license_ends(town: Town) -> None:
    town.world.do(
        lambda s: catalog.end_license(
            s,
            town.world.rulebook,
            clock=town.world.clock,
            actor=town.world.officer,
            trademark_id=town.first.trademark_id,
            reason="授权合同终止",
        )
    )


def enrollment_becomes(status: EnrollmentStatus) -> Record:
    def record(town: Town) -> None:
        town.world.do(
            lambda s: progress.change_enrollment(
                s,
                clock=town.world.clock,
                actor=town.world.officer,
                enrollment_id=town.first.enrollment_id,
                status=status,
                reason="企业书面申请",
            )
        )

    return record


def enrollment_reversed(town: Town) -> None:
    town.world.do(
        lambda s: progress.reverse_enrollment(
            s,
            clock=town.world.clock,
            actor=town.world.reviewer,
            enrollment_id=town.first.enrollment_id,
            reason="承诺书签署有误",
        )
    )


def suspend_a(town: Town, *, actor=None) -> None:
    town.world.do(
        lambda s: catalog.suspend_product(
            s,
            town.world.rulebook,
            clock=town.world.clock,
            actor=actor or town.world.officer,
            product_id=town.products["A"],
            reason="初步证据：图形高度近似",
        )
    )


def recall_a(town: Town) -> None:
    town.world.do(
        lambda s: catalog.recall_product(
            s,
            town.world.rulebook,
            clock=town.world.clock,
            actor=town.world.reviewer,
            product_id=town.products["A"],
            reason="鞋底脱胶，召回",
        )
    )


def withdraw_a(town: Town) -> None:
    town.world.do(
        lambda s: catalog.withdraw_product(
            s,
            town.world.rulebook,
            clock=town.world.clock,
            actor=town.first.owner,
            product_id=town.products["A"],
        )
    )


@dataclass(frozen=True)
class Case:
    """A recorded fact and what must be gone after it."""

    name: str
    record: Record
    gone: str
    status: Moderation = Moderation.LAPSED
    answer: str = "lapsed"
    reason: str | None = None
    owner_reads: str = ""
    marketer_reads: tuple[str, ...] = ("product_not_featurable", "slot_vacated")
    slot: str = "removed"
    licensed: bool = False


def _lapse(name: str, record: Record, gone: str, reason: str, **more) -> Case:
    return Case(name, record, gone, reason=reason, owner_reads=f"lapse_{reason}", **more)


FACTS = [
    _lapse("finding decided", finding_on_a, "A", "finding"),
    _lapse("store closed", four_findings, "AB", "store_closed"),
    _lapse("test failed", failed_test_on_a, "A", "test_failed"),
    *(
        _lapse(f"mark {status.value}", mark_becomes(status), "AB", "trademark_lost")
        for status in (
            TrademarkStatus.REVOKED,
            TrademarkStatus.INVALIDATED,
            TrademarkStatus.EXPIRED,
        )
    ),
    _lapse("license ended", license_ends, "AB", "license_ended", licensed=True),
    _lapse(
        "enrollment withdrawn",
        enrollment_becomes(EnrollmentStatus.WITHDRAWN),
        "AB",
        "enrollment_ended",
    ),
    _lapse(
        "enrollment removed",
        enrollment_becomes(EnrollmentStatus.REMOVED),
        "AB",
        "enrollment_ended",
    ),
    _lapse("enrollment reversed", enrollment_reversed, "AB", "enrollment_ended"),
    _lapse(
        "product suspended",
        suspend_a,
        "A",
        "suspended",
        slot="held",
        marketer_reads=("product_not_featurable",),
    ),
    Case(
        "product recalled",
        recall_a,
        "A",
        status=Moderation.RECALLED,
        answer="recalled",
        owner_reads="product_recalled",
        marketer_reads=("product_not_featurable", "slot_vacated"),
    ),
    Case(
        "product withdrawn by its maker",
        withdraw_a,
        "A",
        status=Moderation.WITHDRAWN,
        answer="withdrawn",
        owner_reads="product_withdrawn",
        marketer_reads=("product_not_featurable", "slot_vacated"),
    ),
]


@pytest.mark.parametrize("case", FACTS, ids=lambda case: case.name)
def test_a_recorded_fact_removes_exactly_what_rests_on_it(
    world: World, town_of_case: Town, case: Case
) -> None:
    town = town_of_case
    before = {name: town.messages(world.marketer, name) for name in "ABC"}

    case.record(town)

    left = set("ABC") - set(case.gone)
    assert town.in_showcase() == left
    assert town.in_collection() == left
    assert {name for name in "ABC" if town.has_page(name)} == left
    for name in left:
        assert town.row(name).status is Moderation.VERIFIED
        assert town.verify(name) == "valid"
        assert town.slot(name) == "active"
        assert town.lapses(name) == []
        assert town.messages(world.marketer, name) == before[name]
    for name in case.gone:
        row = town.row(name)
        assert (row.status, row.live) == (case.status, False)
        assert town.verify(name) == case.answer
        assert town.slot(name) == case.slot
        assert "product_live" in town.failing(name)
        assert case.owner_reads in town.messages(town.first.owner, name)
        new = town.messages(world.marketer, name)[len(before[name]) :]
        assert tuple(sorted(new)) == case.marketer_reads


@pytest.mark.parametrize("case", [c for c in FACTS if c.reason], ids=lambda case: case.name)
def test_owner_reads_the_cause_and_the_marketer_a_class_of_reason(
    town_of_case: Town, case: Case
) -> None:
    town = town_of_case
    case.record(town)
    for name in case.gone:
        (owners,) = town.lapses(name, actor=town.first.owner)
        assert owners.reason.value == case.reason
        assert owners.cause is not None
        line = next(x for x in town.offer(name).lines if x.key == "product_live")
        assert dict(line.facts) == {"reason": case.reason}


def test_a_date_that_passes_hides_at_once_and_the_minute_writes_it_down(
    world: World, town: Town
) -> None:
    """The verification's own term, a year: the report runs 700 days, the mark until 2040."""
    ends = town.row("A").valid_until
    world.clock.advance(days=(ends - today(world.clock)).days - 1)
    assert town.has_page("A"), "the last valid day"

    world.clock.advance(days=1)

    assert (town.has_page("A"), town.verify("A")) == (False, "lapsed")
    assert "A" not in town.in_showcase()
    assert town.row("A").live is False
    assert "product_live" in town.failing("A")
    assert town.lapses("A") == [], "nothing is written until the minute job runs"

    run_minute(world.app)
    run_minute(world.app)

    (lapse,) = town.lapses("A")
    assert lapse.reason.value == "verification_expired"
    assert town.slot("A") == "removed"
    assert town.messages(town.first.owner, "A").count("lapse_verification_expired") == 1


def test_a_test_report_that_ends_hides_only_the_product_resting_on_it(
    world: World, town: Town
) -> None:
    short = town.first.draft("short")
    town.first.report(short, "R-short", days=30)
    town.first.submit(short)
    town.first.decide(short)
    code = world.see(
        lambda s: get_product(s, world.officer, clock=world.clock, product_id=short)
    ).code
    world.clock.advance(days=30)

    answer = world.see(
        lambda s: find_by_code(s, PUBLIC, world.rulebook, clock=world.clock, code=code)
    )
    run_minute(world.app)

    assert answer.outcome.value == "lapsed"
    (lapse,) = world.see(lambda s: list_lapses(s, world.officer, product_id=short))
    assert lapse.reason.value == "test_expired"
    assert town.in_showcase() == {"A", "B", "C"}


def suspected_finding(town: Town) -> None:
    town.first.finding((town.products["A"],))


def dismissed_finding(town: Town) -> None:
    from marketplace.features.progress.queries import time_zero

    number = town.first.finding((town.products["A"],))
    town.world.do(
        lambda s: enforcement.hear_owner(
            s,
            clock=town.world.clock,
            actor=town.world.officer,
            finding_id=number,
            statement="厂方说明情况",
        )
    )
    town.world.do(
        lambda s: enforcement.decide_finding(
            s,
            town.world.rulebook,
            clock=town.world.clock,
            actor=town.world.reviewer,
            finding_id=number,
            uphold=False,
            reason="不构成近似",
            time_zero=time_zero,
        )
    )


def finding_on_nobodys_product(town: Town) -> None:
    town.first.uphold(town.first.finding())


def report_from_the_public(town: Town) -> None:
    town.world.do(
        lambda s: enforcement.report_product(
            s,
            clock=town.world.clock,
            actor=PUBLIC,
            program=PROGRAM,
            product_code=town.codes["A"],
            text="看着像仿冒",
        )
    )


def objection(town: Town) -> None:
    """The window of a new product gets an objection: A and B are not touched by it."""
    new = town.first.draft("new")
    town.first.report(new, "R-new")
    town.first.submit(new)
    town.first.decide(new)
    town.world.do(
        lambda s: promotion.record_objection(
            s,
            clock=town.world.clock,
            actor=town.world.officer,
            product_id=new,
            objector="北岭（虚构）",
            note="权利人认为图形近似",
        )
    )


def another_store(town: Town) -> None:
    town.world.do(
        lambda s: registry.declare_store(
            s,
            clock=town.world.clock,
            actor=town.first.owner,
            factory_id=town.first.factory_id,
            platform="示例平台",
            store_no="T900",
            name="关联店",
            from_on=today(town.world.clock),
            basis="自报",
        )
    )


SUSPICIONS = [
    suspected_finding,
    dismissed_finding,
    finding_on_nobodys_product,
    report_from_the_public,
    objection,
    another_store,
    enrollment_becomes(EnrollmentStatus.GRADUATED),
]


@pytest.mark.parametrize(
    "record",
    SUSPICIONS,
    ids=[
        "suspected",
        "dismissed",
        "names no product",
        "public report",
        "objection",
        "linked store",
        "graduated",
    ],
)
def test_nothing_suspected_removes_anything(town: Town, record: Record) -> None:
    record(town)
    run_minute(town.world.app)
    assert town.in_showcase() == town.in_collection() == {"A", "B", "C"}
    for name in "ABC":
        assert town.verify(name) == "valid"
        assert town.slot(name) == "active"
        assert town.lapses(name) == []


def restore(town: Town, name: str, *, actor=None, lapse_ids=None) -> date:
    named = [x.lapse_id for x in town.lapses(name)] if lapse_ids is None else lapse_ids
    return town.world.do(
        lambda s: catalog.restore_product(
            s,
            town.world.rulebook,
            clock=town.world.clock,
            actor=actor or town.world.reviewer,
            product_id=town.products[name],
            lapse_ids=named,
            reason="整改完成，事实重新成立",
            is_enrolled=is_enrolled,
        )
    )


def test_only_a_decision_naming_every_lapse_brings_a_product_back(town: Town) -> None:
    finding_on_a(town)
    failed_test_on_a(town)
    first, second = (x.lapse_id for x in town.lapses("A"))

    with pytest.raises(Refused, match="lapse_unnamed"):
        restore(town, "A", lapse_ids=[first])
    with pytest.raises(Refused, match="product_incomplete"):
        restore(town, "A", lapse_ids=[first, second])
    town.world.clock.advance(days=2)
    town.first.report(town.products["A"], "R-again")
    assert town.verify("A") == "lapsed", "a new report alone brings nothing back"

    restore(town, "A")

    assert town.verify("A") == "valid"
    assert {x.closed_at is None for x in town.lapses("A")} == {False}
    assert town.slot("A") == "removed", "its slot went to nobody else, and is not taken back"
    assert "product_back" in town.messages(town.first.owner, "A")
    assert "product_back" in town.messages(town.world.marketer, "A")


def test_an_overturned_finding_lifts_nothing_by_itself(town: Town) -> None:
    number = town.first.finding((town.products["A"],))
    town.first.uphold(number)
    town.world.do(
        lambda s: enforcement.overturn_finding(
            s,
            town.world.rulebook,
            clock=town.world.clock,
            actor=replace(town.world.reviewer, account_id=town.world.deputy.account_id),
            finding_id=number,
            reason="申诉成立",
        )
    )
    assert town.verify("A") == "lapsed"
    restore(town, "A")
    assert town.verify("A") == "valid"


def test_a_mark_that_comes_back_brings_no_product_back(town: Town) -> None:
    mark_becomes(TrademarkStatus.REVOKED)(town)
    mark_becomes(TrademarkStatus.REGISTERED)(town)
    assert [town.verify(name) for name in "AB"] == ["lapsed", "lapsed"]


def test_a_suspension_lifted_in_time_gives_the_held_slot_back(town: Town) -> None:
    suspend_a(town)
    assert (town.in_collection(), town.slot("A")) == ({"B", "C"}, "held")
    town.world.clock.advance(hours=47)
    run_minute(town.world.app)
    restore(town, "A")
    assert (town.in_collection(), town.slot("A")) == ({"A", "B", "C"}, "active")


def test_a_slot_is_held_48_hours_and_no_longer(town: Town) -> None:
    suspend_a(town)
    town.world.clock.advance(hours=48)
    restore(town, "A")
    run_minute(town.world.app)
    assert town.verify("A") == "valid"
    assert (town.in_collection(), town.slot("A")) == ({"B", "C"}, "removed")


def test_whoever_suspended_a_product_does_not_restore_it(town: Town) -> None:
    suspend_a(town, actor=town.world.reviewer)
    with pytest.raises(Refused, match="author_never_decides"):
        restore(town, "A")


def test_a_failed_product_under_review_again_keeps_what_happened_meanwhile(town: Town) -> None:
    finding_on_a(town)
    town.first.submit(town.products["A"])
    four_findings_more = [town.first.finding(number=n) for n in range(11, 14)]
    for number in four_findings_more:
        town.first.uphold(number)
    reasons = [x.reason.value for x in town.lapses("A")]
    assert sorted(reasons) == ["finding", "store_closed"]
    with pytest.raises(Refused, match="lapse_unnamed"):
        town.first.decide(town.products["A"], lapse_ids=[town.lapses("A")[0].lapse_id])


def test_a_shortened_mark_shortens_what_rests_on_it(town: Town) -> None:
    """Registered still, but only until next month: no longer valid that day, by the clock."""
    soon = today(town.world.clock) + 30 * DAY
    town.world.do(
        lambda s: catalog.change_trademark_status(
            s,
            town.world.rulebook,
            clock=town.world.clock,
            actor=town.world.officer,
            trademark_id=town.first.trademark_id,
            status=TrademarkStatus.REGISTERED,
            reason="注册簿更正有效期",
            valid_until=soon,
        )
    )
    assert [town.row(name).valid_until for name in "AB"] == [soon, soon]
    town.world.clock.advance(days=30)
    assert [town.verify(name) for name in "ABC"] == ["lapsed", "lapsed", "valid"]


def test_a_store_that_is_no_longer_the_firms_takes_its_slots_not_its_verification(
    town: Town,
) -> None:
    holding = town.world.see(
        lambda s: s.execute(
            select(StoreHolding.id).where(StoreHolding.store_id == town.first.store_id)
        ).scalar_one()
    )
    town.world.do(
        lambda s: registry.end_holding(
            s,
            clock=town.world.clock,
            actor=town.world.officer,
            holding_id=holding,
            until_on=today(town.world.clock),
            reason="店铺转让",
        )
    )
    assert [town.verify(name) for name in "ABC"] == ["valid"] * 3
    assert town.in_collection() == {"C"}
    assert town.failing("A") == {"store_open"}


def test_a_suspended_store_takes_its_slots_and_no_verification(town: Town) -> None:
    """Third finding: 0 + 2 + 24 points and a suspension for rectification; nothing is closed."""
    for number in range(1, 4):
        town.first.uphold(town.first.finding(number=number))
    assert [town.verify(name) for name in "ABC"] == ["valid"] * 3
    assert town.in_collection() == {"C"}
    assert town.failing("A") == {"store_open"}


def test_a_paused_firm_keeps_its_verification_and_its_slots_are_held(town: Town) -> None:
    enrollment_becomes(EnrollmentStatus.PAUSED)(town)
    assert [town.verify(name) for name in "ABC"] == ["valid"] * 3
    assert town.in_collection() == {"C"}
    assert town.failing("A") == {"enrolled"}
    enrollment_becomes(EnrollmentStatus.ENROLLED)(town)
    assert town.in_collection() == {"A", "B", "C"}


def test_a_failing_reaction_takes_the_decision_back_with_it(town: Town) -> None:
    """One transaction: either all that follows from a fact is written, or the fact is not."""
    number = town.first.finding((town.products["A"],))
    handlers = town.world.app.store.handlers

    def broken(session, event) -> None:
        raise RuntimeError

    from marketplace.features.promotion.events import SlotVacated

    town.world.app.store.handlers = {**handlers, SlotVacated: (broken,)}
    with pytest.raises(RuntimeError):
        town.first.uphold(number)
    town.world.app.store.handlers = handlers
    assert town.in_collection() == {"A", "B", "C"}
    assert town.lapses("A") == []
