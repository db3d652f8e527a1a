"""The funnel flags what chance does not explain, and never for being small."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.features.compliance.rules.funnel import (
    Flag,
    draw_funnel,
    in_order,
    limits_at,
    winsorised_dispersion,
)
from marketplace.features.compliance.rules.refusal import Why
from marketplace.features.compliance.rules.shrinkage import Unit

SEED = 20150206


@settings(max_examples=80, deadline=None)
@given(expected=st.floats(0.05, 200), tail=st.sampled_from([0.025, 0.001]))
def test_a_count_beyond_a_limit_is_one_that_rare_on_its_tail(expected, tail):
    from scipy.stats import poisson

    at = limits_at(expected, 1.0)
    low, high = (at.low_95, at.high_95) if tail == 0.025 else (at.low_998, at.high_998)
    for count in range(int(expected * 3) + 25):
        below = count / expected < low * (1 - 1e-9)
        above = count / expected > high * (1 + 1e-9)
        assert (
            below == (poisson.cdf(count, expected) <= tail * (1 - 1e-9))
            or abs(poisson.cdf(count, expected) - tail) < 1e-6
        )
        assert (
            above == (poisson.sf(count - 1, expected) <= tail * (1 - 1e-9))
            or abs(poisson.sf(count - 1, expected) - tail) < 1e-6
        )


def test_nothing_found_in_little_is_never_flagged():
    # P(0 | 3 expected) = 4.98 %, more than 2.5 %: no lower limit yet; P(0 | 4) = 1.83 %.
    assert limits_at(3, 1.0).low_95 == 0.0
    assert limits_at(4, 1.0).low_95 > 0.0


def units_of(rates, exposure: float, rng) -> list[Unit]:
    return [Unit(i, int(c), exposure) for i, c in enumerate(rng.poisson(rates * exposure))]


def test_few_are_flagged_when_all_are_alike():
    rng = np.random.default_rng(SEED)
    found = draw_funnel(units_of(np.full(4_000, 0.02), 500.0, rng), min_exposure=30)
    outside = sum(p.flag is not Flag.WITHIN for p in found.points) / 4_000
    far = sum(p.flag in {Flag.HIGH_998, Flag.LOW_998} for p in found.points) / 4_000
    assert outside <= 0.05
    assert far <= 0.004
    assert found.phi == pytest.approx(1.0, abs=0.1)


def test_overdispersion_is_noticed_and_keeps_the_outer_limits_for_the_unusual():
    rng = np.random.default_rng(SEED)
    units = units_of(rng.gamma(8.0, 0.02 / 8, 2_000), 2_000.0, rng)
    plain = draw_funnel(units, min_exposure=30, overdispersed=False)
    allowed = draw_funnel(units, min_exposure=30)

    def far(funnel):
        return sum(p.flag in {Flag.HIGH_998, Flag.LOW_998} for p in funnel.points)

    assert allowed.phi > 3
    assert allowed.tau > 0
    assert far(allowed) < far(plain) / 5


def test_the_winsorised_dispersion_pulls_the_outer_tenth_inward():
    # Expected 4 each. z = 2 (sqrt(count) - 2): -4 once (0), 0 eight times (4), 6 once (25).
    # The outer one at each end takes its neighbor's value, 0; so phi is 0.
    units = [Unit(0, 0, 4), *(Unit(i, 4, 4) for i in range(1, 9)), Unit(9, 25, 4)]
    assert winsorised_dispersion(units, 1.0, 0.1) == 0.0
    # Without winsorising: (16 + 36) / 10
    assert winsorised_dispersion(units, 1.0, 0.0) == pytest.approx(5.2)


def test_a_firm_under_the_minimum_volume_has_no_flag_and_no_place_in_an_order():
    units = [Unit(1, 1, 1.0), *(Unit(i, i % 4, 100.0) for i in range(2, 20))]
    found = draw_funnel(units, min_exposure=30)
    small = next(p for p in found.points if p.key == 1)
    assert small.flag is Flag.TOO_SMALL
    ordered = in_order(found, by_rate=True, min_exposure=30)
    assert ordered[-1].key == 1  # 100 % on one of one: last, not first
    rates = [p.rate for p in ordered[:-1]]
    assert rates == sorted(rates, reverse=True)


def test_too_few_firms_or_nothing_found_is_said_and_nothing_is_flagged():
    few = draw_funnel([Unit(i, 3, 100.0) for i in range(4)], min_exposure=30)
    assert (few.refused.why, few.refused.needed, few.refused.found) == (
        Why.FEW_OPERATORS,
        10,
        4,
    )
    none = draw_funnel([Unit(i, 0, 100.0) for i in range(20)], min_exposure=30)
    assert none.refused.why is Why.NOTHING_FOUND
    assert {p.flag for p in (*few.points, *none.points)} == {Flag.TOO_SMALL}
    assert draw_funnel([], min_exposure=30).target is None
