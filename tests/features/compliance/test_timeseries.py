"""The interrupted series: its counterfactual line, and neighbors that resemble each other."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from marketplace.features.compliance.rules.timeseries import Point, fit_interrupted, fit_step

SICILY = Path(__file__).parents[2] / "data" / "sicily_acute_coronary_events.csv"
SEED = 20150206


def sicily() -> list[Point]:
    with SICILY.open(encoding="utf-8") as file:
        return [
            Point(float(r["aces"]), float(r["stdpop"]), float(r["smokban"]), float(r["time"]))
            for r in csv.DictReader(file)
        ]


def test_the_counterfactual_line_is_the_fitted_one_without_the_step():
    points = sicily()
    found = fit_interrupted(points, harmonics=2)
    assert found.step == fit_step(points, harmonics=2)
    for point, line in zip(points, found.lines, strict=True):
        share = line.fitted / line.counterfactual
        # 0.885 is the published effect, Bernal, Cummins and Gasparrini (2017)
        assert share == pytest.approx(0.885 if point.step else 1.0, abs=5e-4)
        assert line.observed == point.count / point.exposure


def test_half_a_period_of_whole_months_is_one_wave():
    import statsmodels.api as sm

    points = sicily()
    found = fit_step(points, harmonics=6, period=12)
    angles = np.array([[2 * np.pi * k * p.time / 12 for k in range(1, 7)] for p in points])
    waves = np.hstack([np.sin(angles[:, :5]), np.cos(angles)])
    design = np.column_stack([[[1, p.time, p.step] for p in points], waves])
    by_itself = sm.GLM(
        [p.count for p in points],
        design,
        family=sm.families.Poisson(),
        offset=np.log([p.exposure for p in points]),
    ).fit(scale="X2")
    low, high = np.exp(by_itself.conf_int()[2])
    assert (found.rr, found.lower, found.upper, found.dispersion) == pytest.approx(
        (np.exp(by_itself.params[2]), low, high, by_itself.scale)
    )


def simulated(rng, *, carried: float, months: int = 120) -> list[Point]:
    """Return a series whose log rate carries over a share of last month's deviation."""
    deviation, points = 0.0, []
    for month in range(months):
        deviation = carried * deviation + rng.normal(0, 0.12 if carried else 0.0)
        step = float(month >= months / 2)
        mean = 2_000 * 0.02 * np.exp(deviation + np.log(0.6) * step)
        points.append(Point(float(rng.poisson(mean)), 2_000.0, step, float(month)))
    return points


def test_a_known_step_is_covered_and_independent_months_are_rarely_called_alike():
    rng = np.random.default_rng(SEED)
    found = [fit_interrupted(simulated(rng, carried=0.0)) for _ in range(200)]
    covered = sum(f.step.lower <= 0.6 <= f.step.upper for f in found) / 200
    assert covered == pytest.approx(0.95, abs=0.04)
    assert sum(f.is_autocorrelated for f in found) / 200 <= 0.1


def test_months_that_carry_over_are_noticed():
    rng = np.random.default_rng(SEED)
    found = [fit_interrupted(simulated(rng, carried=0.9)) for _ in range(40)]
    assert sum(f.is_autocorrelated for f in found) / 40 > 0.9


def test_a_short_series_has_no_test_and_says_so():
    points = [Point(5 + n % 3, 100, float(n > 4), float(n)) for n in range(10)]
    found = fit_interrupted(points)
    assert (found.p_autocorrelation, found.is_autocorrelated) == (None, False)
