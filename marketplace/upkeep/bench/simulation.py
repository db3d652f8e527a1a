"""Simulation studies of the figures' methods, on the very functions that the pages use.

Every study has a goal that was set beforehand, a seed, and the Monte-Carlo error of what it
measured; coverage that can be added up exactly is added up, and its error is 0. A study that misses
its goal calls for a better method, never for a softer goal (decision 0015).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from marketplace.features.compliance.rules.comparison import (
    SideTotals,
    Totals,
    compare_totals,
)
from marketplace.features.compliance.rules.dispersion import pooled_dispersion
from marketplace.features.compliance.rules.funnel import Flag, draw_funnel
from marketplace.features.compliance.rules.intervals import (
    proportion_interval,
    rate_interval,
    ratio_interval,
)
from marketplace.features.compliance.rules.rates import TwoRates, rate_ci, rate_ratio_ci
from marketplace.features.compliance.rules.shrinkage import Unit, expected_fall, fit_prior
from marketplace.features.compliance.rules.sides import StoreMonth, Sums, Watched
from marketplace.features.compliance.rules.staggered import Panel, group_time_effects

SEED = 20_150_203
_LEVEL = 0.95


class Goal(StrEnum):
    """How a measured number is held against its goal."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    WITHIN = "within"
    SHOWN = "shown"  # told for comparison; no goal was set


@dataclass(frozen=True, slots=True)
class StudyResult:
    """One measured line: `error` is one standard error of the simulation, 0 where exact."""

    name: str
    goal: Goal
    target: float
    margin: float
    measured: float
    error: float

    @property
    def is_reached(self) -> bool:
        """Whether the goal is met."""
        match self.goal:
            case Goal.AT_LEAST:
                return self.measured >= self.target
            case Goal.AT_MOST:
                return self.measured <= self.target
            case Goal.WITHIN:
                return abs(self.measured - self.target) <= self.margin
            case Goal.SHOWN:
                return True

    @property
    def told(self) -> str:
        """The goal in signs, such as `95.0 ± 2.0`."""
        match self.goal:
            case Goal.AT_LEAST:
                return f">= {self.target:g}"
            case Goal.AT_MOST:
                return f"<= {self.target:g}"
            case Goal.WITHIN:
                return f"{self.target:g} ± {self.margin:g}"
            case Goal.SHOWN:
                return "-"


def run_studies(*, quick: bool = False, seed: int = SEED) -> Iterator[StudyResult]:
    """Yield every study; `quick` takes fewer draws, for a machine that has no time."""
    yield from _exact_and_midp(4.0 if quick else 0.5)
    yield from _clustered(seed, 25 if quick else 100, 40)
    yield from _funnel(seed + 1, 20 if quick else 400)
    yield from _regression(seed + 2, 30 if quick else 200)
    yield from _staggered(seed + 3, 30 if quick else 200)


def _exact_and_midp(step: float) -> Iterator[StudyResult]:
    """Coverage of one rate and of a ratio, added up over all counts: no error of simulation.

    Mid-p is judged by its mean over 5 to 35 expected, one every `step`: it swings about 95 %.
    """
    means = [0.5, 1, 2, 3, 5, 8, 12, 20, 35, 60, 100]
    exact = [_coverage_of_rate(m, lambda n: rate_interval(n, 1.0, _LEVEL)) for m in means]
    yield StudyResult("exact_rate_lowest", Goal.AT_LEAST, 95, 0, 100 * min(exact), 0)
    midp = [
        _coverage_of_rate(m, lambda n: rate_ci(n, 1.0, _LEVEL, "midp"))
        for m in _spaced(5, 35, step)
    ]
    yield _mean_coverage("midp_rate_mean", midp)
    shares = [_coverage_of_share(n, p) for n in (5, 20, 60) for p in (0.02, 0.1, 0.3, 0.5, 0.9)]
    yield StudyResult("exact_share_lowest", Goal.AT_LEAST, 95, 0, 100 * min(shares), 0)
    pairs = [(3.0, 3.0), (8.0, 4.0), (20.0, 10.0), (20.0, 20.0), (30.0, 6.0)]

    def conditional(before: int, after: int) -> Any:
        return ratio_interval(before, 1.0, after, 1.0, _LEVEL) or (0.0, math.inf)

    def midp_ratio(before: int, after: int) -> Any:
        return rate_ratio_ci(TwoRates(after, 1.0, before, 1.0), _LEVEL, "midp")

    exact = [_coverage_of_ratio(a, b, conditional) for a, b in pairs]
    yield StudyResult("exact_ratio_lowest", Goal.AT_LEAST, 95, 0, 100 * min(exact), 0)
    midp = [_coverage_of_ratio(a, b, midp_ratio) for a, b in pairs if min(a, b) >= 6]
    yield _mean_coverage("midp_ratio_mean", midp)


