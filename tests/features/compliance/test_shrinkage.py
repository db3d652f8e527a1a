"""Regression to the mean: the published tutorial to its digits, and what a selection shows anyway."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.features.compliance.rules.shrinkage import (
    Prior,
    Unit,
    expected_fall,
    fit_prior,
    shrink,
)

SEED = 20150206

# Hauer, Harwood, Council and Griffith (2002): a road segment of 1.8 miles with 4,000 vehicles a
# day; similar roads have 0.0224 x 4000^0.564 accidents a mile and year, overdispersion 2.05.
ROADS = Prior(mean=0.0224 * 4000**0.564 * 1.8, shape=2.05 * 1.8, units=100)


@pytest.mark.parametrize(
    ("accidents", "years", "weight", "estimate"),
    [(12, 1, 0.460, 8.48), (12 + 7 + 8, 3, 0.221, 7.97)],
)
def test_the_published_tutorial_is_reproduced(accidents, years, weight, estimate):
    (found,) = shrink([Unit(1, accidents, years)], ROADS)
    assert round(found.weight, 3) == weight
    assert found.estimate == pytest.approx(estimate, abs=5e-3)
    assert found.interval[0] < found.estimate < found.interval[1]


def test_the_shape_and_mean_of_a_known_spread_are_found_again():
    rng = np.random.default_rng(SEED)
    exposure = rng.integers(100, 400, 2_000)
    counts = rng.poisson(rng.gamma(2.0, 0.01, 2_000) * exposure)
    prior = fit_prior(
        [
            Unit(i, int(c), float(e))
            for i, (c, e) in enumerate(zip(counts, exposure, strict=True))
        ]
    )
    assert prior.mean == pytest.approx(0.02, rel=0.05)
    assert prior.shape == pytest.approx(2.0, rel=0.15)


def test_those_chosen_for_their_record_fall_without_any_change_and_the_estimate_says_so():
    rng = np.random.default_rng(SEED)
    rates = rng.gamma(2.0, 0.01, 2_000)
    before = [Unit(i, int(c), 200.0) for i, c in enumerate(rng.poisson(rates * 200))]
    after = [Unit(i, int(c), 200.0) for i, c in enumerate(rng.poisson(rates * 200))]
    chosen = sorted(before, key=lambda u: -u.count)[:200]
    kept = {u.key for u in chosen}
    found = expected_fall(chosen, [u for u in after if u.key in kept], fit_prior(before))
    assert found.ratio_observed < 0.9  # nobody changed, and yet it "fell"
    assert found.ratio_beyond == pytest.approx(1.0, abs=0.05)
    assert found.share_expected > 0.8


def test_what_is_all_alike_is_shrunken_wholly_to_the_mean():
    units = [Unit(i, 5, 100.0) for i in range(30)]
    prior = fit_prior(units)
    assert math.isinf(prior.shape)
    assert {s.estimate for s in shrink(units, prior)} == {0.05}


def test_too_little_gives_no_prior_and_no_expectation():
    assert fit_prior([Unit(1, 3, 10.0)]) is None
    assert fit_prior([Unit(1, 0, 10.0), Unit(2, 0, 10.0)]) is None
    assert expected_fall([Unit(1, 3, 10.0)], [Unit(1, 3, 0.0)], ROADS) is None
    (unknown,) = shrink([Unit(1, 0, 0.0)], ROADS)
    assert (unknown.raw, unknown.weight) == (None, 1.0)


@settings(max_examples=60, deadline=None)
@given(count=st.integers(0, 500), exposure=st.floats(0.1, 1_000), shape=st.floats(0.1, 100))
def test_an_estimate_lies_between_the_raw_rate_and_the_mean(count, exposure, shape):
    prior = Prior(mean=0.5, shape=shape, units=10)
    (found,) = shrink([Unit(1, count, exposure)], prior)
    low, high = sorted((found.raw, prior.mean))
    assert low * (1 - 1e-9) <= found.estimate <= high * (1 + 1e-9)
