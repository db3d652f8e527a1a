"""Rights once, notices of many lines: nothing twice, nothing silent, nobody locked out."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from marketplace.base.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from marketplace.features.complaints.commands import try_notice
from marketplace.features.complaints.kinds import (
    ComplaintStatus,
    LineOutcome,
    RightKind,
    RightStatus,
)
from marketplace.features.complaints.queries import (
    list_filed,
    list_notices,
    list_rights,
    reliability_of_self,
)
from marketplace.features.complaints.tables import Complaint, InfringementCase, Notice
from tests.features.complaints.conftest import LONG, WHY, make_holder
from tests.features.conftest import PROGRAM
from tests.features.scene import picture


def rows(intake, table):
    return intake.world.see(lambda s: list(s.execute(select(table)).scalars()))


def test_a_right_is_used_only_after_somebody_else_checked_it_with_a_document(intake):
    right = intake.do(
        "register_right", intake.holder, kind=RightKind.TRADEMARK, mark="云桥", number="88",
        nice_classes="25、9",
    )  # fmt: skip
    with pytest.raises(Refused, match="right_not_verified"):
        intake.file(right_id=right)
    with pytest.raises(Refused, match="right_without_document"):
        intake.do("decide_right", right_id=right, verify=True)
    intake.do("decide_right", right_id=right, verify=False, reason="请补商标注册证")
    own = intake.world.see(lambda s: list_rights(s, intake.holder, program=PROGRAM))
    assert [(r.nice_classes, r.status, r.reason) for r in own][:1] == [
        ("9 25", RightStatus.RETURNED, "请补商标注册证")
    ]
    again = intake.do(
        "register_right", intake.holder, kind=RightKind.TRADEMARK, mark="云桥", number="88",
        nice_classes="25",
    )  # fmt: skip
    assert again == right  # corrected, not a second one


def test_a_right_that_is_over_is_renewed_under_its_own_number_and_checked_anew(intake):
    """A mark keeps its number for life: without this nobody could complain on it again."""
    day = intake.world.clock.now().date()
    facts = {"kind": RightKind.TRADEMARK, "mark": "云桥", "number": "90", "nice_classes": "25"}

    def register(days: int) -> int:
        until = day + timedelta(days=days)
        return intake.do("register_right", intake.holder, valid_until=until, **facts)

    right = register(30)
    intake.do(
        "add_right_document", intake.holder, right_id=right, content=picture(), name="证.png",
        data_dir=intake.world.app.data_dir,
    )  # fmt: skip
    intake.do("decide_right", right_id=right, verify=True)
    with pytest.raises(Refused, match="right_registered"):
        register(3650)
    intake.world.clock.advance(days=31)
    with pytest.raises(Refused, match="right_expired"):
        intake.file(right_id=right)
    assert register(3650) == right
    with pytest.raises(Refused, match="right_not_verified"):
        intake.file(right_id=right)
    intake.do("decide_right", right_id=right, verify=True)
    assert intake.file(right_id=right)["accepted"] == 1
    intake.do("end_right", intake.holder, right_id=right, reason="已转让他人")
    assert register(7000) == right


def test_the_missing_document_brings_a_returned_right_back_to_be_checked(intake):
    right = intake.do(
        "register_right", intake.holder, kind=RightKind.TRADEMARK, mark="云桥", number="89",
        nice_classes="25",
    )  # fmt: skip
    intake.do("decide_right", right_id=right, verify=False, reason="请补商标注册证")
    intake.world.clock.advance(days=3)
    intake.do(
        "add_right_document", intake.holder, right_id=right, content=picture(), name="证.png",
        data_dir=intake.world.app.data_dir,
    )  # fmt: skip
    [row] = [
        r
        for r in intake.world.see(lambda s: list_rights(s, intake.holder, program=PROGRAM))
        if r.right_id == right
    ]
    # Its days to be answered begin anew: nobody is overdue with what came just now.
    assert (row.status, row.registered_at) == (RightStatus.SUBMITTED, intake.world.clock.now())
    intake.do("decide_right", right_id=right, verify=True)


def test_a_right_says_all_its_faults_at_once(intake):
    with pytest.raises(Invalid) as refused:
        intake.do(
            "register_right", intake.holder, kind=RightKind.TRADEMARK, mark=" ", number="",
            nice_classes="46",
        )  # fmt: skip
    assert {f.code for f in refused.value.faults} == {"field_missing", "nice_classes_form"}
    assert len(refused.value.faults) == 3


def test_a_name_or_number_longer_than_is_kept_is_refused_and_never_cut(intake):
    def faults(mark: str, number: str) -> list[tuple[str, str]]:
        with pytest.raises(Invalid) as refused:
            intake.do(
                "register_right", intake.holder, kind=RightKind.DESIGN_PATENT, mark=mark,
                number=number,
            )  # fmt: skip
        return [(f.place, f.code) for f in refused.value.faults]

    assert faults("云" * 81, "8" * 61) == [
        ("mark", "text_too_long"),
        ("right_number", "text_too_long"),
    ]
    assert faults("云桥", "？？？") == [("right_number", "number_without_digit")]


def test_a_notice_of_three_hundred_lines_is_taken_line_by_line(intake):
    lines = [intake.line(str(600_000 + n), row=n) for n in range(1, 299)]
    lines += [intake.line("", row=299), intake.line("1", row=300, store="别家店")]
    result = intake.file(*lines)
    assert result["accepted"] == 298
    assert result["counts"]["rejected"] == 2
    [notice] = intake.world.see(lambda s: list_notices(s, intake.holder, program=PROGRAM))
    assert [n["outcome"] for n in notice.lines[-2:]] == ["rejected", "rejected"]
    assert (notice.open, notice.upheld, notice.refused) == (298, 0, 0)
    with pytest.raises(Invalid, match="invalid"):
        intake.file(*[intake.line(str(n), row=n) for n in range(301)])


def test_the_same_listing_of_one_complainant_is_one_complaint(intake):
    intake.file(intake.line("600001"))
    with pytest.raises(Refused, match="notice_nothing_accepted"):
        intake.file(intake.line("https://a.example/item?id=600001"))
    result = intake.file(intake.line("600001"), intake.line("600002", row=2))
    assert (result["accepted"], result["counts"]["duplicate"]) == (1, 1)
    assert len(rows(intake, Complaint)) == 2


def test_two_complainants_of_a_listing_share_a_case_and_can_be_parted_again(intake):
    case_id, first = intake.filed("600001")
    other, right = make_holder(intake.world, "other", number="7700100", mark="北岸")
    intake.file(intake.line("600001"), actor=other, right_id=right)
    second = intake.case(case_id).complaints[1].complaint_id
    assert len(rows(intake, InfringementCase)) == 1
    own = intake.do("split_complaint", complaint_id=second, reason="不是同一权利")
    assert [c.complaint_id for c in intake.case(own).complaints] == [second]
    assert [c.complaint_id for c in intake.case(case_id).complaints] == [first]
    with pytest.raises(Refused, match="complaint_alone"):
        intake.do("split_complaint", complaint_id=first, reason="再分一次")
    intake.do("join_complaint", complaint_id=second, case_id=case_id, reason="仍是同一商品")
    assert len(intake.case(case_id).complaints) == 2
    assert intake.case(own).line.status.value == "not_found"  # the emptied case is closed


def test_a_cured_refusal_keeps_its_thread_and_no_throttle_stops_it(intake):
    case_id, complaint = intake.filed("600001")
    del case_id
    intake.refuse(complaint)
    with pytest.raises(Refused, match="notice_nothing_accepted"):
        intake.file(intake.line("600001"))  # word for word the same: asked to confirm first
    before = intake.world.rulebook.intake.max_listings_per_day
    full = intake.world.rulebook.model_copy(
        update={"intake": intake.world.rulebook.intake.model_copy(
            update={"max_listings_per_day": 1})}
    )  # fmt: skip
    intake.world.rulebook = full
    cured = intake.file(intake.line("600001", why=f"{WHY}，补充比对图"))
    assert cured["counts"]["cured"] == 1
    with pytest.raises(Refused, match="notice_day_full"):
        intake.file(intake.line("600009"))
    assert before > 1
    filed = intake.world.see(lambda s: list_filed(s, intake.holder, program=PROGRAM))
    assert len({f.complaint.thread_id for f in filed}) == 1
    assert [f.complaint.status for f in filed] == [
        ComplaintStatus.OPEN,
        ComplaintStatus.REFUSED,
    ]
    assert filed[1].complaint.next_step == "补正样图"


def test_a_refusal_names_a_code_thirty_characters_and_a_next_step(intake):
    _, complaint = intake.filed()
    with pytest.raises(Invalid) as refused:
        intake.refuse(complaint, reason="太短", next_step="")
    assert {f.place for f in refused.value.faults} == {"refusal_reason", "next_step"}
    assert len(LONG) >= 30
    intake.refuse(complaint)


def test_the_same_notice_sent_by_eight_threads_is_filed_once(intake):
    answers: list[object] = []

    def send() -> None:
        try:
            answers.append(intake.file(intake.line("600001"), token="one")["number"])
        except Exception as error:  # noqa: BLE001 - any error at all would be a failure below
            answers.append(error)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1, answers
    assert len(answers) == 8
    assert len(rows(intake, Notice)) == len(rows(intake, Complaint)) == 1
    with pytest.raises(Conflict):
        intake.file(intake.line("600002"), token="one")


def test_eight_threads_without_a_token_still_leave_one_complaint(intake):
    outcomes: list[str] = []

    def send() -> None:
        try:
            intake.file(intake.line("600001"))
            outcomes.append("filed")
        except Refused as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["filed"] + ["notice_nothing_accepted"] * 7
    assert len(rows(intake, Complaint)) == 1


def test_a_trial_tells_the_outcomes_and_writes_nothing(intake):
    verdicts = intake.world.see(
        lambda s: try_notice(
            s, intake.world.rulebook, clock=intake.world.clock, actor=intake.holder,
            right_id=intake.right_id, lines=[intake.line(), intake.line("", row=2)],
        )
    )  # fmt: skip
    assert [v.outcome for v in verdicts] == [LineOutcome.FILED, LineOutcome.REJECTED]
    assert rows(intake, Notice) == []


def test_a_right_holder_sees_and_uses_only_what_is_his(intake):
    _, complaint = intake.filed()
    other, right = make_holder(intake.world, "other", number="1", mark="北岸")
    with pytest.raises(NotFound):
        intake.file(right_id=intake.right_id, actor=other)
    with pytest.raises(NotFound):
        intake.do("withdraw_complaint", other, complaint_id=complaint, reason="不是我的")
    with pytest.raises(NotFound):
        intake.do("end_right", other, right_id=intake.right_id, reason="不是我的")
    assert intake.world.see(lambda s: list_filed(s, other, program=PROGRAM)) == []
    assert intake.world.see(lambda s: list_notices(s, other, program=PROGRAM)) == []
    own = intake.world.see(lambda s: list_rights(s, other, program=PROGRAM))
    assert [r.right_id for r in own] == [right]
    with pytest.raises(NotAllowed):
        intake.do("uphold_complaint", intake.holder, complaint_id=complaint, reason="自己成立")


def test_a_complainant_sees_his_own_counts_and_marks(intake):
    _, bad = intake.filed("600001")
    case_id, good = intake.filed("600002")
    intake.filed("600003")
    intake.refuse(bad)
    intake.answered(case_id)
    intake.uphold(good)
    with pytest.raises(Refused, match="malicious_needs_refusal"):
        intake.do("mark_malicious", intake.world.reviewer, complaint_id=good, reason="恶意")
    intake.do(
        "mark_malicious", intake.world.reviewer, complaint_id=bad, reason="伪造授权书，经核实"
    )
    counts = intake.world.see(lambda s: reliability_of_self(s, intake.holder, program=PROGRAM))
    assert (counts.filed, counts.open, counts.upheld, counts.refused) == (3, 1, 1, 1)
    assert (counts.answered, counts.malicious) == (2, 1)
    intake.do(
        "lift_malicious", intake.world.reviewer, complaint_id=bad, reason="授权书属实，更正"
    )
    counts = intake.world.see(lambda s: reliability_of_self(s, intake.holder, program=PROGRAM))
    assert counts.malicious == 0
