"""Each figure on methods answers, or says how much is needed and how much there was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from marketplace.base.rulebook import load_rulebook
from marketplace.base.settings import ROOT
from marketplace.features.compliance import methods
from marketplace.features.compliance.charts.cohorts import cohort_figure
from marketplace.features.compliance.charts.event import event_figure
from marketplace.features.compliance.charts.funnel import funnel_figure
from marketplace.features.compliance.charts.group_time import group_time_figure, title_of
from marketplace.features.compliance.charts.series import series_figure
from marketplace.features.compliance.charts.series import title_of as series_title
from marketplace.features.compliance.charts.shrinkage import expected_words, shrinkage_figure
from marketplace.features.compliance.charts.telling import Frame
from marketplace.features.compliance.charts.waiting import waiting_figure
from marketplace.features.compliance.kinds import WaitKind
from marketplace.features.compliance.marks.queries import Named
from marketplace.features.compliance.methods import Material
from marketplace.features.compliance.rules import StoreMonth, Title, Watched, compare
from marketplace.features.compliance.rules.cohorts import by_entry
from marketplace.features.compliance.rules.comparison import Beside
from marketplace.features.compliance.rules.funnel import in_order
from marketplace.features.compliance.rules.regression import regress
from marketplace.features.compliance.rules.shrinkage import ExpectedFall
from marketplace.features.compliance.rules.staggered import RelativeEffect, Staggered
from marketplace.features.compliance.rules.timeseries import Interrupted, StepChange
from marketplace.features.compliance.rules.waiting import Wait, waiting_time
from marketplace.features.compliance.studies import MonthPoint, Study

RULES = load_rulebook(Path(ROOT / "programs" / "putian-footwear.toml"))
JANUARY = 2025 * 12
LAST = JANUARY + 22


def firm(number, zero, *, before=2, after=1, first=-24, last=LAST, checked=100):
    """One firm with so many findings (and twice as many listings) in each month."""
    months = tuple(
        StoreMonth(
            number, m, checked, n := (before if zero is None or m < zero else after), 2 * n
        )
        for m in range((zero or JANUARY) + first, last + 1)
    )
    return Watched(number, zero, months, expected_store_months=len(months))


def material(*watched: Watched) -> Material:
    enrolled = [w for w in watched if w.zero is not None]
    points: dict[int, list[int]] = {}
    for w in enrolled:
        for m in w.months:
            row = points.setdefault(m.month - w.zero, [0, 0, 0, 0])
            for i, n in enumerate((m.exposure, m.findings, m.listings, 1)):
                row[i] += n
    study = Study(
        comparison=compare(enrolled, dispersion=1.0),
        points=tuple(MonthPoint(k, *v) for k, v in sorted(points.items())),
        zero=0,
        inspections={},
        near_misses={},
        sources=("月报",),
        dispersion=1.0,
        aligned=True,
        watched=tuple(enrolled),
    )
    names = {w.operator_id: Named(w.operator_id + 1000, f"厂{w.operator_id}") for w in watched}
    return Material(RULES, tuple(watched), study, names, LAST)


MANY = material(
    *(firm(n, JANUARY + n % 9) for n in range(24)),
    *(firm(n, None) for n in range(24, 36)),
)
FEW = material(*(firm(n, JANUARY + 2 * n) for n in range(3)))
ZH, EN = Frame("zh", "规则第 1 版", "来源"), Frame("en", "Rules 1", "Source")


def all_figures(m: Material, frame: Frame):
    rules = m.rulebook.methods
    return {
        "cohorts": cohort_figure(
            methods.cohorts(m), frame, min_operators=rules.min_cohort_operators
        ),
        "event": event_figure(m.study, methods.event_study(m), frame, as_of="2026-11-26"),
        "group_time": group_time_figure(methods.effects(m), frame, effort_fell=False),
        "series": series_figure(
            methods.series(m), frame, effort_fell=False, model="先写明", harmonics=1
        ),
        "funnel": funnel_figure(
            methods.funnel(m), m.names, frame, months=12, min_checked=rules.min_funnel_checked
        ),
        "shrinkage": shrinkage_figure(methods.regression(m), m.names, frame),
    }


@pytest.mark.parametrize("frame", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize("m", [MANY, FEW], ids=["many", "few"])
def test_every_figure_says_what_it_shows_and_not_how_and_from_where(m, frame):
    for name, figure in all_figures(m, frame).items():
        assert figure.title, name
        assert figure.alt.startswith(figure.title), name
        assert figure.reading, name
        assert figure.can_say, name
        assert figure.cannot_say, name
        assert figure.computed[-1] == frame.rule, name
        assert figure.source, name
        assert figure.svg_file.startswith("<svg"), name
        assert all(len(row) == len(figure.heads) for row in figure.rows), name


def test_under_the_minimum_each_figure_says_what_is_needed_and_what_there_was():
    found = all_figures(FEW, ZH)
    assert found["cohorts"].can_say == ("至少要 5 家，现有 3 家。",)
    assert found["event"].can_say == ("至少要 10 家，现有 3 家。",)
    assert found["group_time"].can_say == ("至少要 10 家，现有 3 家。",)
    assert found["funnel"].can_say == ("至少要 10 家，现有 3 家。",)
    assert found["shrinkage"].can_say == ("至少要 10 家，现有 3 家。",)
    for name in ("cohorts", "event", "group_time", "shrinkage"):
        assert found[name].title == "数据太少，不作图"
        assert found[name].scene.empty == found[name].can_say[0]
    # 22 of 24 months before and after; the series has only months with nobody or all enrolled
    assert found["series"].scene.marks


@pytest.mark.parametrize("frame", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize(("before", "after"), [(0, 0), (0, 1), (1, 0)])
def test_a_program_in_which_nothing_was_found_on_a_side_has_every_figure_or_its_reason(
    frame, before, after
):
    m = material(
        *(firm(n, JANUARY + n % 9, before=before, after=after) for n in range(12)),
        *(firm(n, None, before=before) for n in range(20, 30)),
    )
    found = all_figures(m, frame)
    for figure in found.values():
        assert figure.title
        assert figure.svg_wide.startswith("<svg")
    if not before:  # nothing to expect anything from
        assert found["group_time"].scene.empty == found["group_time"].can_say[0]


def test_a_series_with_too_few_months_after_is_refused():
    late = material(*(firm(n, LAST - 5) for n in range(12)))
    figure = all_figures(late, EN)["series"]
    assert figure.can_say == ("Each side needs at least 12 months; the shorter one has 5.",)


def test_the_event_study_is_the_overviews_figure_number_for_number():
    from marketplace.features.compliance.charts import figure_of

    overview = figure_of(MANY.study, "zh", as_of="2026-11-26", rule=ZH.rule)
    event = all_figures(MANY, ZH)["event"]
    assert (event.title, event.rows, event.can_say) == (
        overview.title,
        overview.rows,
        overview.can_say,
    )
    assert event.scene.marks == overview.scene.marks
    by_offset = {m.offset: m for m in methods.event_study(MANY).months}
    for p in MANY.study.points:
        m = by_offset[p.month]
        assert (m.exposure, m.findings, m.listings, m.operators) == (
            p.exposure,
            p.findings,
            p.listings,
            p.operators,
        )


def test_cohorts_are_half_years_and_small_ones_are_counted_not_compared():
    # 24 firms enter in January to September: six months make 18, three months 6
    found = methods.cohorts(MANY)
    assert [(c.start, c.end, c.comparison.operators) for c in found] == [
        (JANUARY, JANUARY + 5, 18),
        (JANUARY + 6, JANUARY + 11, 6),
    ]
    assert [c.comparison.ratio for c in found] == [pytest.approx(0.5)] * 2  # 2 a month, then 1
    small = by_entry(MANY.study.watched, months=6, min_operators=7, dispersion=1.0)
    assert small[0].refused is None
    assert (small[1].refused.needed, small[1].refused.found) == (7, 6)
    figure = cohort_figure(small, ZH, min_operators=7)
    assert "有 1 批不足 7 家，只计数，不比较。" in figure.cannot_say
    assert len(figure.scene.marks) == 1
    assert figure.rows[1][4:7] == ("—", "—", "—")


def cohort_of(*watched, min_operators=2):
    found = by_entry(watched, months=6, min_operators=min_operators, dispersion=1.0)
    return cohort_figure(found, EN, min_operators=min_operators)


def test_a_cohort_on_few_findings_is_tabled_on_what_its_ratio_is_on():
    # 2 x 12 months of 1 finding in 100 before; after 2 x 8 of none: findings 10.0 and 0.0
    few = [firm(n, JANUARY, before=1, after=0, first=-8, last=JANUARY + 8) for n in range(2)]
    figure = cohort_of(*few)
    assert figure.rows[0][4:6] == ("10.0 (findings)", "0.0 (findings)")
    assert "on findings, fell." in figure.can_say[0]
    many = [firm(n, JANUARY, first=-12, last=JANUARY + 12) for n in range(2)]
    figure = cohort_of(*many)  # 2 findings are 4 listings
    assert figure.rows[0][4:6] == ("40.0", "20.0")
    assert "on infringing listings" in figure.can_say[0]


def test_no_cohort_is_said_to_fall_where_the_program_looked_less():
    # Inspections halved: the overview does not call it a fall, and no cohort does.
    comparison = compare(
        MANY.study.watched,
        dispersion=1.0,
        beside=(Beside(inspections=400), Beside(inspections=9)),
    )
    assert comparison.title is Title.FELL_WITH_LESS_EFFORT
    less = replace(MANY, study=replace(MANY.study, comparison=comparison))
    assert {c.comparison.title for c in methods.cohorts(MANY)} == {Title.FELL}
    assert {c.comparison.title for c in methods.cohorts(less)} == {Title.FELL_WITH_LESS_EFFORT}
    assert all_figures(less, EN)["cohorts"].title == "Of 2 comparable cohorts, 0 fell"


def test_a_cohort_with_nothing_found_before_shows_how_far_up_its_ratio_must_be():
    figure = cohort_of(*(firm(n, JANUARY, before=0, after=1) for n in range(2)))
    # None in 4,800 before, 44 in 4,400 after: 44 of 44 is at least 0.9196 of them, times 12/11.
    assert figure.rows[0][6].startswith("— (12.")
    assert figure.rows[0][6].endswith("–∞)")
    assert ", rose." in figure.can_say[0]
    assert (len(figure.scene.curves), len(figure.scene.marks)) == (1, 0)
    assert figure.svg_wide.startswith("<svg")


def test_cohorts_without_a_ratio_say_what_is_really_missing():
    clean = [firm(n, JANUARY, before=0, after=0) for n in range(2)]
    assert cohort_of(*clean).can_say[0].startswith("Nothing was found")
    unseen = [firm(n, JANUARY, first=0) for n in range(2)]  # nothing observed before
    assert cohort_of(*unseen).can_say == (
        "Each side needs at least 3 months; the shorter one has 0.",
    )
    assert cohort_of(*clean, min_operators=3).can_say == (
        "At least 3 operators are needed; there are 2.",
    )


def test_a_series_with_less_spread_than_chance_is_not_told_as_surer_than_chance():
    # Every month alike: the residuals are 0, and the interval is that of Poisson.
    m = material(*(firm(n, JANUARY + n % 6, before=2, after=2) for n in range(12)))
    found = methods.series(m).fitted
    assert found.step.dispersion < 0.01
    assert found.step.lower < 0.99
    assert found.step.upper > 1.01


def test_a_funnel_with_firms_below_its_limits_does_not_say_that_all_lie_within():
    # 24 firms with 24 findings in 1,200, and one with none where 23 are expected
    crowd = [firm(n, None, before=2) for n in range(24)]
    m = material(*crowd, firm(50, None, before=0))
    figure = all_figures(m, EN)["funnel"]
    assert figure.title == "No firm of 25 has more findings than chance explains; 1 has fewer"


def test_firms_that_cannot_be_told_apart_have_no_interval_of_no_width():
    alike = [firm(n, JANUARY, before=1, after=1) for n in range(12)]
    names = {n: Named(n, f"Firm {n}") for n in range(12)}
    figure = shrinkage_figure(regress(alike, min_operators=10, min_findings=20), names, EN)
    assert {row[5:7] for row in figure.rows} == {("—", "—")}
    assert any("cannot tell the firms" in line for line in figure.cannot_say)


def test_the_quarter_before_entry_is_no_base_and_entry_quarter_is_no_side():
    found = methods.effects(MANY)
    offsets = [e.offset for e in found.effects]
    assert 0 not in offsets
    assert not set(offsets) & {-5, -4, -3, -2}
    assert found.overall.ratio == pytest.approx(0.5, abs=0.02)  # against firms that kept 2
    assert (found.seed, found.draws) == (20_150_203, 499)


def effect(offset, low, high):
    return RelativeEffect(offset, (low + high) / 2, (low, high), 20)


@pytest.mark.parametrize(
    ("before", "overall", "effort_fell", "title"),
    [
        ((0.8, 1.2), (0.4, 0.7), False, "fell"),
        ((0.8, 1.2), (0.4, 0.7), True, "fell_with_less_effort"),
        ((0.8, 1.2), (0.7, 1.1), False, "no_clear_change"),
        ((0.8, 1.2), (1.2, 1.9), False, "rose"),
        (
            (1.1, 1.4),
            (0.4, 0.7),
            False,
            "pre_trend",
        ),  # they differed before: nothing is claimed
    ],
)
def test_group_time_effects_are_titled_by_rule(before, overall, effort_fell, title):
    apart = () if before[0] <= 1 <= before[1] else (-6,)
    effects = (effect(-6, *before), effect(1, *overall))
    found = Staggered(effects, effect(0, *overall), seed=1, draws=99, apart=apart)
    assert title_of(found, effort_fell=effort_fell) == title
    assert group_time_figure(found, ZH, effort_fell=effort_fell).title


@pytest.mark.parametrize(
    ("upper", "p", "effort_fell", "title"),
    [
        (0.8, 0.5, False, "fell"),
        (0.8, 0.01, False, "autocorrelated"),  # too narrow an interval claims nothing
        (0.8, 0.5, True, "fell_with_less_effort"),
        (1.2, 0.5, False, "no_clear_change"),
        (0.8, None, False, "fell"),
    ],
)
def test_the_series_is_titled_by_rule(upper, p, effort_fell, title):
    found = Interrupted(StepChange(0.7, 0.6, upper, 1.2, 40), (), 6, p)
    assert series_title(found, effort_fell=effort_fell) == title


def test_the_series_counts_the_share_of_checks_after_entry_and_leaves_out_the_month_of_it():
    one, two = firm(1, JANUARY), firm(2, JANUARY + 6)
    months = {m.month: m for m in methods.series(material(one, two)).months}
    assert months[JANUARY - 1].share == 0
    assert (months[JANUARY].exposure, months[JANUARY].share) == (
        100,
        0,
    )  # the second firm's only
    assert months[JANUARY + 1].share == 0.5
    assert months[JANUARY + 7].share == 1


def test_a_point_of_the_funnel_leads_to_its_dossier_and_small_firms_are_never_ordered_by_rate():
    small = firm(90, None, before=5, checked=10)  # 120 checked in twelve months, under 300
    m = material(*MANY.watched, small)
    found = methods.funnel(m)
    marks = all_figures(m, ZH)["funnel"].scene.marks
    assert {mark.link for mark in marks} >= {"/dossier?id=1000", "/dossier?id=1090"}
    ordered = in_order(found, by_rate=True, min_exposure=300)
    assert ordered[-1].key == 90  # by far the highest raw rate, and last
    figure = funnel_figure(found, m.names, ZH, months=12, min_checked=300, by_rate=True)
    assert figure.rows[-1][0] == "厂90"
    assert figure.rows[-1][4] == "—"
    assert figure.links[-1] == "/dossier?id=1090"


def test_those_chosen_for_a_bad_record_are_expected_to_fall_anyway():
    # 12 firms with 6 in 100 entered, 24 with 1 in 100 did not: little was checked, much is chance.
    chosen = [
        firm(n, JANUARY, before=6, after=2, first=-1, last=JANUARY + 1) for n in range(12)
    ]
    others = [firm(n, None, before=1, first=0, last=JANUARY) for n in range(12, 36)]
    found = regress([*chosen, *others], min_operators=10, min_findings=20)
    assert found.expected.raw_before == pytest.approx(0.06)
    assert found.expected.expected_after < 0.06
    assert 0 < found.expected.share_expected < 1
    assert len(found.estimates) == 36


def test_the_sentence_on_what_was_expected_names_all_three_rates():
    # from 50 to 20 per 1,000 with 40 expected: 10 of 30 is a third
    fall = ExpectedFall(0.05, 0.04, 0.02, 0.4, 0.8, 0.5, 1 / 3, 12)
    assert expected_words(fall, ZH) == (
        "每千件发现从 50.0 次到 20.0 次；即使什么都没变，本来也会回落到 40.0 次，占降幅的 33%"
    )
    rose = replace(fall, after=0.06, share_expected=None)
    assert "没有下降" in expected_words(rose, ZH)
    assert expected_words(None, EN).startswith("No firm was observed on both sides")


def test_waits_that_go_on_count_and_few_that_ended_are_refused():
    waits = [Wait(d, True) for d in (2, 4, 6, 8, 10)] + [Wait(20, False)] * 2
    figure = waiting_figure(WaitKind.EVIDENCE, waiting_time(waits), EN)
    # 7 waits: after 8 days 3 of 7 are left; the median of the 5 that ended would be 6
    assert figure.title == "Evidence handed in: half are answered within 8 days"
    assert figure.can_say[0] == "Of 7 waits 5 ended and 2 go on."
    # How many it still rests on stands under the curve, at the ticks: 0, 2, 4 ... days.
    assert [(t.label, t.below) for t in figure.scene.x.ticks[:3]] == [
        ("0", "n=7"), ("2", "n=7"), ("4", "n=6"),
    ]  # fmt: skip
    (band,) = figure.scene.bands
    curve = figure.scene.curves[0]
    # Both go on while somebody waits (two, to day 20), though the axis ends at the last answer.
    assert (curve.xs[-1], band.xs[-1]) == (10.0, 10.0)
    assert curve.ys[-1] == pytest.approx(200 / 7)
    assert figure.rows[-1][1] == "29%"
    low, high = (round(end, 2) for end in (band.low[-1] / 100, band.high[-1] / 100))
    assert figure.rows[-1][2] == f"{low:.0%}–{high:.0%}"
    few = waiting_figure(WaitKind.EVIDENCE, waiting_time(waits[:4]), EN)
    assert few.can_say == ("At least 5 waits must have ended; 4 have.",)
    assert few.scene.empty
    # 8.04 days are not "within 8 days": days are told to a tenth, rounded up
    late = waiting_figure(
        WaitKind.EVIDENCE, waiting_time([replace(w, days=w.days + 0.04) for w in waits]), EN
    )
    assert late.title == "Evidence handed in: half are answered within 8.1 days"
