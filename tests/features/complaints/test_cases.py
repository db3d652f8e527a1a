"""Complaint, case, finding, offense, measure: two decisions of a person, the owner heard before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from marketplace.base.access import PUBLIC
from marketplace.base.access.tables import Account, AccountProgram, AccountStatus
from marketplace.base.audit import list_entries
from marketplace.base.clock import start_of, today
from marketplace.base.errors import Invalid, NotAllowed, NotFound, Refused
from marketplace.base.inbox import list_messages
from marketplace.desk.intake_figures import intake_figures
from marketplace.desk.todo import TaskKind, list_todo
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.queries import get_product
from marketplace.features.catalog.tables import Product
from marketplace.features.complaints.kinds import (
    CaseStatus,
    CaseStep,
    HearingWay,
    NoticeState,
    SellerAnswer,
    Turn,
)
from marketplace.features.complaints.queries import list_cases_against
from marketplace.features.complaints.tables import Complaint
from marketplace.features.enforcement.commands import report_product, unmask_report_contact
from marketplace.features.enforcement.kinds import (
    FindingStatus,
    Measure,
    Origin,
    ReportTopic,
    StatementBasis,
)
from marketplace.features.enforcement.queries import get_report
from marketplace.features.enforcement.tables import (
    PointsEntry,
    StatementOfReasons,
    StoreClosure,
)
from marketplace.features.promotion.kinds import SlotStatus
from marketplace.features.promotion.tables import Slot
from marketplace.features.registry.commands import (
    assign_officer,
    confirm_holding,
    declare_store,
)
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Store
from marketplace.upkeep.minute import run_minute
from tests.features.complaints.conftest import Intake, make_holder
from tests.features.conftest import PROGRAM
from tests.features.scene import clear_windows, feature, make_firm, make_people


def ledger(intake) -> list[PointsEntry]:
    return intake.world.see(lambda s: list(s.execute(select(PointsEntry)).scalars()))


def record(intake, case_id: int, **more) -> int:
    facts = {
        "listings": 1,
        "found_on": date(2026, 11, 23),
        "statement": "鞋侧图形与注册商标相同",
        **more,
    }
    return intake.do("record_case_finding", case_id=case_id, **facts)


def codes(intake, actor) -> list[str]:
    return [m.code for m in intake.world.see(lambda s: list_messages(s, actor))]


def test_the_whole_way_from_a_complaint_to_a_measure_with_the_owner_heard(intake):
    case_id, complaint = intake.filed()
    assert intake.case(case_id).line.step is CaseStep.FORWARD
    with pytest.raises(Refused, match="seller_not_told"):
        intake.uphold(complaint)
    intake.do("forward_complaints", case_id=case_id)
    with pytest.raises(Refused, match="seller_may_answer"):
        intake.uphold(complaint)
    intake.do(
        "answer_case", intake.firm.owner, case_id=case_id, answer=SellerAnswer.STATEMENT,
        statement="图案由外包公司提供，我厂事先不知情",
    )  # fmt: skip
    assert intake.uphold(complaint) is True
    assert [(e.kind.value, e.points, e.brand) for e in ledger(intake)] == [
        ("complaint", 0, "云桥")
    ]
    assert intake.case(case_id).line.step is CaseStep.FIND_OR_CLOSE  # no finding came of itself
    record(intake, case_id)
    reviewer = intake.world.reviewer
    with pytest.raises(Refused, match="owner_not_heard"):
        intake.do("decide_in_case", reviewer, case_id=case_id, uphold=True, reason="图形相同")
    intake.do(
        "hear_in_case",
        case_id=case_id,
        way=HearingWay.IN_PERSON,
        statement="厂方说明：外包设计，不知情",
    )
    assert intake.case(case_id).line.turn is Turn.SECOND_PERSON
    measure = intake.do(
        "decide_in_case", reviewer, case_id=case_id, uphold=True, reason="图形相同"
    )
    assert measure is Measure.WARNING  # a first offense: 0 points
    closed = intake.case(case_id).line
    assert (closed.status, closed.turn) == (CaseStatus.FOUND, Turn.NOBODY)
    [seen] = intake.world.see(
        lambda s: list_cases_against(s, intake.firm.owner, clock=intake.world.clock)
    )
    assert seen.finding_reason == "图形相同"
    assert seen.complaints[0].reason == "两人核对过图形相同"
    assert seen.complaints[0].complainant is None
    assert {"complaint_forwarded", "complaint_upheld_seller", "finding_upheld"} <= set(
        codes(intake, intake.firm.owner)
    )
    assert "complaint_upheld" in codes(intake, intake.holder)


def test_whoever_took_a_complaint_in_does_not_uphold_it(intake):
    complaint, how = intake.do(
        "receive_complaint", store_id=intake.firm.store_id, origin=Origin.CONSUMER,
        item="600001", text="收到的鞋与正品不同", brand="云桥",
    )  # fmt: skip
    assert how == "inserted"
    case_id = intake.cases().lines[0].case_id
    intake.answered(case_id)
    with pytest.raises(Refused, match="author_never_decides"):
        intake.uphold(complaint)
    assert intake.uphold(complaint, intake.world.deputy) is True


def test_three_upheld_complaints_of_a_brand_close_the_store_and_one_taken_back_opens_it(intake):
    complaints = []
    for n in range(3):
        case_id, complaint = intake.filed(str(600_001 + n))
        intake.answered(case_id)
        intake.uphold(complaint)
        complaints.append(complaint)
        intake.world.clock.advance(hours=73)

    def status() -> StoreStatus:
        return intake.world.see(lambda s: s.get(Store, intake.firm.store_id).status)

    assert status() is StoreStatus.CLOSED
    intake.do(
        "reverse_answer", intake.world.reviewer, complaint_id=complaints[1], reason="复核不成立"
    )
    assert status() is StoreStatus.OPEN
    closures = intake.world.see(lambda s: list(s.execute(select(StoreClosure)).scalars()))
    assert [c.reopened_at is not None for c in closures] == [True]
    with pytest.raises(Refused, match="complaint_not_upheld"):
        intake.do(
            "reverse_answer", intake.world.reviewer, complaint_id=complaints[1], reason="再来"
        )


def test_a_closure_by_complaints_is_of_whom_they_were_about_not_of_who_took_the_store_over(
    intake,
):
    """Hand the store over before the last of three is upheld: the new firm was never heard."""
    world, firm = intake.world, intake.firm
    other = make_firm(world, number=7, products=1)
    filed = []
    for n in range(3):
        case_id, complaint = intake.filed(str(600_001 + n))
        intake.answered(case_id)
        filed.append(complaint)
    for complaint in filed[:2]:
        intake.uphold(complaint)
        world.clock.advance(hours=73)
    store = world.see(lambda s: s.get(Store, firm.store_id))
    holding = world.do(
        lambda s: declare_store(
            s, clock=world.clock, actor=other.owner, factory_id=other.factory_id,
            platform=store.platform, store_no=store.store_no, name=store.name,
            from_on=today(world.clock), basis="转让合同",
        )
    )  # fmt: skip
    world.do(
        lambda s: confirm_holding(s, clock=world.clock, actor=world.officer, holding_id=holding)
    )
    intake.uphold(filed[2])
    [closure] = world.see(lambda s: list(s.execute(select(StoreClosure)).scalars()))
    assert closure.factory_id == firm.factory_id
    said = select(StatementOfReasons).where(
        StatementOfReasons.basis == StatementBasis.COMPLAINTS
    )
    [statement] = world.see(lambda s: list(s.execute(said).scalars()))
    assert statement.operator_id == firm.operator_id
    sold = world.see(lambda s: s.get(Product, other.product_ids[0]))
    assert sold.status is Moderation.VERIFIED


def test_a_count_that_fails_takes_the_answer_with_it(intake, monkeypatch):
    """The upheld complaint and its count are one transaction."""
    from marketplace.features.complaints.commands import answering

    case_id, complaint = intake.filed()
    intake.answered(case_id)

    def broken(*_args, **_kwargs):
        raise RuntimeError("no")

    monkeypatch.setattr(answering, "count_complaint", broken)
    with pytest.raises(RuntimeError):
        intake.uphold(complaint)
    assert intake.case(case_id).complaints[0].answered_at is None


def test_before_enrollment_a_complaint_is_upheld_and_not_counted(intake):
    case_id, complaint = intake.filed()
    intake.answered(case_id)
    counted = intake.do(
        "uphold_complaint", complaint_id=complaint, reason="图形相同，成立",
        time_zero=lambda _session, _operator: None,
    )  # fmt: skip
    assert counted is False
    assert ledger(intake) == []


def test_silence_of_the_seller_does_not_hold_the_answer_up_for_ever(intake):
    case_id, complaint = intake.filed()
    intake.do("forward_complaints", case_id=case_id)
    intake.world.clock.at = start_of(date(2026, 11, 30)) + timedelta(hours=10)
    with pytest.raises(Refused, match="seller_may_answer"):
        intake.uphold(complaint)  # Monday 23 + 5 working days = Monday 30, its whole day
    intake.world.clock.advance(days=1)
    assert intake.uphold(complaint) is True


def test_a_counter_notice_waits_fifteen_days_and_then_the_minute_ends_it(intake):
    case_id, complaint = intake.filed()
    intake.answered(case_id, SellerAnswer.COUNTER_NOTICE)
    for name, more in (("uphold_complaint", {}), ("refuse_complaint", {})):
        del more
        with pytest.raises(Refused, match="counter_notice_running"):
            (intake.uphold if name == "uphold_complaint" else intake.refuse)(complaint)
    intake.do("pass_on_counter", complaint_id=complaint)
    assert "counter_notice_passed_on" in codes(intake, intake.holder)
    intake.world.clock.at = start_of(date(2026, 12, 9)) - timedelta(minutes=1)
    run_minute(intake.world.app)
    assert intake.case(case_id).complaints[0].state is NoticeState.WAITING
    intake.world.clock.advance(minutes=1)
    run_minute(intake.world.app)
    run_minute(intake.world.app)
    ended = intake.case(case_id)
    assert ended.complaints[0].state is NoticeState.RESTORED
    assert [e.kind.value for e in ended.entries].count("wait_ended") == 1
    assert codes(intake, intake.firm.owner).count("wait_restored_seller") == 1
    intake.refuse(complaint)


def test_going_to_court_within_the_wait_keeps_the_notice_standing(intake):
    case_id, complaint = intake.filed()
    intake.answered(case_id, SellerAnswer.COUNTER_NOTICE)
    intake.do("pass_on_counter", complaint_id=complaint)
    with pytest.raises(Invalid) as empty:
        intake.do("record_proceedings", intake.holder, complaint_id=complaint, reference="")
    assert [(f.place, f.code) for f in empty.value.faults] == [("proceedings", "field_missing")]
    intake.do(
        "record_proceedings", intake.holder, complaint_id=complaint,
        reference="（虚构）某区法院 2026 民初 1 号",
    )  # fmt: skip
    assert intake.case(case_id).complaints[0].state is NoticeState.MAINTAINED
    intake.world.clock.advance(days=40)
    run_minute(intake.world.app)
    assert intake.case(case_id).complaints[0].state is NoticeState.MAINTAINED


def test_a_consumer_complaint_answered_with_a_counter_notice_is_decided_at_once(intake):
    """The wait of art. 43 is the right holder's; a consumer is sent to no court."""
    complaint, _ = intake.do(
        "receive_complaint", store_id=intake.firm.store_id, origin=Origin.CONSUMER,
        item="600001", text="收到的鞋与正品不同",
    )  # fmt: skip
    case_id = intake.cases().lines[0].case_id
    intake.answered(case_id, SellerAnswer.COUNTER_NOTICE)
    assert intake.case(case_id).line.step is CaseStep.ANSWER
    intake.refuse(complaint)
    intake.do("close_case", case_id=case_id, reason="未见侵权")
    assert intake.case(case_id).line.status is CaseStatus.NOT_FOUND


