"""The two lessons of the quarrel: a small sample proves nothing, and finds depend on looking."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.features.compliance.charts import figure_of
from marketplace.features.compliance.charts.origins import origins_figure
from marketplace.features.compliance.charts.telling import Frame
from marketplace.features.compliance.rules import Title, compare, proportion_interval
from marketplace.features.compliance.rules.effort import origin_mix
from marketplace.features.compliance.rules.funnel import Flag, draw_funnel, in_order
from marketplace.features.compliance.rules.shrinkage import Unit
from tests.features.compliance.test_figures import operator, study_of

ZH, EN = Frame("zh", "规则第 1 版", "来源"), Frame("en", "Rules 1", "Source")
THREE_OF_THREE = [("right_holder", "upheld")] * 3
NONE_OF_ONE = [("consumer", "dismissed")]


# The regulator's sample of the second half of 2014: 92 items on six sites (domain §5).
@pytest.mark.parametrize(
    ("genuine", "n", "lower", "upper"),
    [(3, 3, 0.292, 1.0), (0, 1, 0.0, 0.975)],
)
def test_three_of_three_is_not_certain_and_none_of_one_is_not_hopeless(
    genuine, n, lower, upper
):
    found = proportion_interval(genuine, n)
    assert (round(found[0], 3), round(found[1], 3)) == (lower, upper)


def test_no_two_of_the_small_sites_can_be_told_apart():
    small = [proportion_interval(k, n) for k, n in ((6, 7), (8, 10), (3, 3), (0, 1))]
    assert all(a[0] <= b[1] and b[0] <= a[1] for a in small for b in small)


@pytest.mark.parametrize("frame", [ZH, EN], ids=["zh", "en"])
def test_no_share_is_ever_shown_without_its_n_and_its_interval(frame):
    figure = origins_figure(origin_mix([*THREE_OF_THREE, *NONE_OF_ONE]), frame)
    told = " ".join(cell for row in figure.rows for cell in row)
    assert "100% (29%–100%)" in told
    assert "0% (0%–98%)" in told
    assert [row[1] for row in figure.rows] == ["3", "1"]  # found, beside each
    assert [t.below for t in figure.scene.x.ticks] == ["n=3", "n=1"]


def test_one_of_one_stands_last_in_a_list_and_is_not_flagged():
    units = [Unit(1, 1, 1.0), *(Unit(k, 3, 400.0) for k in range(2, 14))]
    found = draw_funnel(units, min_exposure=300)
    (point,) = [p for p in found.points if p.key == 1]
    assert (point.rate, point.flag) == (1.0, Flag.TOO_SMALL)
    assert in_order(found, by_rate=True, min_exposure=300)[-1].key == 1


@pytest.mark.parametrize(("lang", "fell"), [("zh", "降"), ("en", "fell")])
def test_three_found_before_and_none_after_is_no_fall_in_rule_or_words(lang, fell):
    study = study_of(operator([(1, 1)] * 3 + [(0, 0)] * 9, [(0, 0)] * 12))
    # 3 and 0 in equal exposure: the exact ratio reaches up to 2.42, so 1 is not excluded
    assert study.comparison.ratio_interval == (0.0, pytest.approx(2.4199, abs=1e-4))
    assert study.comparison.title is Title.NO_CLEAR_CHANGE
    assert fell not in figure_of(study, lang, as_of="2026-11-26").title


def test_half_the_looking_that_finds_half_is_no_change_of_the_rate():
    # 4 findings in 100 checks a month, then 2 in 50: half as many were found, at the same rate
    found = compare([operator([(4, 4)] * 12, [(2, 2)] * 12, checked_after=50)], dispersion=1.0)
    assert found.ratio == pytest.approx(1.0)
    assert found.title is Title.NO_CLEAR_CHANGE
    assert found.effort_fell


@pytest.mark.parametrize(
    ("lang", "said", "not_said"),
    [
        ("zh", "不算下降", "每家每月抽查都不少于"),
        ("en", "not counted as a fall", "nine tenths of before or more"),
    ],
)
def test_a_fall_with_less_looking_is_flagged_in_rule_and_words_not_celebrated(
    lang, said, not_said
):
    looked_on = study_of(operator([(3, 9)] * 12, [(0, 0)] * 12))
    looked_away = study_of(operator([(3, 9)] * 12, [(0, 0)] * 12, checked_after=40))
    assert looked_on.comparison.title is Title.FELL
    assert looked_away.comparison.title is Title.FELL_WITH_LESS_EFFORT
    title = figure_of(looked_away, lang, as_of="2026-11-26").title
    assert said in title
    assert not_said not in title
    assert not_said in figure_of(looked_on, lang, as_of="2026-11-26").title


def test_closing_the_stores_is_less_looking_even_when_each_is_looked_at_as_before():
    one = operator([(3, 9)] * 12, [(0, 0)] * 12)
    second = tuple(replace(m, store_id=2) for m in one.months if m.month < (one.zero or 0))
    found = compare([replace(one, months=one.months + second)], dispersion=1.0)
    assert found.title is Title.FELL_WITH_LESS_EFFORT
