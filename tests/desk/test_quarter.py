"""The quarterly report: the figures of the pages, frozen with a number, corrected beside itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from marketplace.base.canonical import digest
from marketplace.base.clock import month_index
from marketplace.base.errors import Invalid, NotAllowed, NotFound, Refused, Unavailable
from marketplace.base.words import format_instant, say
from marketplace.desk.friday import compose_friday
from marketplace.desk.issues import Number, differences
from marketplace.desk.issues.commands import issue_quarter
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.queries import get_issue, list_issues
from marketplace.desk.quarter.content import from_json, plain_svg
from marketplace.desk.quarter.counting import ninetieth
from marketplace.desk.quarter.queries import compose_quarter, recount_quarter
from marketplace.desk.quarter.wording import as_text, leaves_of, tell_difference
from marketplace.desk.quarters import Quarter, parse_quarter
from marketplace.features.compliance import methods
from marketplace.features.compliance.charts import figure_of, sentences
from marketplace.features.compliance.charts.cohorts import cohort_figure
from marketplace.features.compliance.charts.effort import effort_figure
from marketplace.features.compliance.charts.funnel import funnel_figure
from marketplace.features.compliance.charts.telling import Frame
from marketplace.features.compliance.commands import record_exposure
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.methods import gather_material
from marketplace.features.compliance.rules.waiting import Wait, waiting_time
from marketplace.features.compliance.summary import refresh_due
from marketplace.features.compliance.tables import (
    CohortCount,
    CohortMonth,
    CohortOffset,
    CohortOperator,
    CohortSide,
    CohortSource,
    OperatorMonth,
)
from tests.features.conftest import PROGRAM
from tests.features.once import built_once
from tests.features.scene import make_people
from tests.features.watched import watch_firm

Q3 = Quarter(2026, 3)
ENROLLED = date(2025, 8, 10)
FIRST = month_index(date(2025, 1, 1))
LAST = month_index(date(2026, 9, 1))
ZERO = month_index(ENROLLED)


@pytest.fixture
@built_once
def firms(world):
    """Twelve firms before and after, the clock in October: the third quarter is over."""
    make_people(world)
    world.clock.at = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
    months = {
        m: (100, [2, 1] if m <= ZERO else [1] if m % 3 == 0 else [])
        for m in range(FIRST, LAST + 1)
    }
    return [
        watch_firm(world, n, enrolled_on=ENROLLED, months=months,
                   district="350304" if n < 9 else "350303")
        for n in range(12)
    ]  # fmt: skip


def compose(world, quarter=Q3, *, district=None, actor=None):
    return world.see(
        lambda s: compose_quarter(
            s, actor or world.officer, world.rulebook, clock=world.clock, quarter=quarter,
            district=district,
        )
    )  # fmt: skip


def issue(world, content, quarter=Q3, *, district=None, actor=None):
    return world.do(
        lambda s: issue_quarter(
            s, world.rulebook, clock=world.clock, actor=actor or world.officer,
            quarter=quarter, district=district, content=content.to_json(),
        )
    )  # fmt: skip


def test_numbers_of_the_quarter_are_counted_by_hand(world, firms):
    numbers = {n.key: n for n in compose(world).numbers}
    # 12 firms x 3 months x 100 checked; July 2026 (index 24318) alone divides by three: 1 each
    assert numbers["rate_quarter"] == Number("rate_quarter", 12, 3_600)
    assert numbers["findings_quarter"].count == 12
    # January to July 2025: 7 months x 3 listings x 12 firms over 7 x 100 x 12
    assert numbers["rate_before"] == Number("rate_before", 252, 8_400)
    assert numbers["enrolled"].count == 12
    assert numbers["came"].count == 0
    assert numbers["complaints"].count == 0
    assert numbers["missing"].count == 0


def test_a_rate_on_few_findings_is_a_bare_count_in_the_table_of_numbers_too(world, firms):
    for lang, bare in (("zh", "只报件数（发现不多）"), ("en", "a bare count (few findings)")):
        rows = {row[0]: row for row in compose(world).reports[lang].sheets[0].rows}
        quarter, before = (
            rows[say(f"quarter.number.{key}.name", lang)]
            for key in ("rate_quarter", "rate_before")
        )
        # 12 findings in the quarter; before enrollment 7 x 12 of them: 252 listings in 8,400
        assert quarter[1:4] == ("12", "3,600", bare)
        assert before[1:4] == ("252", "8,400", "30.0")


def test_figures_are_those_of_the_overview_and_the_methods_page(world, firms):
    """The clock stands in the month after the quarter, so both count to the same month."""
    content = compose(world)
    m = world.see(
        lambda s: gather_material(s, world.officer, world.rulebook, clock=world.clock)
    )
    as_of = format_instant(world.clock.now())
    for lang in ("zh", "en"):
        frame = Frame(lang, "", sentences.source(m.study, lang, as_of=as_of))
        apart = Frame(lang, "", sentences.source_alone(m.study, lang, as_of=as_of))
        rules = world.rulebook.methods
        shown = (
            figure_of(m.study, lang, as_of=as_of),
            effort_figure(m.study, frame),
            cohort_figure(methods.cohorts(m), frame, min_operators=rules.min_cohort_operators),
            funnel_figure(
                methods.funnel(m), m.names, apart, months=rules.funnel_months,
                min_checked=rules.min_funnel_checked, by_rate=False,
            ),
        )  # fmt: skip
        kept = {figure.key: figure for figure in content.reports[lang].figures}
        for figure in shown:
            mine = kept[figure.key]
            assert (mine.title, mine.rows) == (figure.title, figure.rows)
            assert mine.svg == figure.svg_wide
            assert mine.source == figure.source
        said = content.reports[lang].sections[1].sentences
        assert said == sentences.can_say(m.study, lang)


def test_months_after_the_quarter_do_not_count(world, firms):
    before = compose(world)
    world.clock.at = datetime(2026, 12, 12, tzinfo=UTC)
    watch_firm(world, 99, enrolled_on=None, months={LAST + 1: (5_000, [9])})
    after = compose(world)
    assert differences(before.numbers, after.numbers) == []
    assert "2026-09" in after.reports["zh"].sections[-1].sentences[0]


def test_an_issue_is_frozen_and_a_correction_stands_beside_it(world, firms):
    content = compose(world)
    assert issue(world, content) == 1
    with pytest.raises(Refused, match="quarter_issued"):
        issue(world, content)
    _factory, store_id = firms[0]
    world.do(
        lambda s: record_exposure(
            s, clock=world.clock, actor=world.officer, store_id=store_id, month=LAST,
            kind=ExposureKind.CHECKED, quantity=150, source="平台月报更正",
        )
    )  # fmt: skip
    quarterly = {"program": PROGRAM, "kind": IssueKind.QUARTER}
    (listed,) = world.see(lambda s: list_issues(s, world.officer, **quarterly))
    assert (listed.number, listed.period, listed.issued_by) == (1, "2026Q3", "officer")
    kept = world.see(lambda s: get_issue(s, world.officer, number=1, **quarterly))
    assert from_json(kept.content) == content
    assert kept.sha256 == digest(content.to_json())
    again = world.see(
        lambda s: recount_quarter(
            s, world.officer, world.rulebook, clock=world.clock, quarter=Q3
        )
    )
    changed = differences(content.numbers, again)
    # 3,600 checked in the quarter and 50 more; after: 13 months x 100 x 12 and 50 more, one
    # listing each in October, January, April and July: 4 x 12
    assert changed == [
        (Number("rate_after", 48, 15_600), Number("rate_after", 48, 15_650)),
        (Number("rate_quarter", 12, 3_600), Number("rate_quarter", 12, 3_650)),
    ]
    assert tell_difference(*changed[1], "en") == (
        "Infringing listings per 1,000 this quarter: "
        "3.3 (12/3,600) when issued, 3.3 (12/3,650) now (by −0.05)"
    )
    assert issue(world, compose(world, Q3.previous), Q3.previous) == 2
    friday = {"program": PROGRAM, "kind": IssueKind.FRIDAY}
    assert world.see(lambda s: list_issues(s, world.officer, **friday)) == []


def test_a_district_reports_its_own_and_numbers_its_own(world, firms):
    there = compose(world, district="350303")
    numbers = {n.key: n for n in there.numbers}
    # 3 of the 12 firms: 3 x 3 months x 100 checked, one finding of one listing each
    assert numbers["rate_quarter"] == Number("rate_quarter", 3, 900)
    assert numbers["enrolled"].count == 3
    issue(world, compose(world))
    assert issue(world, there, district="350303") == 1
    empty = {n.key: n for n in compose(world, district="350302").numbers}
    assert empty["rate_quarter"] == Number("rate_quarter", 0, 0)


def test_the_running_quarter_is_preliminary_and_cannot_be_issued(world, firms):
    running = Quarter(2026, 4)
    content = compose(world, running)
    assert content.preliminary
    assert content.until == "2026-10-12"
    assert not compose(world).preliminary
    with pytest.raises(Refused, match="quarter_running"):
        issue(world, content, running)
    for lang in ("zh", "en"):
        assert "2026Q3" in content.reports[lang].sections[0].sentences[1]


def test_a_quarter_to_come_and_a_district_of_nobody_are_refused_together(world, firms):
    with pytest.raises(Invalid) as refused:
        compose(world, Quarter(2027, 1), district="999999")
    assert [(f.place, f.code) for f in refused.value.faults] == [
        ("quarter", "quarter_to_come"),
        ("district", "district_unknown"),
    ]
    with pytest.raises(Invalid):
        issue(world, compose(world), district="999999")
    for text in ("2026", "2026Q5", "Q3 2026", "２０２６Q３", ""):
        with pytest.raises(Invalid) as unread:
            parse_quarter(text)
        assert [f.code for f in unread.value.faults] == ["quarter_unknown"]


def test_who_is_elsewhere_or_promotes_learns_nothing(world, firms):
    with pytest.raises(NotAllowed):
        compose(world, actor=world.marketer)
    away = replace(world.officer, limits=frozenset({("putian-footwear", "350303")}))
    with pytest.raises(NotFound):
        compose(world, actor=away, district="350304")
    content = compose(world)
    for actor in (world.auditor, world.reviewer):
        with pytest.raises(NotAllowed):
            issue(world, content, actor=actor)


def test_nothing_is_composed_while_the_sums_are_being_made_anew(world, firms):
    """After an upgrade they fill up by and by; a spread read meanwhile would be too small."""
    whole = compose(world)
    world.do(_forget_sums)
    for made in (compose, compose_page):
        with pytest.raises(Unavailable) as told:
            made(world)
        assert told.value.code == "sums_awaited"
    world.do(lambda s: refresh_due(s, rulebook=world.rulebook, most=len(firms) - 1))
    with pytest.raises(Unavailable):
        compose(world)
    world.do(lambda s: refresh_due(s, rulebook=world.rulebook))
    assert compose(world) == whole
    assert compose_page(world).numbers


def compose_page(world):
    return world.see(
        lambda s: compose_friday(s, world.officer, world.rulebook, clock=world.clock)
    )


def _forget_sums(session):
    for kind in (OperatorMonth, CohortOperator, CohortMonth, CohortOffset, CohortSide,
                 CohortCount, CohortSource):  # fmt: skip
        session.execute(sa.delete(kind.__table__))
    session.info["audited"] = True  # what is kept beside the facts leaves no trail


def test_a_fall_with_less_looking_is_flagged_in_the_conclusions(world):
    """Twelve firms, in July to September half as much was checked and little found."""
    make_people(world)
    world.clock.at = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
    months = {
        m: (200, [1, 1, 1]) if m < LAST - 2 else (100, []) for m in range(LAST - 5, LAST + 1)
    }
    for n in range(12):
        watch_firm(world, n, enrolled_on=None, months=months)
    report = compose(world).reports["en"]
    assert "this is not called a fall" in report.sections[0].sentences[1]
    change = next(s for s in report.sections if s.key == "change")
    assert any("looked less" in sentence for sentence in change.sentences)


def test_complaints_wait_in_working_days_and_nobody_waiting_is_forgotten():
    """Three answered after 1, 2 and 3 days, two still waiting after 5."""
    waits = [Wait(1, True), Wait(2, True), Wait(3, True), Wait(5, False), Wait(5, False)]
    time = waiting_time(waits, min_ended=3)
    # shares still waiting: 4/5, 3/5, 2/5; half have their answer after 3 days, nine of ten not yet
    assert time.median_days == 3
    assert ninetieth(time) is None
    all_answered = waiting_time([Wait(float(d), True) for d in range(1, 11)], min_ended=3)
    assert ninetieth(all_answered) == 9  # 1 of 10 still waits after nine days


def test_the_workbook_and_the_text_hold_what_the_report_says(world, firms):
    content = compose(world)
    leaves = leaves_of(content, "zh")
    report = content.reports["zh"]
    assert [leaf.name for leaf in leaves[:3]] == ["文字", "表1", "表2"]
    assert leaves[1].rows == report.sheets[0].rows
    assert {leaf.title for leaf in leaves} >= {figure.title for figure in report.figures[:3]}
    text = as_text(content, "zh", title="季度报告")
    for section in report.sections:
        for sentence in section.sentences:
            assert sentence in text


def test_a_drawing_for_paper_has_plain_colors_only(world, firms):
    for figure in compose(world).reports["zh"].figures:
        assert "var(" not in plain_svg(figure.svg)


def test_quarters_follow_each_other_and_know_their_days():
    q = Quarter(2026, 4)
    assert (q.key, q.start, q.end) == ("2026Q4", date(2026, 10, 1), date(2026, 12, 31))
    assert (q.next, q.previous) == (Quarter(2027, 1), Q3)
    assert parse_quarter("2026Q4") == q
    assert not q.is_over(date(2026, 12, 31))
    assert q.is_over(date(2027, 1, 1))