def test_a_case_is_not_closed_over_an_unanswered_complaint(intake):
    case_id, _ = intake.filed()
    with pytest.raises(Refused, match="case_unanswered"):
        intake.do("close_case", case_id=case_id, reason="不想处理了")


def test_a_case_nobody_complained_of_has_an_origin_and_no_complainant(intake):
    facts = {"store_id": intake.firm.store_id, "item": "7", "statement": "标题含“复刻”"}
    with pytest.raises(Invalid):
        intake.do("open_case", origin=Origin.CONSUMER, **facts)
    case_id = intake.do("open_case", origin=Origin.PROACTIVE_MODEL, **facts)
    with pytest.raises(Refused, match="case_open_already"):
        intake.do("open_case", origin=Origin.INSPECTION, **facts)
    finding = record(intake, case_id)
    assert record(intake, case_id) == finding
    intake.do(
        "hear_in_case", case_id=case_id, way=HearingWay.IN_PERSON, statement="厂方称是误写"
    )
    intake.do(
        "decide_in_case",
        intake.world.reviewer,
        case_id=case_id,
        uphold=False,
        reason="已经改正",
    )
    assert intake.case(case_id).line.finding_status is FindingStatus.DISMISSED
    assert intake.case(case_id).line.status is CaseStatus.NOT_FOUND


