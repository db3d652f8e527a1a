"""What an appeal is against may end by itself or be taken back otherwise: nothing stays half done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from marketplace.base.access import Role
from marketplace.base.audit import list_entries
from marketplace.base.errors import Refused
from marketplace.base.inbox import list_messages
from marketplace.features.appeals import commands as appeals
from marketplace.features.appeals.kinds import AppealStatus
from marketplace.features.appeals.queries import get_appeal
from marketplace.features.complaints import commands as complaints
from marketplace.features.complaints.kinds import CaseEvent, ComplaintStatus, HearingWay
from marketplace.features.complaints.tables import CaseEntry, Complaint
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import (
    EntryKind,
    MeasureEnd,
    MeasureKind,
    StatementBasis,
)
from marketplace.features.enforcement.queries import find_pending_suspension
from marketplace.features.enforcement.tables import PointsEntry, StoreSuspension
from marketplace.features.registry.kinds import StoreStatus
from tests.features.appeals.parting import (
    House,
    closed_by_complaints,
    file,
    plan_missing,
    reject,
    suspended_pending,
)
from tests.features.enforcement.dealing import (
    minute,
    offenses,
    overturn,
    papers,
    state,
    status,
    suspension,
)

WHY = "登记在先属实，图形并不近似，原认定撤销。"


def uphold(house: House, appeal_id: int, by: str = "free") -> None:
    house.do(appeals.decide_appeal, by, appeal_id=appeal_id, uphold=True, reason=WHY)


def status_of(house: House, appeal_id: int) -> AppealStatus:
    world = house.firm.world
    return world.see(lambda s: get_appeal(s, world.auditor, appeal_id=appeal_id)).status


def upheld_complaints(house: House) -> list[Complaint]:
    rows = select(Complaint).order_by(Complaint.id)
    return house.firm.world.see(lambda s: list(s.execute(rows).scalars()))


def reversals(house: House) -> int:
    rows = select(PointsEntry.id).where(PointsEntry.kind == EntryKind.REVERSAL)
    return len(house.firm.world.see(lambda s: list(s.execute(rows).scalars())))


def test_an_upheld_appeal_takes_the_closing_complaint_back_as_a_complaint_too(house):
    appeal = file(house, closed_by_complaints(house))
    uphold(house, appeal)
    assert status(house.firm) is StoreStatus.OPEN
    answers = [c.status for c in upheld_complaints(house)]
    assert answers == [ComplaintStatus.UPHELD] * 2 + [ComplaintStatus.REVERSED]
    last = upheld_complaints(house)[-1]
    events = select(CaseEntry.kind).where(CaseEntry.complaint_id == last.key)
    assert CaseEvent.REVERSED in house.firm.world.see(
        lambda s: list(s.execute(events).scalars())
    )
    told = house.firm.world.see(lambda s: [m.code for m in list_messages(s, house.firm.owner)])
    assert {"appeal_upheld", "complaint_reversed_seller"} <= set(told)
    # It is taken back once: nobody can take it back again.
    with pytest.raises(Refused, match="complaint_not_upheld"):
        house.do(complaints.reverse_answer, "tied", complaint_id=last.key, reason="复核不成立",
            role=Role.REVIEWER,
        )  # fmt: skip
    assert reversals(house) == 1


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_counted_complaint_taken_back_settles_the_appeal_against_the_closure(house, which):
    """Whichever falls, the closure has lost its ground and there is nothing left to decide."""
    appeal = file(house, closed_by_complaints(house))
    complaint = upheld_complaints(house)[which]
    house.do(
        complaints.reverse_answer, "earlier", complaint_id=complaint.key,
        reason="复核不成立", role=Role.REVIEWER,
    )  # fmt: skip
    assert status(house.firm) is StoreStatus.OPEN
    assert status_of(house, appeal) is AppealStatus.SETTLED
    with pytest.raises(Refused, match="appeal_not_open"):
        uphold(house, appeal)
    assert reversals(house) == 1


def test_another_complaint_taken_back_leaves_the_appeal_open(house):
    """A complaint of another brand is nothing the closure rests on."""
    firm = house.firm
    house.do(
        enforcement.count_complaint, "taker1", store_id=firm.store_id, brand="别的标",
        complaint_ref="other",
    )  # fmt: skip
    appeal = file(house, closed_by_complaints(house))
    house.do(enforcement.reverse_complaint, "free", complaint_ref="other")
    assert status_of(house, appeal) is AppealStatus.FILED
    uphold(house, appeal, by="earlier")
    assert status(firm) is StoreStatus.OPEN


def test_whoever_took_a_complaint_in_does_not_take_its_answer_back(house):
    closed_by_complaints(house)
    last = upheld_complaints(house)[-1]
    for name in ("taker3", "upholder3"):
        with pytest.raises(Refused, match="author_never_decides"):
            house.do(
                complaints.reverse_answer, name, complaint_id=last.key, reason="复核不成立",
                role=Role.REVIEWER,
            )  # fmt: skip


def test_an_appeal_against_a_suspension_that_ran_out_can_still_be_upheld(house):
    appeal = file(house, suspended_pending(house))
    days = house.firm.world.rulebook.enforcement.measures.interim_days
    house.firm.clock.advance(days=days)
    assert minute(house.firm) == 1
    uphold(house, appeal)
    assert status_of(house, appeal) is AppealStatus.UPHELD
    assert papers(house.firm)[0].measures[0].end_reason is MeasureEnd.EXPIRED  # it was served


def test_an_appeal_against_an_escalation_that_a_late_plan_ended_can_still_be_upheld(house):
    appeal = file(house, plan_missing(house))
    firm, number = house.firm, suspension(house.firm)
    firm.do(
        lambda s: enforcement.submit_plan(
            s, clock=firm.clock, actor=firm.owner, suspension_id=number,
            plan="旧图样已全部销毁，附照片；新款由设计主管逐款复核。",
        )
    )  # fmt: skip
    house.do(
        enforcement.answer_plan, "earlier", suspension_id=number, accepted=True,
        answer="方案可行，请按期完成",
    )  # fmt: skip
    assert status(firm) is StoreStatus.OPEN
    uphold(house, appeal)
    assert status_of(house, appeal) is AppealStatus.UPHELD
    assert status(firm) is StoreStatus.OPEN


def test_a_dismissed_finding_settles_the_appeal_against_its_suspension(house):
    appeal = file(house, suspended_pending(house))
    house.do(
        complaints.hear_in_case, "hearer", case_id=house.case_id, way=HearingWay.IN_PERSON,
        statement="厂方当面说明：外包设计，不知情",
    )  # fmt: skip
    house.do(
        complaints.decide_in_case, "decider", case_id=house.case_id, uphold=False,
        reason="比对后不近似",
    )  # fmt: skip
    assert status_of(house, appeal) is AppealStatus.SETTLED


def test_a_store_is_suspended_once_before_one_decision_however_it_ended(house):
    """The term is the longest: neither its end nor an upheld appeal lets it begin anew."""
    appeal = file(house, suspended_pending(house))
    uphold(house, appeal)
    assert status(house.firm) is StoreStatus.OPEN
    finding = papers(house.firm)[0].finding_id
    told = house.firm.world.see(
        lambda s: find_pending_suspension(s, house.firm.world.officer, finding_id=finding)
    )
    assert told.ended_at == house.firm.clock.now()
    with pytest.raises(Refused, match="suspended_before"):
        house.do(
            enforcement.suspend_pending_decision, "suspender", finding_id=finding,
            reason="样品已封存，等待认定期间先行暂停",
        )  # fmt: skip
    assert status(house.firm) is StoreStatus.OPEN


def test_a_closed_store_is_not_told_that_its_suspension_goes_on(house):
    """The third offense suspends, the fourth closes; the term of the third ends meanwhile."""
    firm = house.firm
    found = offenses(firm, 4)
    assert status(firm) is StoreStatus.CLOSED
    firm.clock.advance(days=22)
    assert minute(firm) == 0
    assert StatementBasis.PLAN_MISSING not in {p.basis for p in papers(firm)}
    # Once it is open again, the suspension that still runs escalates with its reasons.
    overturn(firm, found[-1])
    assert status(firm) is StoreStatus.SUSPENDED
    assert minute(firm) == 1
    paper = papers(firm)[0]
    assert paper.basis is StatementBasis.PLAN_MISSING
    assert {m.kind for m in paper.measures} == {MeasureKind.SUSPENSION}
    assert state(firm).status is StoreStatus.SUSPENDED


def test_a_plan_accepted_while_the_store_was_closed_ends_its_suspension(house):
    firm = house.firm
    found = offenses(firm, 3)
    number = suspension(firm)
    firm.do(
        lambda s: enforcement.submit_plan(
            s, clock=firm.clock, actor=firm.owner, suspension_id=number,
            plan="旧图样已全部销毁，附照片；新款由设计主管逐款复核。",
        )
    )  # fmt: skip
    house.do(
        enforcement.answer_plan, "free", suspension_id=number, accepted=True,
        answer="方案可行，请按期完成",
    )  # fmt: skip
    found += offenses(firm, 1, first=3)
    firm.clock.advance(days=22)
    assert minute(firm) == 1
    assert status(firm) is StoreStatus.CLOSED
    rows = firm.world.see(lambda s: list(s.execute(select(StoreSuspension)).scalars()))
    assert [r.lifted_at is not None for r in rows] == [True]
    overturn(firm, found[-1])
    assert status(firm) is StoreStatus.OPEN


def test_a_second_look_leaves_an_entry_of_its_own(house):
    """Both what the appeal ends in and what it does to the complaint stand in the trail."""
    appeal = file(house, closed_by_complaints(house))
    uphold(house, appeal)
    world = house.firm.world
    for action in ("appeals.decide_appeal", "complaints.reverse_answer"):
        entries = world.see(lambda s, a=action: list_entries(s, action=a))
        assert [e.reason for e in entries] == [WHY], action


def test_a_rejected_appeal_leaves_the_complaints_as_they_were(house):
    appeal = file(house, closed_by_complaints(house))
    reject(house, appeal, "free")
    assert {c.status for c in upheld_complaints(house)} == {ComplaintStatus.UPHELD}
    assert status(house.firm) is StoreStatus.CLOSED
    assert house.firm.clock.now() - papers(house.firm)[0].at < timedelta(days=8)
