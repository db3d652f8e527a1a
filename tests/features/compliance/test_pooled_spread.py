"""Dispersion is pooled over the program, exact in its sums, and right where findings are few."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.features.compliance.rules import (
    Spread,
    StoreMonth,
    Watched,
    pooled_dispersion,
    spread_of,
)


def operator(number, listings, *, zero=None, exposure=100):
    return Watched(
        number, zero, tuple(StoreMonth(1, i, exposure, 1, x) for i, x in enumerate(listings))
    )


def test_the_estimate_is_the_sum_of_squares_over_what_chance_brings():
    # Rates 2 and 4 a month of 100. Squares: 4+4+0 = 8 and 16+16 = 32. Chance: 2*(3-1) = 4 with
    # mean 2 in three months, 4*(2-1) = 4 in two. 40 / 8 = 5.
    found = pooled_dispersion([operator(1, [0, 4, 2]), operator(2, [0, 8])])
    assert found == pytest.approx(5.0)


def test_each_side_of_time_zero_has_its_own_rate():
    # 4 a month before and 0 or 2 after, month 3 is time zero: the fall itself is no dispersion.
    fell = operator(1, [4, 4, 4, 99, 0, 2, 0, 2], zero=3)
    # After: mean 1 in four months, squares 1+1+1+1 = 4, chance 1*(4-1) = 3; before adds 0 and
    # chance 4*(3-1) = 8: 4 / 11 is under 1.
    assert spread_of(fell) == Spread(4_000_000, 11_000_000)
    assert pooled_dispersion([fell]) == 1.0


def test_stores_looked_at_in_the_same_month_are_one_act_of_looking():
    one = (StoreMonth(1, 0, 50, 1, 3), StoreMonth(2, 0, 50, 1, 3), StoreMonth(1, 1, 100, 0, 0))
    # 6 and 0 with mean 3: squares 18, chance 3.
    assert spread_of(Watched(1, None, one)) == Spread(18_000_000, 3_000_000)


def test_one_month_or_nothing_found_says_nothing():
    assert spread_of(operator(1, [7])) == Spread()
    assert spread_of(operator(1, [0, 0, 0])) == Spread()
    assert pooled_dispersion([]) == 1.0


def test_few_findings_a_firm_do_not_hide_the_clusters():
    """One finding in ten months a firm, three listings a finding on average (geometric).

    The true dispersion is E[L^2]/E[L] = (2-p)/p with p = 1/3: 5. Pearson's mean of ratios stays
    under 4 here; 400 firms leave a Monte-Carlo error of about 0.25.
    """
    rng = np.random.default_rng(20261126)
    firms = []
    for number in range(400):
        rate = rng.gamma(1, 0.1)
        found = rng.poisson(rate, 24)
        listings = [int(rng.geometric(1 / 3, n).sum()) if n else 0 for n in found]
        firms.append(operator(number, listings))
    assert pooled_dispersion(firms) == pytest.approx(5.0, abs=0.75)


@given(
    st.lists(st.lists(st.integers(0, 50), min_size=0, max_size=6), min_size=0, max_size=6),
    st.randoms(use_true_random=False),
)
def test_the_order_of_firms_and_taking_one_out_again_change_nothing(firms, rng):
    spreads = [spread_of(operator(n, x)) for n, x in enumerate(firms)]
    total = sum(spreads, Spread())
    shuffled = list(spreads)
    rng.shuffle(shuffled)
    assert sum(shuffled, Spread()) == total
    if spreads:
        first = spreads[0]
        rest = total + Spread(-first.residual, -first.expected)
        assert rest == sum(spreads[1:], Spread())