def test_a_finding_decided_on_another_page_closes_its_case(intake):
    case_id = intake.do(
        "open_case", origin=Origin.APPRAISAL, store_id=intake.firm.store_id, item="7",
        statement="鉴定为假",
    )  # fmt: skip
    intake.firm.uphold(record(intake, case_id))
    assert intake.case(case_id).line.status is CaseStatus.FOUND


def test_a_report_from_the_public_lands_once_and_its_clock_runs_from_its_day(intake):
    world = intake.world
    world.do(
        lambda s: report_product(
            s,
            clock=world.clock,
            actor=PUBLIC,
            program=PROGRAM,
            text="鞋标像是仿的",
            topic=ReportTopic.LOOKS_FAKE,
        )
    )
    came = world.clock.now()
    world.clock.advance(days=3)
    facts = {"report_id": 1, "store_id": intake.firm.store_id, "item": "600007"}
    case_id = intake.do("take_report", **facts)
    assert intake.do("take_report", **facts) == case_id
    [complaint] = intake.case(case_id).complaints
    assert (complaint.received_at, complaint.origin) == (came, Origin.CONSUMER)
    assert complaint.text == "鞋标像是仿的"
    assert complaint.due_on == date(2026, 11, 30)  # Monday 23 + 5 working days


def test_how_a_reporter_is_reached_is_hidden_until_the_office_says_why(intake):
    world = intake.world
    told = {"clock": world.clock, "actor": PUBLIC, "program": PROGRAM, "text": "鞋标像是仿的"}
    world.do(
        lambda s: report_product(s, **told, topic=ReportTopic.LOOKS_FAKE, contact="13800138000")
    )
    row = world.see(lambda s: get_report(s, world.reviewer, report_id=1))
    assert row.contact_masked == "138****8000"

    def shown(actor, reason):
        asked = {"clock": world.clock, "actor": actor, "report_id": row.report_id}
        return world.do(lambda s: unmask_report_contact(s, **asked, reason=reason))

    with pytest.raises(NotAllowed):
        shown(world.auditor, "核对货号")
    with pytest.raises(Refused, match="reason_missing"):
        shown(world.officer, "")
    assert shown(world.officer, "核对货号") == "13800138000"
    action = "enforcement.unmask_report_contact"
    [entry] = world.see(lambda s: list_entries(s, action=action))
    assert (entry.actor_login, entry.reason, entry.subject) == (
        "officer", "核对货号", f"public_report:{row.report_id}",
    )  # fmt: skip


