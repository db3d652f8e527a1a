"""The funnel: who lies outside what chance alone explains, instead of a league table.

Pure. Spiegelhalter (2005), Statistics in Medicine 24:1185-1202: exact Poisson limits around the
program's rate, interpolated as in its appendix but on each tail toward the outside, so that a
point beyond a limit is one whose tail probability is no more than that limit's; over-dispersion
from winsorised square-root z-scores. Over-dispersed limits are the exact ones at an effective
expected count of expected / phi, so that phi = 1 gives them back. Nothing here ranks by raw rate;
a unit under the minimum volume has no place in an order.

The chi-squared relation of `rates.funnel_limits` is not used here: under about four expected it
puts a lower limit above zero, and a unit with nothing found would be flagged for being small.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.features.compliance.rules.refusal import Refusal, Why
from marketplace.features.compliance.rules.shrinkage import Unit


class Flag(StrEnum):
    """Where a point lies; only the outer limits call for a look."""

    WITHIN = "within"
    HIGH_95 = "high_95"
    HIGH_998 = "high_998"
    LOW_95 = "low_95"
    LOW_998 = "low_998"
    TOO_SMALL = "too_small"


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One unit: what was found, what the program's rate expects, and where that lies."""

    key: int
    count: int
    exposure: float
    expected: float
    rate: float
    flag: Flag


@dataclass(frozen=True, slots=True)
class LimitsAt:
    """The limits of the rate at one exposure, for drawing the curves."""

    exposure: float
    low_95: float
    high_95: float
    low_998: float
    high_998: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """The funnel of a program: points by exposure, the curves, and the over-dispersion used.

    `phi` is the winsorised dispersion (1 = Poisson), `tau` the between-unit standard deviation
    of sqrt-ratios it stands for. `refused` says why nothing is flagged.
    """

    target: float | None
    phi: float
    tau: float
    points: tuple[FunnelPoint, ...]
    curves: tuple[LimitsAt, ...]
    refused: Refusal | None = None


def draw_funnel(
    units: Sequence[Unit],
    *,
    min_exposure: float,
    min_units: int = 10,
    winsor_share: float = 0.1,
    overdispersed: bool = True,
    steps: int = 60,
) -> Funnel:
    """Return the funnel around the pooled rate; points lie in order of exposure.

    `phi` is estimated from units of at least `min_exposure` and never under 1. With fewer than
    `min_units` of them, or nothing found, the points come without flags and `refused` says so.
    """
    seen = sorted((u for u in units if u.exposure > 0), key=lambda u: (u.exposure, u.key))
    large = [u for u in seen if u.exposure >= min_exposure]
    total = sum(u.count for u in seen)
    target = total / sum(u.exposure for u in seen) if seen else None
    if len(large) < min_units or not target:
        why = Why.NOTHING_FOUND if len(large) >= min_units else Why.FEW_OPERATORS
        needed, found = (1, total) if why is Why.NOTHING_FOUND else (min_units, len(large))
        points = tuple(_point(u, target or 0.0, 1.0, math.inf) for u in seen)
        return Funnel(target, 1.0, 0.0, points, (), Refusal(why, needed, found))
    phi = max(1.0, winsorised_dispersion(large, target, winsor_share)) if overdispersed else 1.0
    top = max(u.exposure for u in seen)
    start = min(min_exposure or top / steps, top)
    spots = [start + (top - start) * n / (steps - 1) for n in range(steps)]
    return Funnel(
        target=target,
        phi=phi,
        tau=_tau(large, target, phi),
        points=tuple(_point(u, target, phi, min_exposure) for u in seen),
        curves=tuple(limits_at(spot, target, phi) for spot in spots),
    )


def limits_at(exposure: float, target: float, phi: float = 1.0) -> LimitsAt:
    """Return the limits of the rate for a unit of this exposure."""
    expected = exposure * target / phi
    at = [
        limit(expected, tail) / expected * target
        for tail in (0.025, 0.001)
        for limit in (_low_limit, _high_limit)
    ]
    return LimitsAt(exposure, *at)


def winsorised_dispersion(units: Sequence[Unit], target: float, share: float = 0.1) -> float:
    """Return the mean of squared z-scores after pulling the outer `share` at each end inward.

    z = 2 (sqrt(count) - sqrt(expected)); the outer ones take the value of the nearest kept one.
    """
    z = sorted(2 * (math.sqrt(u.count) - math.sqrt(u.exposure * target)) for u in units)
    cut = math.floor(len(z) * share)
    low, high = z[cut], z[len(z) - 1 - cut]
    return sum(min(max(x, low), high) ** 2 for x in z) / len(z)


def in_order(funnel: Funnel, *, by_rate: bool, min_exposure: float) -> tuple[FunnelPoint, ...]:
    """Return points for a list: highest rate first, small ones after all others, unranked.

    A unit under the minimum volume is never placed among the others by its rate.
    """
    large = [p for p in funnel.points if p.exposure >= min_exposure]
    small = [p for p in funnel.points if p.exposure < min_exposure]
    if by_rate:
        large.sort(key=lambda p: (-p.rate, -p.exposure, p.key))
    return (*large, *sorted(small, key=lambda p: p.key))


def _low_limit(expected: float, tail: float) -> float:
    """Return the interpolated count under which lie counts with P(at most) <= tail; never < 0."""
    from scipy.special import pdtr, pdtrik  # a tenth of the time of `poisson`, which calls them

    r = max(0, math.floor(pdtrik(tail, expected)))
    while r and pdtr(r - 1, expected) > tail:
        r -= 1
    while pdtr(r, expected) <= tail:
        r += 1
    upto, under = float(pdtr(r, expected)), float(pdtr(r - 1, expected)) if r else 0.0
    return float(max(0.0, r - (upto - tail) / (upto - under)))


def _high_limit(expected: float, tail: float) -> float:
    """Return the interpolated count above which lie counts with P(at least) <= tail."""
    from scipy.special import pdtrc, pdtrik

    def at_least(count: int) -> float:
        return float(pdtrc(count - 1, expected)) if count else 1.0

    r = max(0, math.floor(pdtrik(1 - tail, expected)))
    while at_least(r + 1) > tail:
        r += 1
    while at_least(r) <= tail:
        r -= 1
    onward, beyond = at_least(r), at_least(r + 1)
    return float(r + (onward - tail) / (onward - beyond))


def _point(u: Unit, target: float, phi: float, min_exposure: float) -> FunnelPoint:
    rate = u.count / u.exposure
    flag = Flag.TOO_SMALL
    if u.exposure >= min_exposure and target:
        flag = _flag(rate, limits_at(u.exposure, target, phi))
    return FunnelPoint(u.key, u.count, u.exposure, u.exposure * target, rate, flag)


def _flag(rate: float, at: LimitsAt) -> Flag:
    if rate > at.high_998:
        return Flag.HIGH_998
    if rate < at.low_998:
        return Flag.LOW_998
    if rate > at.high_95:
        return Flag.HIGH_95
    return Flag.LOW_95 if rate < at.low_95 else Flag.WITHIN


def _tau(units: Sequence[Unit], target: float, phi: float) -> float:
    """The between-unit standard deviation by the method of moments, as Spiegelhalter gives it."""
    weights = [4 * u.exposure * target for u in units]
    total = sum(weights)
    rest = total - sum(w * w for w in weights) / total
    if rest <= 0:
        return 0.0
    return math.sqrt(max(0.0, (len(units) * phi - (len(units) - 1)) / rest))
