"""Rates by every method: published examples to the digits given, and an independent library."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.features.compliance.rules.rates import (
    RATE_METHODS,
    RateError,
    TwoRates,
    funnel_limits,
    rate_ci,
    rate_ratio_ci,
    rate_ratio_p,
)

# Gu et al. (2008), coronary heart disease under postmenopausal hormone use: 60 events in
# 51,477.5 woman-years against 30 in 54,308.7.
HORMONES = TwoRates(60, 51_477.5, 30, 54_308.7)


@pytest.mark.parametrize(
    ("method", "lower", "upper"),
    [
        # 15 in 400, as R's DescTools and ratesci give it.
        ("exact", 0.0209884653319583, 0.0618505471787146),
        ("score", 0.0227264749053794, 0.0618771721463559),
        # 15 ± 1.959964 × sqrt(15) = 7.409092 and 22.590908, over 400
        ("wald", 0.01852273, 0.05647727),
    ],
)
def test_published_intervals_of_one_rate(method, lower, upper):
    found = rate_ci(15, 400, 0.95, method)
    assert found == pytest.approx((lower, upper), abs=1e-8)


def test_nothing_found_still_has_an_upper_bound():
    assert rate_ci(0, 1, 0.95, "exact") == pytest.approx((0.0, -math.log(0.025)), abs=1e-12)
    # Half of the probability of nothing is left out: exp(-u) / 2 = 0.025.
    assert rate_ci(0, 1, 0.95, "midp") == pytest.approx((0.0, -math.log(0.05)), abs=1e-9)


def test_byar_is_close_to_exact_where_it_is_used():
    # Breslow and Day (1987): for 10 events the exact 95 % bounds are 4.795 and 18.390; by hand
    # 10 (1 - 1/90 - 1.96/(3 sqrt 10))³ = 4.787 and 11 (1 - 1/99 + 1.96/(3 sqrt 11))³ = 18.390.
    low, high = rate_ci(10, 1, 0.95, "byar")
    assert (round(low, 2), round(high, 2)) == (4.79, 18.39)


LIBRARY = {
    "exact": "exact-c",
    "score": "score",
    "wald": "wald",
    "jeffreys": "jeff",
    "midp": "midp-c",
}


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 400),
    exposure=st.floats(0.5, 10_000),
    level=st.sampled_from([0.9, 0.95, 0.99]),
    method=st.sampled_from(sorted(LIBRARY)),
)
def test_intervals_agree_with_an_independent_library(count, exposure, level, method):
    from statsmodels.stats.rates import confint_poisson

    theirs = confint_poisson(count, exposure, method=LIBRARY[method], alpha=1 - level)
    # The library searches its mid-p bounds to about six digits.
    tolerance = 1e-4 if method == "midp" else 1e-9
    assert rate_ci(count, exposure, level, method) == pytest.approx(
        tuple(float(t) for t in theirs), rel=tolerance
    )


@settings(max_examples=60, deadline=None)
@given(count=st.integers(0, 300), method=st.sampled_from(RATE_METHODS))
def test_every_interval_holds_its_rate_and_mid_p_lies_inside_exact(count, method):
    low, high = rate_ci(count, 7.0, 0.95, method)
    assert 0 <= low < high
    # The Jeffreys interval has equal tails, so at no event its lower end lies just above zero.
    if (count, method) != (0, "jeffreys"):
        assert low <= count / 7.0 <= high
    if method == "midp":
        exact = rate_ci(count, 7.0, 0.95, "exact")
        assert exact[0] <= low
        assert high <= exact[1]


def test_published_ratio_and_its_interval():
    # Rothman (1998) p. 238, breast cancer and fluoroscopy: 41 in 28,010 against 15 in 19,017.
    rates = TwoRates(41, 28_010, 15, 19_017)
    assert rates.ratio == pytest.approx(1.8557586576222778, abs=1e-12)
    assert rate_ratio_ci(rates, 0.95, "wald-log") == pytest.approx(
        (1.027225997505067, 3.3525633148931773), abs=1e-9
    )


@pytest.mark.parametrize(
    ("method", "p"),
    [
        ("score", 0.000316),
        ("exact-cond", 0.000428),
        ("cond-midp", 0.000310),
        ("wald-log", 0.00042),
    ],
)
def test_published_tests_of_two_rates(method, p):
    assert rate_ratio_p(HORMONES, 1, "larger", method) == pytest.approx(p, abs=5e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.2, 5))
def test_interval_and_one_sided_test_are_one_statement(count1, count2, share):
    rates = TwoRates(count1, share, count2, 1.0)
    low, high = rate_ratio_ci(rates, 0.95, "exact")
    assert low is not None
    assert high is not None
    # At the lower end the hypothesis is rejected with exactly 2.5 % upward.
    assert rate_ratio_p(rates, low, "larger", "exact-cond") == pytest.approx(0.025, rel=1e-6)
    assert rate_ratio_p(rates, high, "smaller", "exact-cond") == pytest.approx(0.025, rel=1e-6)
    narrow = rate_ratio_ci(rates, 0.95, "midp")
    assert low <= narrow[0]
    assert narrow[1] <= high


def test_nothing_on_one_side_leaves_an_open_end_and_nothing_at_all_says_nothing():
    low, high = rate_ratio_ci(TwoRates(3, 10, 0, 10), 0.95, "exact")
    assert (low, high) == (pytest.approx(0.413231355, abs=1e-8), None)
    assert TwoRates(3, 10, 0, 10).ratio is None
    assert rate_ratio_ci(TwoRates(0, 10, 0, 10), 0.95, "exact") == (0.0, None)
    assert rate_ratio_p(TwoRates(0, 10, 0, 10), 1, "two-sided", "exact-cond") == 1.0


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda: rate_ci(1, 1, 0.95, "guess"), "method_unknown"),
        (lambda: rate_ratio_ci(HORMONES, 0.95, "score"), "method_unknown"),
        (lambda: rate_ratio_p(HORMONES, 1, "more", "score"), "alternative_unknown"),
        (lambda: rate_ratio_p(HORMONES, 1, "larger", "magic"), "method_unknown"),
        (lambda: rate_ratio_ci(TwoRates(0, 1, 5, 1), 0.95, "wald-log"), "counts_too_small"),
        (lambda: funnel_limits(0, 1), "expected_not_positive"),
    ],
)
def test_what_cannot_be_answered_says_why(ask, code):
    with pytest.raises(RateError) as refused:
        ask()
    assert refused.value.code == code


def test_funnel_limits_are_the_exact_poisson_ones():
    # chi2(0.025, 20)/2/10 = 9.59078/20 and chi2(0.975, 22)/2/10 = 36.78071/20
    found = funnel_limits(10, 1)
    assert found["ll95"] == pytest.approx(0.479539, abs=1e-6)
    assert found["ul95"] == pytest.approx(1.839036, abs=1e-6)
    assert found["ll998"] < found["ll95"] < 1 < found["ul95"] < found["ul998"]
    doubled = funnel_limits(10, 2)
    assert doubled == pytest.approx({name: 2 * value for name, value in found.items()})