def _spaced(start: float, stop: float, step: float) -> list[float]:
    return [start + step * n for n in range(round((stop - start) / step))]


def _mean_coverage(name: str, found: Sequence[float]) -> StudyResult:
    return StudyResult(name, Goal.WITHIN, 95, 1.5, 100 * sum(found) / len(found), 0)


def _coverage_of_rate(mean: float, interval: Callable[[int], Any]) -> float:
    from scipy.stats import poisson

    total = 0.0
    counts = range(int(poisson.ppf(1e-9, mean)), int(poisson.isf(1e-9, mean)) + 1)
    for n, chance in zip(counts, poisson.pmf(counts, mean), strict=True):
        low, high = interval(n)
        total += float(chance) * (low <= mean <= high)
    return total


def _coverage_of_share(n: int, p: float) -> float:
    from scipy.stats import binom

    covered = 0.0
    for k, chance in enumerate(binom.pmf(range(n + 1), n, p)):
        low, high = proportion_interval(k, n, _LEVEL) or (0.0, 1.0)
        covered += float(chance) * (low <= p <= high)
    return covered


def _coverage_of_ratio(
    before: float, after: float, interval: Callable[[int, int], Any]
) -> float:
    """Both counts are Poisson; nothing found on either side says nothing and covers."""
    from scipy.stats import poisson

    true, total = after / before, 0.0
    x, y = (poisson.pmf(range(int(poisson.isf(1e-7, m)) + 1), m) for m in (before, after))
    for a, first in enumerate(x.tolist()):
        for b, second in enumerate(y.tolist()):
            chance = first * second
            if chance < 1e-9:
                total += chance
                continue
            low, high = interval(a, b)
            total += chance * ((low or 0.0) <= true <= (math.inf if high is None else high))
    return total


def _clustered(seed: int, programs: int, firms: int) -> Iterator[StudyResult]:
    """Listings found together: firms against a program whose dispersion was pooled.

    A finding covers a geometric number of listings (mean 3), or a heavy-tailed one.
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    for name, sizes in (("geometric", _geometric), ("heavy", _heavy)):
        pooled = [_pooled(rng, sizes) for _ in range(programs)]
        for before, after in ((20, 20), (40, 20), (60, 30), (100, 50)):
            hits = [
                _covers(rng, sizes, before, after, dispersion)
                for dispersion in pooled
                for _ in range(firms)
            ]
            share, n = sum(hits) / len(hits), len(hits)
            error = 100 * math.sqrt(share * (1 - share) / n)
            label = f"clustered_{name}_{before}_{after}"
            yield StudyResult(label, Goal.WITHIN, 95, 2, 100 * share, error)


def _pooled(rng: Any, sizes: Callable[[Any, int], Any]) -> float:
    """The dispersion of a program of 80 firms over 24 months each, few findings a firm."""
    watched = []
    for number in range(80):
        found = rng.poisson(rng.gamma(2.0, 0.15), 24)
        months = tuple(
            StoreMonth(1, month, 50, int(n), int(sizes(rng, int(n)).sum()))
            for month, n in enumerate(found)
        )
        watched.append(Watched(number, None, months))
    return pooled_dispersion(watched)


def _covers(
    rng: Any, sizes: Callable[[Any, int], Any], before: int, after: int, dispersion: float
) -> bool:
    """Whether the figure's own interval covers the true ratio of a firm."""

    def side(mean: int) -> SideTotals:
        n = int(rng.poisson(mean))
        return SideTotals(24, Sums(1200, n, int(sizes(rng, n).sum())), 24, 24, 0)

    left, right = side(before), side(after)
    totals = Totals(
        before=left, after=right, trimmed=left.sums, declared=False, coverage=(48, 48),
        operators=1, leavers=(),
    )  # fmt: skip
    span = compare_totals(totals, dispersion=dispersion, level=_LEVEL).ratio_interval
    return span is not None and span[0] <= after / before <= span[1]


def _geometric(rng: Any, n: int) -> Any:
    return rng.geometric(1 / 3, n)


def _heavy(rng: Any, n: int) -> Any:
    return rng.lognormal(0.7, 1.0, n).clip(1, 60).astype(int)