def test_the_same_import_row_twice_is_one_complaint(intake):
    facts = {
        "store_id": intake.firm.store_id, "origin": Origin.INSPECTION, "item": "9",
        "text": "巡查发现图形近似",
    }  # fmt: skip
    first = intake.do("receive_complaint", source_ref="市监局:1", **facts)
    assert intake.do("receive_complaint", source_ref="市监局:1", **facts) == (
        first[0],
        "unchanged",
    )
    assert intake.do("receive_complaint", **facts) == (first[0], "unchanged")
    assert intake.do("receive_complaint", **{**facts, "text": "另一次巡查"})[1] == "joined"


def test_a_complaint_and_an_open_case_remove_nothing(world):
    make_people(world)
    firm = make_firm(world, products=1)
    clear_windows(world)
    feature(world, [firm], slots=1)
    holder, right = make_holder(world, "holder")
    intake = Intake(world, firm, holder, right)
    case_id, complaint = intake.filed("6000010")
    intake.answered(case_id)
    intake.uphold(complaint)
    record(
        intake, case_id, found_on=world.clock.now().date(), product_ids=(firm.product_ids[0],)
    )
    product = world.see(
        lambda s: get_product(
            s, world.officer, clock=world.clock, product_id=firm.product_ids[0]
        )
    )
    slots = world.see(lambda s: list(s.execute(select(Slot.status)).scalars()))
    assert product.status is Moderation.VERIFIED
    assert SlotStatus.HELD not in slots
    assert SlotStatus.REMOVED not in slots


