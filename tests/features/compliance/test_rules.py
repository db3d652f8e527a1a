"""Figures say what their numbers carry, and nothing more."""

import math

import pytest

from marketplace.features.compliance.rules import (
    Before,
    StoreMonth,
    Title,
    Watched,
    compare,
    pooled_dispersion,
    proportion_interval,
    rate_interval,
    ratio_interval,
)

ZERO = 24_000


def watched(before, after, *, checked_before=100, checked_after=100, declared=False):
    """Return one operator with (findings, listings) a month on each side of time zero."""
    months = [
        StoreMonth(1, ZERO - len(before) + i, checked_before, *pair)
        for i, pair in enumerate(before)
    ]
    months += [
        StoreMonth(1, ZERO + 1 + i, checked_after, *pair) for i, pair in enumerate(after)
    ]
    return Watched(1, ZERO, tuple(months), declared=declared)


def test_the_small_sample_of_the_quarrel_has_wide_intervals():
    # domain §3: 3 of 3 and 0 of 1
    low, high = proportion_interval(3, 3)
    assert (round(low, 3), high) == (0.292, 1.0)
    low, high = proportion_interval(0, 1)
    assert (low, round(high, 3)) == (0.0, 0.975)


def test_seven_in_a_hundred_has_the_exact_poisson_interval():
    low, high = rate_interval(7, 100)
    assert (round(low, 4), round(high, 4)) == (0.0281, 0.1442)


def test_nothing_found_has_a_lower_end_of_zero_and_nothing_checked_has_no_interval():
    low, high = rate_interval(0, 100)
    assert low == 0.0
    assert round(high, 5) == 0.03689  # chi2(0.975, 2) / 2 / 100 = 3.6889 / 100
    assert rate_interval(3, 0) is None


def test_a_ratio_with_nothing_before_is_open_above():
    low, high = ratio_interval(0, 100, 5, 100)
    assert low > 0
    assert high == math.inf
    assert ratio_interval(0, 100, 0, 100) is None


@pytest.mark.parametrize(
    ("operator", "title"),
    [
        (watched([(3, 9)] * 12, [(0, 0)] * 12), Title.FELL),
        (watched([(0, 0)] * 12, [(3, 9)] * 12), Title.ROSE),
        (watched([(1, 2)] * 12, [(1, 2)] * 12), Title.NO_CLEAR_CHANGE),
        (watched([(3, 9)] * 2, [(0, 0)] * 12), Title.TOO_LITTLE),
        (watched([(3, 9)] * 12, [(0, 0)] * 2), Title.TOO_LITTLE),
        (watched([], [(1, 1)] * 12), Title.LEVEL_ONLY),
        (
            watched([(3, 9)] * 12, [(0, 0)] * 12, checked_after=40),
            Title.FELL_WITH_LESS_EFFORT,
        ),
    ],
)
def test_a_title_comes_from_the_rule(operator, title):
    assert compare([operator], dispersion=1.0).title is title


def test_a_fall_with_fewer_stores_looked_at_is_flagged_though_each_is_looked_at_as_before():
    """Two stores of 100 a month before, one of 100 after: half the looking at this firm."""
    full = watched([(3, 9)] * 12, [(0, 0)] * 12)
    second = tuple(
        StoreMonth(2, m.month, m.exposure, m.findings, m.listings)
        for m in full.months
        if m.month < ZERO
    )
    found = compare([Watched(1, ZERO, full.months + second)], dispersion=1.0)
    assert found.title is Title.FELL_WITH_LESS_EFFORT
    assert [m.value for m in found.effort.fell_in] == ["checked_per_operator"]


def test_no_history_is_not_clean_and_gives_no_ratio():
    none = compare([watched([], [(1, 1)] * 12)], dispersion=1.0)
    declared = compare([watched([], [(1, 1)] * 12, declared=True)], dispersion=1.0)
    assert (none.state, none.ratio) == (Before.NOT_OBSERVED, None)
    assert declared.state is Before.DECLARED_ONLY
    clean = compare([watched([(0, 0)] * 6, [(0, 0)] * 6)], dispersion=1.0)
    assert clean.state is Before.OBSERVED_NONE


def test_the_enrollment_month_belongs_to_neither_side():
    months = (StoreMonth(1, ZERO, 500, 50, 50), StoreMonth(1, ZERO + 1, 100, 1, 1))
    found = compare([Watched(1, ZERO, months)], dispersion=1.0)
    assert (found.before.exposure, found.after.exposure) == (0, 100)


def test_a_missing_month_is_a_gap_and_never_zero():
    full = watched([(1, 1)] * 6, [(1, 1)] * 6)
    gap = Watched(1, ZERO, full.months[:2] + full.months[3:])
    found = compare([gap], dispersion=1.0)
    assert (found.before.months, found.before.exposure) == (5, 500)


def test_from_twenty_findings_a_side_the_interval_is_on_listings_and_wider_with_dispersion():
    many = watched([(2, 6)] * 12, [(2, 3)] * 12)  # 24 findings a side
    few = watched([(1, 6)] * 12, [(2, 3)] * 12)  # 12 before
    assert compare([many], dispersion=1.0).before.on_findings is False
    assert compare([few], dispersion=1.0).before.on_findings is True
    narrow = compare([many], dispersion=1.0).ratio_interval
    wide = compare([many], dispersion=4.0).ratio_interval
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_dispersion_is_never_under_one():
    assert pooled_dispersion([watched([(1, 2)] * 12, [(1, 2)] * 12)]) == 1.0


def test_the_enrollment_month_adds_nothing_to_the_dispersion():
    even = watched([(1, 2)] * 12, [(1, 2)] * 12)
    odd = Watched(1, ZERO, (*even.months, StoreMonth(1, ZERO, 100, 1, 90)))
    # Twelve months of 2 a side vary less than chance would; 90 in month zero is on no side.
    assert pooled_dispersion([odd]) == 1.0
