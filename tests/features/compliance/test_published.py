"""Published output of other programs, reproduced to the digits given."""

from __future__ import annotations

import pytest

from marketplace.features.compliance.rules import ratio_interval
from marketplace.features.compliance.rules.rates import (
    TwoRates,
    rate_ci,
    rate_ratio_ci,
    rate_ratio_p,
)

# OpenEpi (Dean, Sullivan and Soe), module "Comparing 2 Person-Time Rates", the output printed in
# its documentation: two strata and both together, cases and person-time exposed and not exposed.
STRATA = {
    "first": TwoRates(17, 100_025, 3, 122_268),
    "second": TwoRates(8, 78_531, 1, 77_932),
    "crude": TwoRates(25, 178_556, 4, 200_200),
}


def given(value: float, digits: str) -> bool:
    """Tell whether a value rounds to the digits of a printed number."""
    places = len(digits.partition(".")[2])
    return round(value, places) == pytest.approx(float(digits), abs=10 ** -(places + 3))


@pytest.mark.parametrize(
    ("stratum", "ratio", "exact", "midp"),
    [
        ("first", "6.927", ("2.004", "36.89"), ("2.210", "29.63")),
        ("second", "7.939", ("1.064", "352.3"), ("1.270", "177.6")),
        ("crude", "7.008", ("2.420", "27.71"), ("2.616", "23.57")),
    ],
)
def test_conditional_ratios_exact_and_by_mid_p_are_those_of_openepi(
    stratum, ratio, exact, midp
):
    rates = STRATA[stratum]
    assert given(rates.ratio, ratio)
    for method, ends in (("exact", exact), ("midp", midp)):
        found = rate_ratio_ci(rates, 0.95, method)
        assert all(given(x, printed) for x, printed in zip(found, ends, strict=True))
    shown = ratio_interval(rates.count2, rates.exposure2, rates.count1, rates.exposure1)
    assert all(given(x, printed) for x, printed in zip(shown, exact, strict=True))


@pytest.mark.parametrize(
    ("stratum", "score", "exact", "midp"),
    [
        ("first", "0.0001616", "0.0002769", "0.0001564"),
        ("second", "0.01012", "0.02008", "0.01105"),
        ("crude", "0.00001253", "0.00001462", "0.000008270"),
    ],
)
def test_one_sided_tests_are_those_of_openepi(stratum, score, exact, midp):
    for method, printed in (("score", score), ("exact-cond", exact), ("cond-midp", midp)):
        assert given(rate_ratio_p(STRATA[stratum], 1, "larger", method), printed)


@pytest.mark.parametrize(
    ("count", "person_time", "lower", "upper"),
    [
        (17, 100_025, 9.895, 27.21),
        (3, 122_268, 0.4932, 7.169),
        (8, 78_531, 4.387, 20.07),
        (25, 178_556, 9.059, 20.67),
        (4, 200_200, 0.5376, 5.115),
    ],
)
def test_byar_intervals_are_those_of_openepi(count, person_time, lower, upper):
    # Its last digit is rounded outward here and inward there: equal to one unit of the last digit.
    low, high = rate_ci(count, person_time / 100_000, 0.95, "byar")
    assert low == pytest.approx(lower, abs=0.001 if lower >= 1 else 0.0001)
    assert high == pytest.approx(upper, abs=0.01 if upper >= 10 else 0.001)


def test_nothing_counted_has_the_upper_end_that_epitools_gives():
    # epitools 0.5-10.1, help of pois.exact: "when x = 0 ... pois.exact returns 3.689"
    low, high = rate_ci(0, 1, 0.95, "exact")
    assert low == 0
    assert given(high, "3.689")
