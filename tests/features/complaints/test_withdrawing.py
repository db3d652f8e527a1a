"""A notice is taken back whole: what is open goes, what is answered stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import col, select

from marketplace.base.audit.tables import AuditEntry
from marketplace.base.errors import NotFound, Refused
from marketplace.features.complaints.kinds import CaseStatus, ComplaintStatus, NoticeState
from marketplace.features.complaints.tables import Complaint, InfringementCase
from tests.features.complaints.conftest import make_holder
from tests.features.conftest import PROGRAM


def states(intake) -> list[tuple[ComplaintStatus, NoticeState | None]]:
    return intake.world.see(
        lambda s: [
            (row.status, row.state)
            for row in s.execute(select(Complaint).order_by(col(Complaint.id))).scalars()
        ]
    )


def withdraw(intake, notice: int, *, by=None, reason: str = "整份列错了店铺"):
    return intake.do("withdraw_notice", by or intake.holder, notice_id=notice, reason=reason)


def test_what_is_open_of_a_notice_goes_at_once_and_what_is_answered_stays(intake):
    told = intake.file(*(intake.line(f"60000{n}", row=n) for n in (1, 2, 3)))
    first = intake.world.see(
        lambda s: s.execute(select(Complaint.id).order_by(col(Complaint.id))).scalars().first()
    )
    intake.refuse(first)
    assert withdraw(intake, told["notice_id"]) == 2
    assert [status for status, _ in states(intake)] == [
        ComplaintStatus.REFUSED,
        ComplaintStatus.WITHDRAWN,
        ComplaintStatus.WITHDRAWN,
    ]
    actions = intake.world.see(lambda s: s.execute(select(AuditEntry.action)).scalars().all())
    assert actions.count("complaints.withdraw_notice") == 1
    with pytest.raises(Refused, match="notice_nothing_open"):
        withdraw(intake, told["notice_id"])
    # The same listings can be complained of again.
    again = intake.file(intake.line("600002"))
    assert again["accepted"] == 1


def test_a_notice_is_taken_back_by_its_author_alone_and_with_a_reason(intake):
    told = intake.file(intake.line("600001"))
    other, _ = make_holder(intake.world, "other", number="1", mark="北岸")
    with pytest.raises(NotFound):
        withdraw(intake, told["notice_id"], by=other)
    with pytest.raises(Refused, match="reason_missing"):
        withdraw(intake, told["notice_id"], reason="错")
    assert [status for status, _ in states(intake)] == [ComplaintStatus.OPEN]


def test_a_case_closes_with_its_only_complaint_unless_somebody_took_it_up(intake):
    told = intake.file(*(intake.line(f"60000{n}", row=n) for n in (1, 2, 3)))
    cases = intake.world.see(
        lambda s: list(s.execute(select(InfringementCase.id).order_by("id")).scalars())
    )
    officer = intake.world.officer.account_id
    intake.do("assign_case", case_id=cases[0], officer_id=officer)
    intake.do("forward_complaints", case_id=cases[1])
    assert withdraw(intake, told["notice_id"]) == 3
    kept = intake.world.see(
        lambda s: [
            (row.status, row.reason)
            for row in s.execute(select(InfringementCase).order_by("id")).scalars()
        ]
    )
    assert kept == [
        (CaseStatus.OPEN, None),
        (CaseStatus.OPEN, None),
        (CaseStatus.NOT_FOUND, "整份列错了店铺"),
    ]


def test_an_officer_files_and_withdraws_for_others_in_his_own_district_only(intake):
    away = replace(
        intake.world.officer, limits=frozenset({(PROGRAM, "350303")})
    )  # firm: 350304
    notice = intake.file(intake.line("600001"))["notice_id"]
    [case] = intake.cases().lines
    complaint = intake.case(case.case_id).complaints[0].complaint_id
    tried = (
        lambda: intake.file(intake.line("600002"), actor=away),
        lambda: intake.do("withdraw_notice", away, notice_id=notice, reason="权利人来电"),
        lambda: intake.do(
            "withdraw_complaint", away, complaint_id=complaint, reason="来电撤回"
        ),
        lambda: intake.do(
            "record_proceedings", away, complaint_id=complaint, reference="法院立案 1 号"
        ),
    )
    for work in tried:
        with pytest.raises(NotFound, match="not_found_here"):
            work()
    assert intake.do("withdraw_notice", notice_id=notice, reason="权利人来电") == 1
