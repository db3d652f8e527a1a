"""A before/after figure: title by rule, marks as many as months, gaps shown, effort said exactly."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from marketplace.base.clock import month_index
from marketplace.features.compliance.charts import Beside, figure_of
from marketplace.features.compliance.rules import (
    StoreMonth,
    Title,
    Watched,
    compare,
)
from marketplace.features.compliance.rules.intervals import ratio_interval
from marketplace.features.compliance.rules.leaving import worst_case
from marketplace.features.compliance.rules.shrinkage import ExpectedFall
from marketplace.features.compliance.studies import MonthPoint, Study

ZERO = month_index(date(2025, 6, 1))


def operator(before, after, *, number=1, checked_after=100, gap=None, exit_reason=None):
    """One operator with (findings, listings) a month on each side; `gap` drops one month."""
    months = [StoreMonth(number, ZERO - len(before) + i, 100, *p) for i, p in enumerate(before)]
    months += [StoreMonth(number, ZERO + 1 + i, checked_after, *p) for i, p in enumerate(after)]
    kept = tuple(m for m in months if m.month != gap)
    return Watched(
        number, ZERO, kept, expected_store_months=len(months), exit_reason=exit_reason
    )


def study_of(*watched, aligned=False, inspections=None):
    points = {}
    for w in watched:
        for m in w.months:
            key = m.month - ZERO if aligned else m.month
            have = points.get(key, (0, 0, 0, 0))
            points[key] = tuple(
                a + b
                for a, b in zip(have, (m.exposure, m.findings, m.listings, 1), strict=True)
            )
    months = sorted(points)
    return Study(
        comparison=compare(list(watched), dispersion=1.0),
        points=tuple(MonthPoint(m, *points[m]) for m in months),
        zero=0 if aligned else ZERO,
        inspections=inspections or {},
        near_misses={},
        sources=("平台月报",),
        dispersion=1.0,
        aligned=aligned,
        gaps=tuple(m for m in range(months[0], months[-1] + 1) if m not in points and m != ZERO)
        if not aligned
        else (),
        worst=worst_case(watched, until=ZERO + 12, window=24) if aligned else None,
        watched=watched,
    )


def figure(study, lang="zh", **more):
    return figure_of(study, lang, as_of="2026-11-26 08:00", **more)


MANY = [(3, 9)] * 12, [(2, 3)] * 12  # 36 findings before, 24 after: listings carry the rate
FEW = [(1, 3)] * 12, [(0, 0)] * 12  # 12 findings before: findings carry it


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        # 108 listings in 1,200 are 90 per 1,000; 36 in 1,200 are 30
        ("zh", "每千件侵权商品从 90.0 件降到 30.0 件；每店、每家每月抽查都不少于之前的九成"),
        (
            "en",
            (
                "Infringing listings fell from 90.0 to 30.0 per 1,000, with checks per store "
                "and per operator at nine tenths of before or more"
            ),
        ),
    ],
)
def test_a_fall_is_titled_with_what_effort_was_kept(lang, title):
    assert figure(study_of(operator(*MANY)), lang).title == title


def test_under_twenty_findings_the_title_speaks_of_findings():
    # 12 findings in 1,200 checked are 10 per 1,000; none after
    found = figure(study_of(operator(*FEW)))
    assert (
        found.title == "每千件的发现从 10.0 次降到 0.0 次；每店、每家每月抽查都不少于之前的九成"
    )


def test_a_figure_on_few_findings_is_drawn_told_and_tabled_on_findings():
    found = figure(study_of(operator([(1, 3)] * 12, [(1, 2)] * 12)))
    # A month is 1 finding in 100 checked: 10 per 1,000, whatever number of listings it covers.
    assert {mark.y for mark in found.scene.marks} == {10.0}
    assert [curve.ys for curve in found.scene.curves] == [(10.0, 10.0), (10.0, 10.0)]
    # Garwood for 12 in 1,200: chi-square quantiles (12.40, 41.92... / 2) over 1.2 = 5.17 to 17.47.
    assert [(round(b.low[0], 2), round(b.high[0], 2)) for b in found.scene.bands] == [
        (5.17, 17.47)
    ] * 2
    assert found.scene.y.title == "每千件发现（次）"
    assert found.scene.captions[0].words == "入库前每千件 10.0 次（12 次发现），n=1,200"
    assert found.heads[5] == "每千件发现"
    assert {row[5] for row in found.rows} == {"10.0"}
    assert found.subtitle.startswith("发现不多")


def test_on_many_findings_the_figure_stays_on_listings():
    found = figure(study_of(operator([(3, 9)] * 12, [(3, 6)] * 12)))
    assert {mark.y for mark in found.scene.marks} == {90.0, 60.0}
    assert found.scene.y.title == "每千件侵权商品（件）"
    assert found.heads[5] == "每千件"


def test_an_interval_that_leaves_out_no_change_is_never_written_as_ending_at_it():
    # 22 findings in 1,593 checked before, 10 in 1,598 after: the exact interval ends at 0.997.
    before = StoreMonth(1, ZERO - 2, 1_593, 22, 43)
    spread = tuple(StoreMonth(1, ZERO - 5 - n, 1, 0, 0) for n in range(3))
    after = tuple(
        StoreMonth(1, ZERO + 1 + n, 533 if n else 532, *([0, 0] if n else [10, 22]))
        for n in range(3)
    )
    found = figure(study_of(Watched(1, ZERO, (*spread, before, *after))))
    (told,) = [line for line in found.can_say if line.startswith("发现次数之比")]
    assert re.search(r"区间 0\.19–0\.99\d", told), told
    assert "1.00" not in told


def test_where_nothing_was_found_before_the_interval_is_told_without_a_ratio():
    found = figure(study_of(operator([(0, 0)] * 12, [(1, 1)] * 3)))
    (told,) = [line for line in found.can_say if "算不出" in line]
    assert told.endswith("–∞。")


def test_the_inspections_told_add_up_to_those_drawn():
    found = figure(study_of(operator(*MANY), inspections={ZERO - 1: 1, ZERO: 2, ZERO + 1: 4}))
    assert "现场核查：入库前 1 次，入库当月 2 次，入库后 4 次。" in found.can_say
    assert any(strip.name == "现场核查，共 7 次" for strip in found.scene.strips)


def test_less_looking_is_never_titled_a_fall():
    study = study_of(operator(*MANY, checked_after=40))
    assert study.comparison.title is Title.NO_CLEAR_CHANGE or "不算下降" in figure(study).title
    fell = study_of(operator([(3, 9)] * 12, [(0, 0)] * 12, checked_after=40))
    assert fell.comparison.title is Title.FELL_WITH_LESS_EFFORT
    assert figure(fell).title.endswith(
        "但看得比之前少（每店每月抽查、每家每月抽查不到九成），不算下降"
    )
    assert (
        "看得少了：每店每月抽查、每家每月抽查不到入库前的九成；看得少，发现也会少。"
        in figure(fell).can_say
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_title_names_a_cause(lang):
    for pair in (MANY, FEW, ([], [(1, 1)] * 12), ([(1, 1)] * 12, [(1, 1)] * 12)):
        told = figure(study_of(operator(*pair)), lang).title
        assert not re.search(r"因为|所以|由于|带来|because|due to|thanks to|caused", told)


def test_without_an_observed_before_there_is_a_level_and_no_ratio():
    found = figure(study_of(operator([], [(2, 3)] * 12)))
    # 24 findings after, none before: few, so findings are told
    assert found.title == "入库后抽查 1,200 件，发现 24 次；入库前没有观察，不作比较"
    assert not any("之比" in line for line in found.can_say)
    assert found.reading[0] == "入库前没有观察。没有记录不等于清白，所以不作前后比较。"


def test_the_drawing_has_a_mark_a_month_and_shows_the_gap():
    study = study_of(operator(*MANY, gap=ZERO - 6))
    found = figure(study)
    shapes = [mark.shape.value for mark in found.scene.marks]
    assert (shapes.count("square"), shapes.count("dot")) == (11, 12)  # 12 before but one
    assert study.gaps == (ZERO - 6,)
    (gap,) = [row for row in found.rows if "缺报" in row]
    assert gap[2:9] == ("—",) * 7
    assert "缺报 1 个月" in found.scene.strips[0].name
    (shade,) = found.scene.shades
    assert (shade.x1, shade.x2) == (ZERO - 3.5, ZERO + 0.5)


def test_drawings_hold_the_same_marks_wide_narrow_and_as_a_file():
    study = study_of(operator(*MANY), inspections={ZERO + 2: 1, ZERO + 8: 2})
    found = figure(study)
    for svg in (found.svg_wide, found.svg_narrow, found.svg_file):
        assert svg.count("<circle") == 12
        assert svg.count("<polygon") == 2 + 2  # two bands, two inspections
        assert "入库" in svg
        assert "n=1,200" in svg
    assert "var(--z" in found.svg_wide
    assert "var(" not in found.svg_file


def test_offenses_and_earlier_records_are_marks_and_change_no_number():
    study = study_of(operator(*MANY))
    beside = Beside(
        offenses=((ZERO + 3, 1), (ZERO + 5, 2)), earlier=((ZERO - 90, "处罚 5 双"),)
    )
    plain, marked = figure(study), figure(study, beside=beside)
    strips = {s.name.split("，")[0]: s for s in marked.scene.strips}
    assert [m.label for m in strips["违规（第几次）"].marks] == ["1", "2"]
    old = next(s for s in marked.scene.strips if s.name.startswith("既往记录 1 条"))
    assert old.marks[0].told == "处罚 5 双"
    assert (plain.title, plain.can_say, plain.rows) == (
        marked.title,
        marked.can_say,
        marked.rows,
    )


def test_effort_is_told_per_store_per_operator_and_in_all():
    # 12 months of 100 on each side; after, the second firm is seen for 6 months only
    one, two = operator(*MANY), operator(MANY[0], MANY[1][:6], number=2)
    found = figure(study_of(one, two, aligned=True))
    assert (
        "检查力度按抽查商品数算。入库前：每店每月 100.0 件，每家每月 100.0 件，共 2,400 件；"
        "入库后：每店每月 100.0 件，每家每月 100.0 件，共 1,800 件。"
    ) in found.can_say
    assert (
        "总抽查数从第 +1 月的 200 件减到第 +12 月的 100 件，同期观察的主体从 2 家减到 1 家；"
        "每家每月 100.0 件和 100.0 件。"
    ) in found.can_say
    assert "越往右观察的主体越少：第 +1 月 2 家，第 +12 月 1 家。" in found.reading


def test_leavers_are_counted_by_reason_with_their_worst_case():
    # The leaver is seen for 6 of 12 months after; 6 x 100 more at his worst, 90 per 1,000, add
    # 54 to 36 + 18 = 54 listings: 108 in 1,800 + 600 are 45 per 1,000, seen 54 in 1,800 are 30.
    stayed = operator(*MANY)
    left = operator(MANY[0], MANY[1][:6], number=2, exit_reason="withdrawn")
    found = figure(study_of(stayed, left, aligned=True))
    assert "离开的主体计到离开当月，按原因：主动退出 1。" in found.cannot_say
    assert (
        "最坏情形：离开的 1 家若留到最后，并一直按各自前后两段中较高的率，再加 600 件抽查，"
        "入库后每千件 45.0 件（现为 30.0 件）。"
    ) in found.cannot_say


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "zh",
            (
                "最坏情形：离开的 1 家若留到最后，并一直按各自前后两段中较高的率，再加 600 件抽查，"
                "入库后的侵权商品会是 22 件（现为 4 件）；发现不多，只报件数。"
            ),
        ),
        (
            "en",
            (
                "Worst case: had the 1 leaver stayed to the end at the higher of each one's two "
                "rates, with 600 more listings checked, 22 infringing listings would stand after "
                "enrollment (now 4); with few findings a bare count."
            ),
        ),
    ],
)
def test_leavers_have_their_worst_case_as_a_bare_count_where_findings_are_few(lang, told):
    # 36 listings in 1,200 before are 30 per 1,000: 600 more add 18 to the 4 seen after.
    stayed = operator([(1, 3)] * 12, [(0, 0)] * 8 + [(1, 1)] * 4)
    left = operator([(1, 3)] * 12, [(0, 0)] * 6, number=2, exit_reason="withdrawn")
    assert told in figure(study_of(stayed, left, aligned=True), lang).cannot_say


def test_whoever_was_last_seen_before_he_entered_lacks_no_month_before_it():
    # Last seen 4 months before entry; 12 months are missing after it, not 16.
    stayed = operator(*MANY)
    months = tuple(StoreMonth(2, ZERO - 15 + i, 100, 3, 9) for i in range(12))
    gone = Watched(2, ZERO, months, exit_reason="removed")
    found = worst_case([stayed, gone], until=ZERO + 12, window=24)
    assert (found.added, found.exposure) == (1_200, 1_200 + 1_200)
    assert found.listings == pytest.approx(36 + 1_200 * 0.09)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_much_looking_that_found_nothing_is_not_called_little_data(lang):
    found = figure(study_of(operator([(0, 0)] * 12, [(0, 0)] * 12)), lang)
    assert study_of(operator([(0, 0)] * 12, [(0, 0)] * 12)).comparison.title is Title.TOO_LITTLE
    nothing = {
        "zh": (
            "入库前后抽查 1,200 件和 1,200 件，都没有发现，说不出变化",
            "不能说降了、升了还是没变；没有发现不等于没有。",
        ),
        "en": (
            (
                "Nothing was found before or after, in 1,200 and 1,200 listings checked, so no "
                "change can be told"
            ),
            "That it fell, rose or stayed; nothing found is not the same as nothing there.",
        ),
    }[lang]
    assert found.title == nothing[0]
    assert nothing[1] in found.cannot_say
    # Garwood for none in 1,200: up to 3.69 over 1.2 thousands.
    assert any("0.0–3.1" in line for line in found.can_say)
    short = figure(study_of(operator([(0, 0)] * 2, [(0, 0)] * 12)), lang)
    assert "1,200" not in short.title  # two months are too few, whatever they found


def test_without_the_lead_too_few_findings_are_told_as_findings():
    # 24 findings before, 18 of them in the last three months: without those 6 are left.
    study = study_of(operator([(1, 3)] * 6 + [(6, 6)] * 3, [(3, 3)] * 9))
    c = study.comparison
    assert not c.after.on_findings
    assert c.lead_on_findings
    # 27 in 900 after against 6 in 600: exact conditional, not quasi-Poisson on 18 listings.
    assert c.ratio_without_lead == ratio_interval(6, 600, 27, 900)
    (told,) = [line for line in figure(study, "en").can_say if "three months" in line]
    assert "exact 95% interval of the ratio of findings" in told


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        # of 5.0 to 1.0 a quarter is down to 4.0
        (ExpectedFall(0.005, 0.004, 0.001, 0.2, 0.8, 0.25, 0.25, 12), "down to 4.0 (25%)"),
        (ExpectedFall(0.005, 0.003, 0.004, 0.8, 0.6, 1.3, 1.0, 12), "the whole fall would"),
        (ExpectedFall(0.003, 0.0035, 0.001, 0.3, 1.2, 0.3, 0.0, 12), "none of the fall would"),
    ],
)
def test_how_much_of_a_fall_was_to_be_expected_is_never_told_against_its_numbers(
    expected, told
):
    study = replace(study_of(operator(*MANY)), expected=expected)
    (line,) = [x for x in figure(study, "en").cannot_say if "without any change" in x]
    assert told in line
    assert "(12 firms observed on both sides)" in line


def test_nobody_left_or_nothing_seen_after_has_no_worst_case():
    assert worst_case([operator(*MANY)], until=ZERO + 12, window=24) is None
    gone = operator(MANY[0], [], exit_reason="withdrawn")
    assert worst_case([gone], until=ZERO + 12, window=24) is None


def test_the_zoomable_view_holds_the_same_values():
    from marketplace.base.draw import LIGHT
    from marketplace.faces.ui.zoom import plot_of

    found = figure(study_of(operator(*MANY)))
    plot = plot_of(found.scene, LIGHT)
    drawn = {
        (x, round(y, 6))
        for trace in plot.data
        if trace.type == "scatter" and trace.mode == "markers+text"
        for x, y in zip(trace.x, trace.y, strict=True)
    }
    assert drawn == {(m.x, round(m.y, 6)) for m in found.scene.marks}
    (bars,) = [trace for trace in plot.data if trace.type == "bar"]
    assert list(bars.y) == [100] * 24