def _funnel(seed: int, programs: int) -> Iterator[StudyResult]:
    """Firms that differ by chance alone, or by a spread that belongs to all: how many are flagged."""
    import numpy as np

    rng = np.random.default_rng(seed)
    for name, shape in (("alike", math.inf), ("spread", 8.0)):
        outer, any_flag, n = 0, 0, 0
        for _ in range(programs):
            exposure = rng.integers(100, 3000, 60)
            each = 0.02 if math.isinf(shape) else rng.gamma(shape, 0.02 / shape, 60)
            counts = rng.poisson(exposure * each)
            units = [
                Unit(i, int(c), float(e))
                for i, (c, e) in enumerate(zip(counts, exposure, strict=True))
            ]
            flags = [p.flag for p in draw_funnel(units, min_exposure=30).points]
            outer += sum(flag in {Flag.HIGH_998, Flag.LOW_998} for flag in flags)
            any_flag += sum(flag not in {Flag.WITHIN, Flag.TOO_SMALL} for flag in flags)
            n += len(flags)
        for label, count, goal in (
            (f"funnel_{name}_95", any_flag, 5),
            (f"funnel_{name}_998", outer, 0.2),
        ):
            share = count / n
            error = 100 * math.sqrt(max(share, 1 / n) / n)
            held = Goal.AT_MOST if name == "alike" else Goal.SHOWN
            yield StudyResult(label, held, goal, 0, 100 * share, error)


def _regression(seed: int, programs: int) -> Iterator[StudyResult]:
    """Firms chosen for their record, whose conduct does not change at all; the truth is 1."""
    import numpy as np

    rng = np.random.default_rng(seed)
    raw, beyond = [], []
    for _ in range(programs):
        rates = rng.gamma(1.5, 0.01 / 1.5, 300)
        exposure = rng.integers(200, 1500, 300)
        before = rng.poisson(rates * exposure)
        after = rng.poisson(rates * exposure)
        units = [Unit(i, int(before[i]), float(exposure[i])) for i in range(300)]
        later = [Unit(i, int(after[i]), float(exposure[i])) for i in range(300)]
        chosen = np.argsort(-(before / exposure))[:60]
        prior = fit_prior(units)
        if prior is None:
            continue
        fall = expected_fall([units[i] for i in chosen], [later[i] for i in chosen], prior)
        if fall is None or fall.ratio_observed is None or fall.ratio_beyond is None:
            continue
        raw.append(fall.ratio_observed)
        beyond.append(fall.ratio_beyond)
    yield _mean_of("regression_raw_ratio", raw, Goal.SHOWN, 1, 0)
    yield _mean_of("regression_shrunken_ratio", beyond, Goal.WITHIN, 1, 0.03)


def _staggered(seed: int, programs: int) -> Iterator[StudyResult]:
    """Firms enter over two years while all conduct improves; the effect of entering is 0.6."""
    import numpy as np

    rng, true = np.random.default_rng(seed), 0.6
    overall, before, naive, covered = [], [], [], []
    for number in range(programs):
        counts, panels, entry = _town(rng, true)
        found = group_time_effects(panels, seed=seed + number, draws=199)
        if found.overall is None or found.overall.interval is None:
            continue
        overall.append(found.overall.ratio)
        low, high = found.overall.interval
        covered.append(float(low <= true <= high))
        before += [e.ratio for e in found.effects if e.offset in {-6, -7}]
        naive.append(_before_after(counts, entry))
    yield _mean_of("staggered_before_after", naive, Goal.SHOWN, true, 0)
    yield _mean_of("staggered_effect", overall, Goal.WITHIN, true, 0.03)
    yield _mean_of("staggered_pretrend", before, Goal.WITHIN, 1, 0.05)
    share = sum(covered) / len(covered)
    error = 100 * math.sqrt(share * (1 - share) / len(covered))
    yield StudyResult("staggered_coverage", Goal.SHOWN, 95, 0, 100 * share, error)


_PERIODS = 12


def _town(rng: Any, true: float) -> tuple[Any, list[Panel], list[int | None]]:
    """120 firms over twelve quarters; a third never enters; all rates fall 4 % a quarter."""
    entry: list[int | None] = [
        None if i % 3 == 0 else int(rng.integers(4, 11)) for i in range(120)
    ]
    base = rng.gamma(4.0, 0.03 / 4.0, 120)
    counts = []
    panels = []
    for i, start in enumerate(entry):
        row = []
        for period in range(_PERIODS):
            effect = true if start is not None and period >= start else 1.0
            row.append(int(rng.poisson(300 * base[i] * 0.96**period * effect)))
        counts.append(row)
        panels.append(Panel(i, start, tuple((n, 300.0) for n in row)))
    return counts, panels, entry


def _before_after(counts: Any, entry: Sequence[int | None]) -> float:
    """What a plain before and after says, with no comparison to those not yet enrolled."""
    before, after = [0, 0], [0, 0]
    for row, start in zip(counts, entry, strict=True):
        if start is None:
            continue
        for period, n in enumerate(row):
            if period != start:
                side = before if period < start else after
                side[0] += n
                side[1] += 1
    return (after[0] / after[1]) / (before[0] / before[1])


def _mean_of(
    name: str, values: Sequence[float], goal: Goal, target: float, margin: float
) -> StudyResult:
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((v - mean) ** 2 for v in values) / max(len(values) - 1, 1))
    return StudyResult(name, goal, target, margin, mean, spread / math.sqrt(len(values)))
