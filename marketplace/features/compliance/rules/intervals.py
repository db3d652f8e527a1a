"""Exact intervals for counts, rates, ratios and proportions; scipy does the mathematics.

Sources: Garwood (1936) for the Poisson count; Clopper and Pearson (1934) for the proportion; the
conditional ratio is the binomial interval of the split, as in Przyborowski and Wilenski (1940).
Zero counts and zero exposure are answers, not errors: None stands for "cannot be said".
"""

from __future__ import annotations

import math

Interval = tuple[float, float]


def rate_interval(count: int, exposure: float, level: float = 0.95) -> Interval | None:
    """Return the exact Poisson interval of a rate per unit of exposure; None at no exposure."""
    if exposure <= 0:
        return None
    from scipy.special import gammaincinv  # a tenth of the time of `chi2.ppf`, which calls it

    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(gammaincinv(count, tail))
    high = float(gammaincinv(count + 1, 1 - tail))
    return low / exposure, high / exposure


def proportion_interval(count: int, n: int, level: float = 0.95) -> Interval | None:
    """Return the exact binomial interval of `count` of `n`; None at n = 0."""
    if n <= 0:
        return None
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(betaincinv(count, n - count + 1, tail))
    high = 1.0 if count == n else float(betaincinv(count + 1, n - count, 1 - tail))
    return low, high


def ratio_interval(
    count_before: int,
    exposure_before: float,
    count_after: int,
    exposure_after: float,
    level: float = 0.95,
) -> Interval | None:
    """Return the exact conditional interval of rate after / rate before.

    None when an exposure is missing or nothing was found on either side; an open upper end is
    infinity (nothing found before).
    """
    total = count_before + count_after
    if exposure_before <= 0 or exposure_after <= 0 or total == 0:
        return None
    share = proportion_interval(count_after, total, level)
    if share is None:
        return None
    scale = exposure_before / exposure_after

    def odds(p: float) -> float:
        return math.inf if p >= 1 else p / (1 - p) * scale

    return odds(share[0]), odds(share[1])


def scaled_rate_interval(
    count: int, exposure: float, dispersion: float, level: float = 0.95
) -> Interval | None:
    """Return the quasi-Poisson interval of a rate on the log scale; None without count."""
    if exposure <= 0 or count <= 0:
        return None
    half = _z(level) * math.sqrt(max(dispersion, 1.0) / count)
    rate = count / exposure
    return rate * math.exp(-half), rate * math.exp(half)


def scaled_ratio_interval(
    count_before: int,
    exposure_before: float,
    count_after: int,
    exposure_after: float,
    dispersion: float,
    level: float = 0.95,
) -> Interval | None:
    """Return the quasi-Poisson interval of rate after / rate before; None without counts."""
    if min(count_before, count_after) <= 0 or min(exposure_before, exposure_after) <= 0:
        return None
    spread = max(dispersion, 1.0) * (1 / count_before + 1 / count_after)
    half = _z(level) * math.sqrt(spread)
    ratio = (count_after / exposure_after) / (count_before / exposure_before)
    return ratio * math.exp(-half), ratio * math.exp(half)


def _z(level: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + level / 2)
