"""Shrinks raw rates toward the program's mean, and says how much of a fall was to be expected.

Pure. Gamma-Poisson empirical Bayes: counts are Poisson around each unit's own rate, the rates are
gamma distributed over the units. Sources: Robbins (1956); Hauer, Harwood, Council and Griffith
(2002), Transportation Research Record 1784:126-131, whose worked examples are tests here. Counts
are findings, never listings: listings found together are no Poisson count.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.features.compliance.rules.intervals import Interval

_ALIKE = 1e4  # a fitted shape beyond this cannot be told from units that are all alike


@dataclass(frozen=True, slots=True)
class Unit:
    """What was found in one unit, in how much exposure; `key` names the unit to the caller."""

    key: int
    count: int
    exposure: float


@dataclass(frozen=True, slots=True)
class Prior:
    """How rates differ over units: mean rate, and gamma shape (infinite when all alike)."""

    mean: float
    shape: float
    units: int

    @property
    def spread(self) -> float:
        """The coefficient of variation of the true rates, 1 / sqrt(shape)."""
        return 0.0 if math.isinf(self.shape) else 1 / math.sqrt(self.shape)


@dataclass(frozen=True, slots=True)
class Shrunken:
    """A unit's raw rate beside its estimate; `weight` is the share of the program's mean in it."""

    key: int
    count: int
    exposure: float
    raw: float | None
    estimate: float
    interval: Interval
    weight: float


class Anyway(StrEnum):
    """How much of a fall was to be expected anyway, which each takes a sentence of its own."""

    SOME = "some"
    ALL = "all"  # less than was to be expected
    NONE = "none"  # the record was no worse than that of all: nothing to fall back from

    @classmethod
    def of(cls, share: float) -> Anyway:
        """Return it for a share of 0 to 1."""
        return cls.NONE if share <= 0 else cls.ALL if share >= 1 else cls.SOME


@dataclass(frozen=True, slots=True)
class ExpectedFall:
    """What a group chosen for its record would have shown anyway, beside what it showed.

    Rates are per unit of exposure. `ratio_observed` is after / raw before, `ratio_expected` is
    shrunken before / raw before, `ratio_beyond` is after / shrunken before. `share_expected` is
    the part of the fall (0 to 1) that was to be expected; None when nothing fell.
    """

    raw_before: float
    expected_after: float
    after: float
    ratio_observed: float | None
    ratio_expected: float | None
    ratio_beyond: float | None
    share_expected: float | None
    units: int


def fit_prior(units: Sequence[Unit]) -> Prior | None:
    """Return the gamma distribution of rates over units by maximum likelihood.

    Give every unit of the program, not the chosen ones: the chosen ones are what is corrected.
    None when fewer than two units have exposure or nothing was found at all.
    """
    seen = [u for u in units if u.exposure > 0]
    total = sum(u.count for u in seen)
    if len(seen) < 2 or total == 0:
        return None
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import gammaln

    y = np.array([u.count for u in seen], dtype=float)
    e = np.array([u.exposure for u in seen], dtype=float)
    pooled = total / float(e.sum())
    # Units that share a count or an exposure share its term: a program has few different ones.
    counts, units_of_count = np.unique(y, return_counts=True)
    exposures, of_exposure = np.unique(e, return_inverse=True)
    units_of_exposure = np.bincount(of_exposure)
    found_in_exposure = np.bincount(of_exposure, weights=y)
    fixed = float((y * np.log(e)).sum())

    def loss(at: object) -> float:
        log_mean, log_shape = np.clip(np.asarray(at, dtype=float), -50, math.log(_ALIKE) + 1)
        shape = math.exp(log_shape)
        odds = np.log1p(math.exp(log_mean) / shape * exposures)
        return -float(
            units_of_count @ gammaln(shape + counts)
            - len(seen) * gammaln(shape)
            - (shape * units_of_exposure + found_in_exposure) @ odds
            + total * (log_mean - log_shape)
            + fixed
        )

    starts = [(math.log(pooled), math.log(shape)) for shape in (0.5, 2.0, 20.0)]
    tries = [minimize(loss, start, method="Nelder-Mead", options=_FIT) for start in starts]
    best = min(tries, key=lambda t: float(t.fun))
    mean, shape = math.exp(float(best.x[0])), math.exp(float(best.x[1]))
    if shape >= _ALIKE:
        return Prior(pooled, math.inf, len(seen))
    return Prior(mean, shape, len(seen))


_FIT = {"xatol": 1e-8, "fatol": 1e-10, "maxiter": 4_000}


def shrink(units: Sequence[Unit], prior: Prior, *, level: float = 0.95) -> tuple[Shrunken, ...]:
    """Return each unit's estimate with its credible interval, in the order given.

    A unit without exposure gets the program's mean with weight 1: nothing is known of it.
    """
    import numpy as np
    from scipy.special import gammaincinv

    raws = [u.count / u.exposure if u.exposure > 0 else None for u in units]
    if math.isinf(prior.shape):
        one = (prior.mean, prior.mean)
        return tuple(
            Shrunken(u.key, u.count, u.exposure, raw, prior.mean, one, 1.0)
            for u, raw in zip(units, raws, strict=True)
        )
    tail = (1 - level) / 2
    shapes = prior.shape + np.array([u.count for u in units], dtype=float)
    scales = prior.shape / prior.mean + np.array([u.exposure for u in units], dtype=float)
    lows = (gammaincinv(shapes, tail) / scales).tolist()
    highs = (gammaincinv(shapes, 1 - tail) / scales).tolist()
    estimates, weights = _estimates(units, prior)
    return tuple(
        Shrunken(u.key, u.count, u.exposure, raw, estimate, (low, high), weight)
        for u, raw, estimate, weight, low, high in zip(
            units, raws, estimates, weights, lows, highs, strict=True
        )
    )


def expected_fall(
    before: Sequence[Unit], after: Sequence[Unit], prior: Prior
) -> ExpectedFall | None:
    """Return how much of a group's change was to be expected without any change of conduct.

    Both sides hold the same units; those without exposure on a side are left out on both. The
    expectation weighs each unit's estimate by its exposure after. None when nothing is left.
    """
    later = {u.key: u for u in after if u.exposure > 0}
    kept = [u for u in before if u.exposure > 0 and u.key in later]
    if not kept:
        return None
    estimates, _weights = _estimates(kept, prior)
    exposed = sum(later[u.key].exposure for u in kept)
    raw = sum(u.count / u.exposure * later[u.key].exposure for u in kept) / exposed
    shrunken = zip(kept, estimates, strict=True)
    expected = sum(estimate * later[u.key].exposure for u, estimate in shrunken) / exposed
    seen = sum(later[u.key].count for u in kept) / exposed
    fell = raw - seen
    return ExpectedFall(
        raw_before=raw,
        expected_after=expected,
        after=seen,
        ratio_observed=seen / raw if raw else None,
        ratio_expected=expected / raw if raw else None,
        ratio_beyond=seen / expected if expected else None,
        share_expected=min(max((raw - expected) / fell, 0.0), 1.0) if fell > 0 else None,
        units=len(kept),
    )


def _estimates(units: Sequence[Unit], prior: Prior) -> tuple[list[float], list[float]]:
    """Return each unit's shrunken rate, and the share of the program's mean in it."""
    if math.isinf(prior.shape):
        return [prior.mean] * len(units), [1.0] * len(units)
    unknown = prior.shape / prior.mean
    return (
        [(prior.shape + u.count) / (unknown + u.exposure) for u in units],
        [unknown / (unknown + u.exposure) for u in units],
    )
