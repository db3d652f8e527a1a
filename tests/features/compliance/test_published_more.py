"""More published output, each from the place named, reproduced to the digits printed there."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from marketplace.features.compliance.rules.funnel import limits_at
from marketplace.features.compliance.rules.rates import (
    TwoRates,
    funnel_limits,
    rate_ci,
    rate_ratio_ci,
    rate_ratio_p,
)
from marketplace.features.compliance.rules.waiting import waiting_time
from tests.features.compliance.test_effort import DRUG, PLACEBO
from tests.features.compliance.test_published import given


@pytest.mark.parametrize(
    ("level", "lower", "upper"),
    [(0.90, "17.38", "34.92"), (0.95, "16.18", "36.90"), (0.99, "14.00", "41.00")],
)
def test_garwood_limits_of_25_events_are_those_of_graphpad(level, lower, upper):
    # GraphPad, "How QuickCalcs computes the confidence interval of a count" (Garwood, 1936).
    low, high = rate_ci(25, 1, level, "exact")
    assert given(low, lower)
    assert given(high, upper)


def test_the_rate_of_the_welsh_nickel_workers_is_that_of_r():
    # R 4.2.2, example of poisson.test: 137 deaths, 24.19893 expected (Breslow and Day's cohort).
    # The digits are the output kept in the tests of the R package tidystats.
    low, high = rate_ci(137, 24.19893, 0.95, "exact")
    assert given(137 / 24.19893, "5.661407")
    assert given(low, "4.753125")
    assert given(high, "6.692709")


@pytest.mark.parametrize(
    ("rates", "ratio", "lower", "upper"),
    [
        # R 4.2.2, example of poisson.test: lung cancer at 55 to 59, Fredericia against three other
        # Danish cities; output kept in the tests of the R package tidystats.
        (TwoRates(11, 800, 21, 3_011), "1.971488", "0.858426", "4.277266"),
        # M. P. Fay, "Testing the Ratio of Two Poisson Rates", vignette of rateratio.test (2022).
        (TwoRates(2, 17_877, 9, 16_660), "0.2070941557", "0.02177406", "1.00054910"),
        # M. P. Fay, vignette of exactci (2023): output of poisson.test.
        (TwoRates(2, 17_877, 10, 20_000), "0.2237512", "0.02383738", "1.04995468"),
    ],
)
def test_exact_conditional_ratios_are_those_of_r(rates, ratio, lower, upper):
    assert rates.ratio is not None
    assert given(rates.ratio, ratio)
    low, high = rate_ratio_ci(rates, 0.95, "exact")
    assert given(low, lower)
    assert given(high, upper)


def test_twice_the_smaller_tail_is_the_p_value_of_rateratio_test():
    # The same vignette: p-value = 0.05011, which is twice the one-sided one.
    rates = TwoRates(2, 17_877, 9, 16_660)
    assert given(2 * rate_ratio_p(rates, 1, "smaller", "exact-cond"), "0.05011")


def test_the_whole_first_stretch_of_the_curve_is_that_of_sas():
    # PROC LIFETEST on the remissions of Freireich et al. (1963), course notes BSTA 6652.
    printed = ["0.8571", "0.8067", "0.7529", "0.6902"]
    steps = waiting_time(DRUG).steps[:4]
    assert [s.days for s in steps] == [6.0, 7.0, 10.0, 13.0]
    assert all(given(s.waiting, digits) for s, digits in zip(steps, printed, strict=True))


def test_the_band_of_the_curve_is_that_of_stata():
    # G. Rodríguez, Demographic Methods (Princeton), "Kaplan-Meier Survival": output of `sts list`
    # on the same remissions, control group: survivor function, [95% Conf. Int.].
    printed = [("0.9048", "0.6700", "0.9753"), ("0.8095", "0.5689", "0.9239")]
    steps = waiting_time(PLACEBO).steps
    for step, (share, lower, upper) in zip(steps[:2], printed, strict=True):
        assert given(step.waiting, share)
        assert given(step.lower, lower)
        assert given(step.upper, upper)
    assert (steps[-1].waiting, steps[-1].lower, steps[-1].upper) == (0.0, None, None)


# Seaton and Manktelow (2012), BMC Medical Research Methodology 12:98, table of the probabilities
# that a provider like all others falls outside the 95 % limits, 1 to 50 events expected: median,
# least and most. Steps of 0.01 of the expected count are read from its digits.
EXPECTED = np.arange(100, 5_001) / 100


def summed_up(chances: np.ndarray) -> list[float]:
    return [round(float(of(chances)), 4) for of in (np.median, np.min, np.max)]


def test_limits_of_the_funnel_on_the_page_have_the_published_probabilities():
    # Its "prediction" limits, which it recommends.
    found = [limits_at(float(e), 1.0) for e in EXPECTED]
    low = np.array([f.low_95 for f in found]) * EXPECTED
    high = np.array([f.high_95 for f in found]) * EXPECTED
    below = poisson.cdf(np.ceil(low - 1e-9) - 1, EXPECTED)
    above = poisson.sf(np.floor(high + 1e-9), EXPECTED)
    assert summed_up(below) == [0.0186, 0.0, 0.0250]
    assert summed_up(above) == [0.0201, 0.0052, 0.0250]


def test_exact_limits_of_the_verb_have_the_published_probabilities_below():
    # Its "exact" limits: those of a confidence interval around the expected count.
    low = np.array([funnel_limits(float(e), 1.0)["ll95"] for e in EXPECTED]) * EXPECTED
    below = poisson.cdf(np.ceil(low - 1e-9) - 1, EXPECTED)
    assert summed_up(below) == [0.0325, 0.0219, 0.3679]
