"""Lines, standing, answer times: the pure rules of intake."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.base.clock import WorkCalendar, working_days_between
from marketplace.base.errors import Refused
from marketplace.base.rulebook import load_rulebook
from marketplace.base.settings import ROOT
from marketplace.features.complaints.kinds import (
    CaseStep,
    ComplaintStatus,
    LineIssue,
    LineOutcome,
    NoticeState,
    SellerAnswer,
    Turn,
)
from marketplace.features.complaints.rules import (
    Handled,
    Known,
    NoticeLine,
    Question,
    StoreFound,
    answer_times,
    item_of,
    judge_lines,
    listing_key,
    may_answer,
    parse_lines,
    standing_of,
)

STORES = {"t1": (StoreFound(1, "第1店"),), "双店": (StoreFound(2, "甲"), StoreFound(3, "乙"))}
DAY = date(2026, 11, 23)


def test_a_paste_from_a_spreadsheet_keeps_its_rows_and_leaves_the_heading_out():
    pasted = "店铺\t商品\t说明\r\nT1\t600001\t用了图形\t第二列\r\n\r\nT2\thttps://a.example/i?id=77\t\n"
    assert parse_lines(pasted) == [
        NoticeLine(2, "T1", "600001", "用了图形 第二列"),
        NoticeLine(4, "T2", "https://a.example/i?id=77", ""),
    ]
    # A reason is prose: the comma a person typed stays the comma he typed.
    assert parse_lines("T1\t600001\t鞋侧近似，请核对") == [
        NoticeLine(1, "T1", "600001", "鞋侧近似，请核对")
    ]
    assert parse_lines('T1,600001,"用了,图形"') == [NoticeLine(1, "T1", "600001", "用了,图形")]
    # A mark of quotation that is never closed takes no line along.
    assert parse_lines('T1\t600001\t"仿牌图形\nT2\t600002\t图形近似') == [
        NoticeLine(1, "T1", "600001", '"仿牌图形'),
        NoticeLine(2, "T2", "600002", "图形近似"),
    ]


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("600001", "600001"),
        ("６００００１", "600001"),
        ("https://a.example/item.htm?spm=1&id=600001", "600001"),
        ("https://a.example/goods/600001.html?from=share", "600001"),
        ("https://a.example/shoe/red", "a.example/shoe/red"),
        ("", ""),
        ("https://[x/item", "https://[x/item"),  # no link a browser reads, and no crash
    ],
)
def test_a_listing_is_known_by_its_number_however_it_was_copied(text, item):
    assert item_of(text) == item


def test_every_fault_of_a_line_is_said_at_once():
    [verdict] = judge_lines([NoticeLine(1, "不存在的店", "", "短")], Known(STORES), frozenset())
    assert verdict.outcome is LineOutcome.REJECTED
    assert verdict.issues == (
        LineIssue.STORE_UNKNOWN,
        LineIssue.ITEM_MISSING,
        LineIssue.WHY_MISSING,
    )
    [two] = judge_lines([NoticeLine(1, "双店", "6", "图形相同的")], Known(STORES), frozenset())
    assert two.issues == (LineIssue.STORE_AMBIGUOUS,)


def test_confirmations_add_up_and_a_confirmed_line_is_not_asked_again():
    key = listing_key(1, "600001")
    stores = {"t1": (StoreFound(1, "第1店", closed=True),)}
    known = Known(stores, upheld_own={key: 7})
    line = [NoticeLine(1, "T1", "600001", "图形相同的")]

    def outcome(*confirmed: LineIssue) -> LineOutcome:
        return judge_lines(line, known, frozenset(confirmed))[0].outcome

    assert outcome() is LineOutcome.CONFIRM
    assert outcome(LineIssue.STORE_CLOSED) is LineOutcome.CONFIRM
    assert outcome(LineIssue.STORE_CLOSED, LineIssue.UPHELD_ALREADY) is LineOutcome.FILED


def test_a_repeat_is_a_duplicate_a_cure_keeps_its_thread_a_second_voice_joins():
    key = listing_key(1, "600001")
    line = [NoticeLine(1, "T1", "600001", "补充了对比图")]

    def judged(**known):
        return judge_lines(line, Known(STORES, **known), frozenset())[0]

    assert judged(open_own={key: 5}, open_cases={key: 2}).outcome is LineOutcome.DUPLICATE
    cured = judged(refused_own={key: (5, "原来的说明")})
    assert (cured.outcome, cured.earlier) == (LineOutcome.CURED, 5)
    same = judged(refused_own={key: (5, "补充了 对比图")})
    assert (same.outcome, same.issues) == (LineOutcome.CONFIRM, (LineIssue.UNCHANGED,))
    assert judged(open_cases={key: 2}).outcome is LineOutcome.JOINED
    twice = judge_lines(line * 2, Known(STORES), frozenset())
    assert [v.outcome for v in twice] == [LineOutcome.FILED, LineOutcome.REJECTED]
    assert twice[1].issues == (LineIssue.REPEATED,)


@given(
    st.lists(
        st.tuples(st.sampled_from(["T1", "双店", "", "别处"]), st.sampled_from(["6", "7", ""])),
        max_size=12,
    )
)
def test_every_line_gets_exactly_one_outcome_and_no_listing_is_accepted_twice(pairs):
    lines = [NoticeLine(n, s, i, "图形相同的") for n, (s, i) in enumerate(pairs, 1)]
    verdicts = judge_lines(lines, Known(STORES), frozenset())
    assert [v.line for v in verdicts] == lines
    taken = [v.key for v in verdicts if v.outcome is LineOutcome.FILED]
    assert len(taken) == len(set(taken))


def question(state, *, answer=None, status=ComplaintStatus.OPEN) -> Question:
    return Question(status, state, answer, date(2026, 11, 27), date(2026, 11, 30), None)


@pytest.mark.parametrize(
    ("state", "answer", "day", "step", "turn"),
    [
        (NoticeState.RECEIVED, None, DAY, CaseStep.FORWARD, Turn.OFFICE),
        (NoticeState.FORWARDED, None, DAY, CaseStep.SELLER, Turn.SELLER),
        (NoticeState.FORWARDED, None, date(2026, 11, 30), CaseStep.SELLER, Turn.SELLER),
        (NoticeState.FORWARDED, None, date(2026, 12, 1), CaseStep.ANSWER, Turn.OFFICE),
        (NoticeState.FORWARDED, SellerAnswer.STATEMENT, DAY, CaseStep.ANSWER, Turn.OFFICE),
        (NoticeState.COUNTERED, SellerAnswer.COUNTER_NOTICE, DAY, CaseStep.PASS_ON, Turn.OFFICE),
        (NoticeState.WAITING, SellerAnswer.COUNTER_NOTICE, DAY, CaseStep.COURT,
         Turn.COMPLAINANT),
        (NoticeState.RESTORED, SellerAnswer.COUNTER_NOTICE, DAY, CaseStep.ANSWER, Turn.OFFICE),
    ],
)  # fmt: skip
def test_who_holds_a_case_follows_from_what_happened(state, answer, day, step, turn):
    one = question(state, answer=answer)
    found = standing_of(
        [one], closed=False, case_due_on=DAY, finding=None, heard=False, day=day
    )
    assert (found.step, found.turn) == (step, turn)
    if step is CaseStep.ANSWER:
        may_answer(one, day)
    else:
        with pytest.raises(Refused):
            may_answer(one, day)


def test_a_case_without_open_complaints_waits_for_its_finding_then_for_nobody():
    done = [question(NoticeState.FORWARDED, status=ComplaintStatus.UPHELD)]

    def step(finding, *, heard=False, closed=False):
        return standing_of(
            done, closed=closed, case_due_on=DAY, finding=finding, heard=heard, day=DAY
        ).step

    assert step(None) is CaseStep.FIND_OR_CLOSE
    assert step("suspected") is CaseStep.HEAR
    assert step("suspected", heard=True) is CaseStep.DECIDE
    assert step("upheld", closed=True) is CaseStep.CLOSED


def test_moved_workdays_count_and_holidays_do_not():
    putian = load_rulebook(ROOT / "programs" / "putian-footwear.toml").calendar
    # Monday 28 September to Saturday 10 October 2026: 29, 30, then 8, 9 and the moved 10th.
    assert working_days_between(date(2026, 9, 28), date(2026, 10, 10), putian) == 5
    # Friday 13 February to Tuesday 24: the moved Saturday 14, then Tuesday 24.
    assert working_days_between(date(2026, 2, 13), date(2026, 2, 24), putian) == 2


def test_every_complaint_is_a_wait_in_working_days_whether_answered_or_not():
    monday = date(2026, 11, 2)
    days = [date(2026, 11, d) for d in (2, 3, 4, 5, 6, 9, 10, 11, 12, 20)]
    rows = [Handled(monday, d, upheld=n < 4) for n, d in enumerate(days)]
    rows.append(Handled(monday, None, upheld=False))
    times = answer_times(rows, day=date(2026, 11, 30), calendar=WorkCalendar())
    # The 2nd is the day itself; the 20th is 14 working days later, the 30th 20.
    took = (0, 1, 2, 3, 4, 5, 6, 7, 8, 14)
    assert times.waits == (*((n, True) for n in took), (20, False))
    assert (times.received, times.answered, times.upheld, times.waiting) == (11, 10, 4, 1)
    assert times.longest_waiting_days == 20  # four weeks
    assert answer_times([], day=monday, calendar=WorkCalendar()).longest_waiting_days is None