def test_an_owner_sees_only_his_cases_and_only_what_he_was_told(intake):
    case_id, _ = intake.filed()
    clock = intake.world.clock
    other = make_firm(intake.world, number=2, products=0)
    own = intake.firm.owner
    assert intake.world.see(lambda s: list_cases_against(s, own, clock=clock)) == []
    intake.do("forward_complaints", case_id=case_id)
    [seen] = intake.world.see(lambda s: list_cases_against(s, own, clock=clock))
    assert seen.answer_by == date(2026, 11, 30)
    assert "（虚构）holder公司" not in repr(seen)
    assert {c.complainant for c in seen.complaints} == {None}
    assert intake.world.see(lambda s: list_cases_against(s, other.owner, clock=clock)) == []
    with pytest.raises(NotFound):
        intake.do(
            "answer_case", other.owner, case_id=case_id, answer=SellerAnswer.STATEMENT,
            statement="我来替他回答这件事",
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        intake.world.see(lambda s: list_cases_against(s, intake.world.marketer, clock=clock))


def test_counts_equal_lists_whatever_is_filtered(intake):
    for n in range(4):
        intake.filed(str(600_001 + n))
    intake.do(
        "open_case", origin=Origin.INSPECTION, store_id=intake.firm.store_id, item="7",
        statement="巡查发现",
    )  # fmt: skip
    intake.do("forward_complaints", case_id=1)
    every = intake.cases()
    assert len(every.lines) == every.total == 5
    for facet, name in (
        (every.statuses, "statuses"), (every.origins, "origins"), (every.steps, "steps"),
        (every.turns, "turns"), (every.officers, "officers"),
    ):  # fmt: skip
        for value, count in facet.items():
            assert len(intake.cases(**{name: (value,)}).lines) == count
    assert every.steps == {"forward": 3, "seller": 1, "find_or_close": 1}
    narrowed = intake.cases(origins=("right_holder",))
    assert narrowed.steps == {"forward": 3, "seller": 1}
    assert narrowed.origins == every.origins  # a facet is counted without itself
    intake.world.clock.advance(days=8)
    late = intake.cases(late_only=True)
    assert len(late.lines) == late.late == 5
    assert len(intake.cases(query="600002").lines) == 1


def test_cases_at_the_office_and_unchecked_rights_wait_for_an_officer(intake):
    case_id, _ = intake.filed()
    world = intake.world

    def waiting() -> list[tuple[TaskKind, int]]:
        tasks = world.see(
            lambda s: list_todo(s, world.officer, world.rulebook, clock=world.clock)
        )
        return [(t.kind, t.entity_id) for t in tasks]

    assert (TaskKind.CASE, case_id) in waiting()
    intake.do("forward_complaints", case_id=case_id)
    assert (TaskKind.CASE, case_id) not in waiting()  # it is the seller's turn
    intake.do("assign_case", case_id=case_id, officer_id=world.deputy.account_id)
    intake.world.clock.advance(days=9)
    assert (TaskKind.CASE, case_id) not in waiting()  # it has its officer
    intake.do("assign_case", case_id=case_id, officer_id=world.officer.account_id)
    assert (TaskKind.CASE, case_id) in waiting()


@pytest.mark.parametrize("whom", ["nobody", "owner", "reviewer", "elsewhere", "left"])
def test_a_case_is_given_to_nobody_who_could_not_open_it(intake, whom):
    case_id, _ = intake.filed()
    world = intake.world

    def change(kind, **values) -> None:
        def work(session):
            of = kind.id if kind is Account else kind.account_id
            row = session.execute(sa.select(kind).where(of == world.deputy.account_id)).scalar()
            for name, value in values.items():
                setattr(row, name, value)
            session.info["audited"] = True

        world.do(work)

    if whom == "elsewhere":
        change(AccountProgram, district="350303")  # the firm is in 350304
    if whom == "left":
        change(Account, status=AccountStatus.DISABLED)
    to = {
        "nobody": 99_999,
        "owner": intake.firm.owner.account_id,
        "reviewer": world.reviewer.account_id,
    }.get(whom, world.deputy.account_id)
    with pytest.raises(Refused, match="officer_elsewhere"):
        intake.do("assign_case", case_id=case_id, officer_id=to)
    with pytest.raises(Refused, match="officer_elsewhere"):
        world.do(
            lambda s: assign_officer(
                s,
                clock=world.clock,
                actor=world.officer,
                factory_ids=[intake.firm.factory_id],
                officer_id=to,
            )
        )


def test_enrollment_is_no_shield_and_the_table_shows_it(intake, outsider):
    world = intake.world
    _, refused = intake.filed("600001")
    intake.refuse(refused)
    intake.file(intake.line("5", store=outsider), intake.line("6", row=2, store=outsider))
    case = next(n for n in intake.cases().lines if n.item_no == "5")
    intake.do("forward_complaints", case_id=case.case_id)
    world.clock.advance(days=9)
    assert intake.uphold(intake.case(case.case_id).complaints[0].complaint_id) is False
    found = world.see(
        lambda s: intake_figures(s, world.auditor, world.rulebook, clock=world.clock)
    )
    enrolled, outside = found.by_enrollment
    assert (enrolled.times.received, enrolled.times.answered, enrolled.times.upheld) == (
        1,
        1,
        0,
    )
    assert (outside.times.received, outside.times.answered, outside.times.upheld) == (2, 1, 1)
    # Monday 23 November to Wednesday 2 December: 24 25 26 27 30 1 2 = 7 working days.
    assert (enrolled.times.waits, outside.times.waits) == (
        ((0, True),),
        ((7, True), (7, False)),
    )
    assert enrolled.median_days is None  # one answer; the program wants five for a median
    assert (outside.times.waiting, outside.times.longest_waiting_days) == (1, 7)
    low, high = outside.upheld_interval
    assert (round(low, 3), high) == (0.025, 1.0)  # exact 95 % of 1 of 1


def test_an_officer_of_another_program_sees_no_case(intake):
    intake.filed()
    away = replace(intake.world.officer, programs=frozenset({"another"}))
    with pytest.raises(NotFound):
        intake.do("forward_complaints", away, case_id=1)
    assert len(intake.world.see(lambda s: list(s.execute(select(Complaint)).scalars()))) == 1
