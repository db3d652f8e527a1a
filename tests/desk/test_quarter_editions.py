"""A second edition of a quarterly report: corrected with a reason, beside the first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from marketplace.base.audit import list_entries
from marketplace.base.clock import FixedClock
from marketplace.base.errors import NotAllowed, NotFound, Refused
from marketplace.desk.issues import Number, corrected, differences
from marketplace.desk.issues.commands import issue_quarter, reissue_quarter
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.queries import get_issue, list_issues
from marketplace.desk.quarter.content import from_json
from marketplace.desk.quarter.corrections import Causes, against_earlier, list_causes
from marketplace.desk.quarter.queries import compose_quarter, recount_quarter
from marketplace.desk.quarter.wording import leaves_of, name_of, tell_causes, tell_edition
from marketplace.desk.quarters import Quarter
from marketplace.features.compliance.commands import record_exposure
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.enforcement.commands import overturn_finding
from marketplace.features.enforcement.kinds import FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding
from tests.features.appeals.test_appeals_in_app import decide
from tests.features.appeals.test_appeals_in_app import file as appeal_against
from tests.features.complaints.conftest import Intake, make_holder
from tests.features.conftest import PROGRAM
from tests.features.enforcement.dealing import offenses
from tests.features.once import built_once
from tests.features.scene import make_firm, make_people
from tests.features.watched import watch_firm

Q3 = Quarter(2026, 3)
QUARTERLY = {"program": PROGRAM, "kind": IssueKind.QUARTER}
WHY = "申诉成立，一次发现被推翻"


@pytest.fixture
@built_once
def issued(world):
    """Three firms, each with 100 checked and 2 listings found a month; the third quarter issued."""
    make_people(world)
    world.clock.at = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
    months = {m: (100, [2]) for m in range(Q3.previous.first, Q3.last + 1)}
    firms = [watch_firm(world, n, enrolled_on=None, months=months) for n in range(3)]
    issue(world)
    world.clock.at += timedelta(days=10)
    return firms


def compose(world, actor=None):
    return world.see(
        lambda s: compose_quarter(
            s, actor or world.officer, world.rulebook, clock=world.clock, quarter=Q3
        )
    )


def issue(world):
    content = compose(world).to_json()
    return world.do(
        lambda s: issue_quarter(
            s, world.rulebook, clock=world.clock, actor=world.officer, quarter=Q3,
            district=None, content=content,
        )
    )  # fmt: skip


def reissue(world, *, actor=None, reason=WHY, quarter=Q3):
    content = compose(world).to_json()
    return world.do(
        lambda s: reissue_quarter(
            s, world.rulebook, clock=world.clock, actor=actor or world.officer,
            quarter=quarter, district=None, content=content, reason=reason,
        )
    )  # fmt: skip


def overturn_one(world, store_id, *, actor=None):
    """The reviewer, or another, overturns the last finding of a store."""
    found = world.see(
        lambda s: s.execute(
            sa.select(col(Finding.id))
            .where(
                col(Finding.store_id) == store_id, col(Finding.status) == FindingStatus.UPHELD
            )
            .order_by(col(Finding.found_month).desc())
        ).scalar()
    )
    world.do(
        lambda s: overturn_finding(
            s, world.rulebook, clock=world.clock, actor=actor or world.reviewer, finding_id=found,
            reason=WHY,
        )
    )  # fmt: skip


def edition(world, number):
    return world.see(
        lambda s: get_issue(s, world.officer, number=1, edition=number, **QUARTERLY)
    )


def causes(world, since, district=None):
    return world.see(
        lambda s: list_causes(
            s, world.officer, world.rulebook, quarter=Q3, district=district, since=since
        )
    )


def test_an_overturned_finding_is_stated_and_then_corrected_by_a_second_edition(world, issued):
    first = edition(world, 1)
    overturn_one(world, issued[0][1])
    again = world.see(
        lambda s: recount_quarter(
            s, world.officer, world.rulebook, clock=world.clock, quarter=Q3
        )
    )
    frozen = from_json(first.content)
    # 3 firms x 3 months x 2 listings = 18 of 900; one finding of two listings less: 16
    stated = [
        (Number("rate_quarter", 18, 900), Number("rate_quarter", 16, 900)),
        (Number("findings_quarter", 9), Number("findings_quarter", 8)),
    ]
    assert differences(frozen.numbers, again) == stated
    assert causes(world, first.as_of) == Causes(reported=0, overturned=1, upheld=0)
    assert causes(world, world.clock.now()) == Causes(0, 0, 0)
    assert causes(world, first.as_of, "350303") == Causes(0, 0, 0)

    assert reissue(world) == 2
    assert edition(world, 1) == first
    second = edition(world, 2)
    assert (second.number, second.edition, second.reason) == (1, 2, WHY)
    assert (second.period, first.period) == ("2026Q3", "2026Q3")
    assert corrected(frozen.numbers, from_json(second.content).numbers) == stated
    against = world.see(lambda s: against_earlier(s, world.officer, second, program=PROGRAM))
    assert against == stated
    # 18 and 16 of 900 are 20.0 and 17.8 per 1,000
    assert tell_edition(*against[0], "en").endswith(
        ": 20.0 (18/900) before, 17.8 (16/900) in this edition (by −2.22)"
    )
    assert tell_edition(*against[1], "zh").endswith("：上一版 9，本版 8（−1）")
    latest = world.see(lambda s: get_issue(s, world.officer, number=1, **QUARTERLY))
    assert latest == second
    rows = world.see(lambda s: list_issues(s, world.officer, **QUARTERLY))
    assert [(r.number, r.edition, r.reason) for r in rows] == [(1, 2, WHY), (1, 1, "")]
    (entry,) = world.see(lambda s: list_entries(s, action="desk.reissue_quarter"))
    assert entry.reason == WHY
    assert entry.facts["edition"] == 2
    assert entry.facts["sha256"] == second.sha256


def test_when_nothing_changed_a_second_edition_is_refused(world, issued):
    with pytest.raises(Refused, match="edition_unchanged"):
        reissue(world)
    overturn_one(world, issued[0][1])
    assert reissue(world) == 2
    with pytest.raises(Refused, match="edition_unchanged"):
        reissue(world)
    overturn_one(world, issued[1][1])
    assert reissue(world) == 3


def test_a_late_report_is_a_cause_and_a_fault_of_the_day_is_no_correction(world, issued):
    first = edition(world, 1)
    world.do(
        lambda s: record_exposure(
            s, clock=world.clock, actor=world.officer, store_id=issued[0][1], month=Q3.last,
            kind=ExposureKind.CHECKED, quantity=150, source="平台月报更正",
        )
    )  # fmt: skip
    found = causes(world, first.as_of)
    assert found == Causes(reported=1, overturned=0, upheld=0)
    assert tell_causes(found, "zh") == ["此后有 1 个店铺月的检查数晚报或更正。"]
    assert reissue(world) == 2
    was, now = (Number("late", 0),), (Number("late", 3),)
    assert differences(was, now) == [(was[0], now[0])]
    assert corrected(was, now) == []


def test_a_second_edition_needs_a_first_a_reason_and_an_officer(world, issued):
    overturn_one(world, issued[0][1])
    with pytest.raises(Refused, match="quarter_not_issued"):
        reissue(world, quarter=Q3.previous)
    for reason in ("", "  错 ", "abc"):
        with pytest.raises(Refused, match="reason_missing"):
            reissue(world, reason=reason)
    for actor in (world.reviewer, world.auditor, world.marketer):
        with pytest.raises(NotAllowed):
            reissue(world, actor=actor)
    with pytest.raises(NotFound):
        edition(world, 2)


def test_the_workbook_names_the_edition(world, issued):
    leaves = leaves_of(compose(world), "en", name=name_of(1, 2, "en"))
    assert leaves[0].title == "2026Q3 No. 1, edition 2"


def test_a_clock_that_stands_still_counts_no_cause_twice(world, issued):
    """What was known at the instant of issue is in the issue."""
    first = edition(world, 1)
    still = FixedClock(first.as_of)
    content = world.see(
        lambda s: compose_quarter(s, world.officer, world.rulebook, clock=still, quarter=Q3)
    )
    assert content.numbers == from_json(first.content).numbers
    assert causes(world, first.as_of) == Causes(0, 0, 0)


def test_complaints_withdrawn_taken_back_and_recorded_late_are_causes(world):
    """Everything that makes an issued quarter count other complaints is told, in its district too."""
    make_people(world)
    world.clock.at = datetime(2026, 9, 10, 1, 0, tzinfo=UTC)
    holder, right_id = make_holder(world, "holder")
    intake = Intake(world, make_firm(world, products=0), holder, right_id)
    asked = [intake.filed(item) for item in ("600001", "600002", "600003")]
    for case_id, complaint_id in asked[:2]:
        intake.answered(case_id)
        world.clock.at += timedelta(days=1)
        intake.uphold(complaint_id)
    world.clock.at = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
    issue(world)
    first = edition(world, 1)
    world.clock.at += timedelta(days=1)
    assert causes(world, first.as_of) == Causes(0, 0, 0)

    intake.do(
        "reverse_answer", world.reviewer, complaint_id=asked[0][1], reason="认定有误，撤销"
    )
    intake.do("withdraw_complaint", holder, complaint_id=asked[2][1], reason="双方已经和解")
    intake.do(
        "receive_complaint", store_id=intake.firm.store_id, item="600009", text="晚到的投诉单",
        origin=Origin.CONSUMER, received_on=date(2026, 9, 30),
    )  # fmt: skip
    intake.filed("600010")  # received in October: not of the quarter
    found = causes(world, first.as_of)
    assert found == Causes(0, 0, 0, filed_late=1, withdrawn=1, reversed=1)
    assert causes(world, first.as_of, "350305") == Causes(0, 0, 0)
    assert tell_causes(found, "en") == [
        "Complaints of the quarter recorded since: 1.",
        "Complaints of the quarter withdrawn since, no longer counted: 1.",
        "Complaints of the quarter whose upheld answer was taken back since: 1.",
    ]
    again = world.see(
        lambda s: recount_quarter(
            s, world.officer, world.rulebook, clock=world.clock, quarter=Q3
        )
    )
    # 3 received, 2 answered, 2 upheld; one came late, one went, one upheld answer was taken back
    assert differences(from_json(first.content).numbers, again) == [
        (Number("complaints_upheld", 2), Number("complaints_upheld", 1))
    ]


def test_a_finding_overturned_by_an_upheld_appeal_is_told_as_such(world):
    make_people(world)
    world.clock.at = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)
    firm = make_firm(world, products=0)
    offenses(firm, 2)
    world.clock.at = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
    issue(world)
    first = edition(world, 1)
    world.clock.at += timedelta(days=1)
    decide(firm, appeal_against(firm))
    overturn_one(
        world, firm.store_id, actor=world.deputy
    )  # the other one the office took back by itself
    found = causes(world, first.as_of)
    assert found == Causes(reported=0, overturned=2, upheld=0, appealed=1)
    assert tell_causes(found, "zh") == [
        "此后有 2 次发现被推翻。",
        "被推翻的发现中，有 1 次是因为申诉成立。",
    ]
    world.clock.at += timedelta(days=1)
    assert causes(world, world.clock.now()) == Causes(0, 0, 0)
