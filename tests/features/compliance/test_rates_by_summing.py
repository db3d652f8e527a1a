"""Every interval and limit held to its definition: the probabilities are added up, one count at a time.

Nothing here asks scipy for a tail or a quantile: logarithms of factorials, exponentials and exact
sums are all there is, so that a mistake in the choice of a tail cannot be made twice.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from marketplace.features.compliance.rules.funnel import limits_at
from marketplace.features.compliance.rules.intervals import rate_interval, ratio_interval
from marketplace.features.compliance.rules.rates import (
    TwoRates,
    funnel_limits,
    rate_ci,
    rate_ratio_ci,
    rate_ratio_p,
)

LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.998, 0.999])
COUNTS = st.one_of(
    st.integers(0, 30), st.integers(0, 3_000), st.sampled_from([99_999, 100_000])
)
EXPOSURES = st.one_of(st.floats(1e-9, 1e-3), st.floats(0.5, 50), st.floats(1e3, 1e9))
# log of n! at n = 0, 1, 2 ...: added up, not looked up
LOG_FACTORIAL = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, 210_001)))])


def poisson(mean: float, upto: int) -> np.ndarray:
    """P(X = 0), P(X = 1) … P(X = upto) of a Poisson count."""
    k = np.arange(upto + 1)
    return np.exp(k * math.log(mean) - mean - LOG_FACTORIAL[: upto + 1])


def split(odds: float, total: int) -> np.ndarray:
    """P(K = 0) … P(K = total): how many of `total` fall on the first side at these odds."""
    k = np.arange(total + 1)
    choose = (
        LOG_FACTORIAL[total]
        - LOG_FACTORIAL[: total + 1]
        - LOG_FACTORIAL[total::-1][: total + 1]
    )
    p, q = math.log(odds) - math.log1p(odds), -math.log1p(odds)
    return np.exp(choose + k * p + (total - k) * q)


def tails(chances: np.ndarray, count: int, *, half: bool) -> tuple[float, float]:
    """Return P(at most count) and P(at least count) of these chances, which need not be all."""
    at = chances[count] / 2 if half else 0.0
    below = math.fsum(chances[: count + 1]) - at
    return below, 1.0 - math.fsum(chances[:count]) - at


@settings(max_examples=80, deadline=None)
@given(
    count=COUNTS, exposure=EXPOSURES, level=LEVELS, method=st.sampled_from(["exact", "midp"])
)
@example(count=0, exposure=1e-9, level=0.999, method="midp")
@example(count=100_000, exposure=1e9, level=0.999, method="exact")
def test_beyond_each_end_of_a_rates_interval_lies_half_of_what_the_level_leaves(
    count, exposure, level, method
):
    low, high = rate_ci(count, exposure, level, method)
    tail, half = (1 - level) / 2, method == "midp"
    below, _ = tails(poisson(high * exposure, count), count, half=half)
    assert below == pytest.approx(tail, rel=1e-6)
    if count == 0:
        assert low == 0
    else:
        _, above = tails(poisson(low * exposure, count), count, half=half)
        assert above == pytest.approx(tail, rel=1e-5, abs=1e-9)
    if method == "exact":
        assert rate_interval(count, exposure, level) == (low, high)


@settings(max_examples=80, deadline=None)
@given(
    counts=st.tuples(COUNTS, COUNTS),
    exposures=st.tuples(EXPOSURES, EXPOSURES),
    level=LEVELS,
    method=st.sampled_from(["exact", "midp"]),
)
@example(counts=(0, 0), exposures=(1e-9, 1e9), level=0.95, method="midp")
@example(counts=(1, 100_000), exposures=(1.0, 1.0), level=0.999, method="midp")
@example(counts=(100_000, 1), exposures=(1.0, 1.0), level=0.999, method="midp")
@example(counts=(100_000, 0), exposures=(1e-9, 1e9), level=0.8, method="exact")
@example(counts=(0, 7), exposures=(1e9, 1e-9), level=0.8, method="midp")
def test_beyond_each_end_of_a_ratios_interval_lies_half_of_what_the_level_leaves(
    counts, exposures, level, method
):
    rates = TwoRates(counts[0], exposures[0], counts[1], exposures[1])
    low, high = rate_ratio_ci(rates, level, method)
    total, tail, half = sum(counts), (1 - level) / 2, method == "midp"
    if counts[0] == 0:
        assert low == 0
    else:
        chances = split(low * exposures[0] / exposures[1], total)
        _, above = tails(chances, counts[0], half=half)
        assert above == pytest.approx(tail, rel=1e-5, abs=1e-9)
    if counts[1] == 0:
        assert high is None
    else:
        chances = split(high * exposures[0] / exposures[1], total)
        below, _ = tails(chances, counts[0], half=half)
        assert below == pytest.approx(tail, rel=1e-5, abs=1e-9)
    if method == "exact" and total:
        shown = ratio_interval(counts[1], exposures[1], counts[0], exposures[0], level)
        assert shown == (
            pytest.approx(low, rel=1e-9),
            pytest.approx(math.inf if high is None else high, rel=1e-9),
        )


@settings(max_examples=60, deadline=None)
@given(
    counts=st.tuples(st.integers(0, 400), st.integers(0, 400)).filter(any),
    exposures=st.tuples(st.floats(0.01, 1e4), st.floats(0.01, 1e4)),
    null=st.floats(0.1, 10),
)
def test_conditional_tests_add_up_the_splits_at_least_as_far_out(counts, exposures, null):
    rates = TwoRates(counts[0], exposures[0], counts[1], exposures[1])
    chances = split(null * exposures[0] / exposures[1], sum(counts))
    for method, half in (("exact-cond", False), ("cond-midp", True)):
        below, above = tails(chances, counts[0], half=half)
        assert rate_ratio_p(rates, null, "smaller", method) == pytest.approx(below, abs=1e-9)
        assert rate_ratio_p(rates, null, "larger", method) == pytest.approx(above, abs=1e-9)
    # Two-sided: every split no likelier than the one seen, as in R's binom.test.
    far = chances[chances <= chances[counts[0]] * (1 + 1e-7)]
    found = rate_ratio_p(rates, null, "two-sided", "exact-cond")
    assert found == pytest.approx(min(math.fsum(far), 1.0), abs=1e-8)


@settings(max_examples=60, deadline=None)
@given(
    counts=st.tuples(st.integers(1, 10**5), st.integers(1, 10**5)),
    exposures=st.tuples(EXPOSURES, EXPOSURES),
    level=LEVELS,
)
def test_closed_forms_are_those_written_in_r(counts, exposures, level):
    (a, b), (s, t) = counts, exposures
    # The normal quantile by bisection of the error function: Phi(z) = (1 + erf(z / sqrt 2)) / 2.
    low, high = 0.0, 10.0
    for _ in range(200):
        z = (low + high) / 2
        low, high = (z, high) if math.erf(z / math.sqrt(2)) < level else (low, z)
    half = z * math.sqrt(1 / a + 1 / b)  # epitools::rateratio.wald
    ratio = a / s / (b / t)
    assert rate_ratio_ci(TwoRates(a, s, b, t), level, "wald-log") == pytest.approx(
        (ratio * math.exp(-half), ratio * math.exp(half)), rel=1e-9
    )
    # DescTools::PoissonCI: score, wald, byar
    expected = {
        "score": [a + z * z / 2 + sign * z * math.sqrt(a + z * z / 4) for sign in (-1, 1)],
        "wald": [max(a + sign * z * math.sqrt(a), 0.0) for sign in (-1, 1)],
        "byar": [
            max(c * (1 - 1 / (9 * c) + sign * z / (3 * math.sqrt(c))) ** 3, 0.0)
            for c, sign in ((a, -1), (a + 1, 1))
        ],
    }
    for method, ends in expected.items():
        found = rate_ci(a, s, level, method)
        assert found == pytest.approx((ends[0] / s, ends[1] / s), rel=1e-9, abs=1e-12 / s)
    # Gu et al. (2008), score test of the ratio 1: (a t - b s) / sqrt((a + b) s t)
    score = (a * t - b * s) / math.sqrt((a + b) * s * t)
    p = math.erfc(score / math.sqrt(2)) / 2
    assert rate_ratio_p(TwoRates(a, s, b, t), 1, "larger", "score") == pytest.approx(
        p, abs=1e-12
    )


@pytest.mark.parametrize("count", [0, 1, 2, 15, 400, 20_000])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
def test_jeffreys_leaves_the_same_area_of_its_density_beyond_each_end(count, level):
    # Posterior gamma(count + 1/2): its density added up over a fine grid of u = sqrt(mean).
    top = math.sqrt(count + 40 * math.sqrt(count + 1) + 60)
    u = np.linspace(0, top, 400_001)[1:]
    log_density = 2 * count * np.log(u) - u * u  # mean^(count - 1/2) e^-mean d mean
    density = np.exp(log_density - log_density.max())
    area = (np.cumsum(density) - density / 2) / math.fsum(density)  # the trapezoid's
    for end, share in zip(
        rate_ci(count, 1, level, "jeffreys"), ((1 - level) / 2, (1 + level) / 2), strict=True
    ):
        assert np.interp(math.sqrt(end), u, area) == pytest.approx(share, abs=2e-5)


@pytest.mark.parametrize("expected", [1, 2, 5, 40, 1_000, 100_000])
@pytest.mark.parametrize("target", [1.0, 0.03])
def test_the_verbs_funnel_limits_are_exact_intervals_around_the_expected_count(
    expected, target
):
    found = funnel_limits(expected, target)
    for name, tail in (("95", 0.025), ("998", 0.001)):
        low = found[f"ll{name}"] * expected / target
        high = found[f"ul{name}"] * expected / target
        _, above = tails(poisson(low, expected), expected, half=False)
        below, _ = tails(poisson(high, expected), expected, half=False)
        assert (above, below) == pytest.approx((tail, tail), rel=1e-5)


@pytest.mark.parametrize("expected", [1e-9, 1e-3, 0.3, 0.999, 2.5, 10.25, 77.7])
def test_the_verbs_limits_of_a_broken_expected_count_lie_between_those_of_whole_ones(expected):
    found = funnel_limits(expected, expected)
    more = funnel_limits(math.floor(expected) + 1, math.floor(expected) + 1)
    for name in ("95", "998"):
        assert 0 <= found[f"ll{name}"] <= expected < found[f"ul{name}"] < more[f"ul{name}"]
        if expected >= 1:
            less = funnel_limits(math.floor(expected), math.floor(expected))
            assert less[f"ll{name}"] < found[f"ll{name}"] < more[f"ll{name}"]
            assert less[f"ul{name}"] < found[f"ul{name}"]


@settings(max_examples=60, deadline=None)
@given(expected=st.one_of(st.floats(0.01, 30), st.floats(30, 5_000), st.just(100_000.0)))
@example(expected=0.01)
def test_what_lies_outside_a_limit_of_the_page_is_no_likelier_than_the_limit_says(expected):
    at = limits_at(expected, 1.0)
    chances = poisson(expected, int(expected + 12 * math.sqrt(expected) + 60))
    whole = math.fsum(chances)
    assert whole == pytest.approx(1, abs=1e-6)
    for low, high, tail in (
        (at.low_95, at.high_95, 0.025),
        (at.low_998, at.high_998, 0.001),
    ):
        least, most = low * expected, high * expected
        inside = math.ceil(least - 1e-9)  # the smallest count that is not flagged
        assert math.fsum(chances[:inside]) <= tail * (1 + 1e-6)
        assert math.fsum(chances[: inside + 1]) > tail * (1 - 1e-6)
        inside = math.floor(most + 1e-9)  # the largest one
        assert whole - math.fsum(chances[: inside + 1]) <= tail * (1 + 1e-6) + 1e-9
        assert whole - math.fsum(chances[:inside]) > tail * (1 - 1e-6) - 1e-9
