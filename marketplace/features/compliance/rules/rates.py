"""Rates, rate ratios and funnel limits by every method the field names; scipy does the mathematics.

Pure. Sources: Garwood (1936) exact; Breslow and Day (1987) for Byar's approximation; Jeffreys
prior gamma(1/2); mid-p as Lancaster (1961); Gu et al. (2008) for the score and Wald tests of two
rates; Przyborowski and Wilenski (1940) for the conditional one; Spiegelhalter (2005) for the
funnel, limits by the chi-squared relation. None stands for what has no bound or cannot be said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from marketplace.features.compliance.rules.intervals import proportion_interval, rate_interval

Bounds = tuple[float | None, float | None]
Solvable = Callable[[float], float]


class RateError(ValueError):
    """The question cannot be answered; `code` says why, `facts` with what."""

    def __init__(self, code: str, **facts: object) -> None:
        """Keep the code and its facts."""
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, object] = facts


@dataclass(frozen=True, slots=True)
class TwoRates:
    """Two counts with their exposures; the ratio is the first rate over the second."""

    count1: int
    exposure1: float
    count2: int
    exposure2: float

    @property
    def ratio(self) -> float | None:
        """The rate ratio; None when nothing was counted on the second side."""
        if self.count2 == 0:
            return None
        return (self.count1 / self.exposure1) / (self.count2 / self.exposure2)


RATE_METHODS = ("exact", "byar", "score", "wald", "jeffreys", "midp")
RATIO_METHODS = ("exact", "wald-log", "midp")
TEST_METHODS = ("exact-cond", "cond-midp", "score", "wald-log")
ALTERNATIVES = ("two-sided", "larger", "smaller")
# Names that can mean one thing only: R writes `two.sided` and `conditional`, papers turn them round.
_RATIO_SPELLINGS = {
    "exact-conditional": "exact",
    "exact-cond": "exact",
    "conditional-exact": "exact",
    "conditional": "exact",
    "cond-midp": "midp",
    "conditional-midp": "midp",
    "log-wald": "wald-log",
    "waldlog": "wald-log",
}
_TEST_SPELLINGS = {
    "exact": "exact-cond",
    "exact-conditional": "exact-cond",
    "conditional-exact": "exact-cond",
    "conditional": "exact-cond",
    "midp": "cond-midp",
    "conditional-midp": "cond-midp",
    "log-wald": "wald-log",
    "waldlog": "wald-log",
}
_ALTERNATIVE_SPELLINGS = {
    "two.sided": "two-sided",
    "twosided": "two-sided",
    "2-sided": "two-sided",
    "greater": "larger",
    "less": "smaller",
}


def rate_ci(count: int, exposure: float, level: float, method: str) -> tuple[float, float]:
    """Return the interval of one rate.

    Raises:
        RateError: for an unknown method.
    """
    if method == "exact":
        found = rate_interval(count, exposure, level)
        if found is None:
            raise RateError("exposure_not_positive")
        return found
    bounds = _RATE_BOUNDS.get(method)
    if bounds is None:
        raise RateError("method_unknown", method=method, known=", ".join(RATE_METHODS))
    low, high = bounds(count, (1 - level) / 2)
    return max(low, 0.0) / exposure, high / exposure


def rate_ratio_ci(rates: TwoRates, level: float, method: str) -> Bounds:
    """Return the interval of a rate ratio; an end that is not bounded is None.

    Raises:
        RateError: unknown method, or a zero where logarithms are taken.
    """
    total = rates.count1 + rates.count2
    method = _RATIO_SPELLINGS.get(method, method)
    if method == "wald-log":
        return _wald_log_ci(rates, level)
    if method not in RATIO_METHODS:
        raise RateError("method_unknown", method=method, known=", ".join(RATIO_METHODS))
    if total == 0:
        return 0.0, None  # any ratio would do; R's poisson.test says 0 to Inf
    if method == "exact":
        share = proportion_interval(rates.count1, total, level) or (0.0, 1.0)
    else:
        share = _midp_share(rates.count1, total, (1 - level) / 2)
    scale = rates.exposure2 / rates.exposure1
    low, high = share
    return low / (1 - low) * scale, None if high >= 1 else high / (1 - high) * scale


def rate_ratio_p(rates: TwoRates, null_ratio: float, alternative: str, method: str) -> float:
    """Return the p-value of the hypothesis that the rate ratio is `null_ratio`.

    Raises:
        RateError: unknown method or alternative, or too little counted for the method.
    """
    alternative = _ALTERNATIVE_SPELLINGS.get(alternative, alternative)
    method = _TEST_SPELLINGS.get(method, method)
    if alternative not in ALTERNATIVES:
        raise RateError(
            "alternative_unknown", alternative=alternative, known=", ".join(ALTERNATIVES)
        )
    if method not in TEST_METHODS:
        raise RateError("method_unknown", method=method, known=", ".join(TEST_METHODS))
    total = rates.count1 + rates.count2
    if method in {"exact-cond", "cond-midp"} and total == 0:
        # Nothing counted has one outcome only, and of that a one-sided mid-p takes half.
        return 0.5 if method == "cond-midp" and alternative != "two-sided" else 1.0
    if total == 0 or (method == "wald-log" and 0 in {rates.count1, rates.count2}):
        raise _too_small(rates, method)
    import numpy as np
    from statsmodels.stats.rates import test_poisson_2indep

    with np.errstate(divide="ignore", invalid="ignore"):  # it also divides by a count of 0
        found = test_poisson_2indep(
            rates.count1,
            rates.exposure1,
            rates.count2,
            rates.exposure2,
            value=null_ratio,
            method=method,
            alternative=alternative,
        )
    return min(max(float(found.pvalue), 0.0), 1.0)


def funnel_limits(expected: float, target: float) -> dict[str, float]:
    """Return the exact 95 % and 99.8 % limits of observed / expected around a target.

    Raises:
        RateError: when nothing is expected.
    """
    if expected <= 0:
        raise RateError("expected_not_positive")
    from scipy.special import gammainccinv, gammaincinv

    def limits(tail: float) -> tuple[float, float]:
        low = float(gammaincinv(expected, tail))
        high = float(gammainccinv(expected + 1, tail))
        return target * low / expected, target * high / expected

    (ll95, ul95), (ll998, ul998) = limits(0.025), limits(0.001)
    return {"ll95": ll95, "ul95": ul95, "ll998": ll998, "ul998": ul998}


def _byar(count: int, tail: float) -> tuple[float, float]:
    z = _z(tail)

    def cube(c: float, sign: int) -> float:
        return float(c * (1 - 1 / (9 * c) + sign * z / (3 * math.sqrt(c))) ** 3)

    return (cube(count, -1) if count else 0.0), cube(count + 1, 1)


def _score(count: int, tail: float) -> tuple[float, float]:
    z = _z(tail)
    center, half = count + z * z / 2, z * math.sqrt(count + z * z / 4)
    return center - half, center + half


def _wald(count: int, tail: float) -> tuple[float, float]:
    half = _z(tail) * math.sqrt(count)
    return count - half, count + half


def _jeffreys(count: int, tail: float) -> tuple[float, float]:
    from scipy.special import gammainccinv, gammaincinv

    return float(gammaincinv(count + 0.5, tail)), float(gammainccinv(count + 0.5, tail))


def _midp_count(count: int, tail: float) -> tuple[float, float]:
    """Each end leaves `tail` beyond it, half of the observed count's own probability included.

    That is the mean of two tails, with the observed count and without it. The functions that the
    distributions of `scipy.stats` call are called here: a root asks some thirty times, and each
    time the distribution took fifteen times as long.
    """
    from scipy.special import gammainc, gammaincc

    def above(mean: float) -> float:
        return float(gammainc(count, mean) + gammainc(count + 1, mean)) / 2 - tail

    def below(mean: float) -> float:
        without = gammaincc(count, mean) if count else 0.0
        return float(without + gammaincc(count + 1, mean)) / 2 - tail

    highest = 2 * count + 60 + 20 * math.sqrt(count + 1)
    # At a level near 0 both ends may lie on one side of the count: look over the whole range.
    low = 0.0 if count == 0 else _root(above, 1e-12, highest)
    return low, _root(below, 1e-12, highest)


def _midp_share(count: int, total: int, tail: float) -> tuple[float, float]:
    from scipy.special import betainc, betaincc

    def above(p: float) -> float:
        without = betainc(count + 1, total - count, p) if count < total else 0.0
        return float(betainc(count, total - count + 1, p) + without) / 2 - tail

    def below(p: float) -> float:
        without = betaincc(count, total - count + 1, p) if count else 0.0
        return float(without + betaincc(count + 1, total - count, p)) / 2 - tail

    low = 0.0 if count == 0 else _root(above, 0.0, 1.0)
    high = 1.0 if count == total else _root(below, 0.0, 1.0)
    return low, high


def _wald_log_ci(rates: TwoRates, level: float) -> Bounds:
    if 0 in {rates.count1, rates.count2}:
        raise _too_small(rates, "wald-log")
    half = _z((1 - level) / 2) * math.sqrt(1 / rates.count1 + 1 / rates.count2)
    ratio = rates.ratio or 0.0
    return ratio * math.exp(-half), ratio * math.exp(half)


def _too_small(rates: TwoRates, method: str) -> RateError:
    counts = {"count1": rates.count1, "count2": rates.count2}
    fields = ", ".join(name for name, count in counts.items() if count == 0)
    return RateError("counts_too_small", fields=fields, method=method)


def _root(of: Solvable, low: float, high: float) -> float:
    from scipy.optimize import brentq

    # Relative, never absolute: a share of one in 10^12 has as many true digits as a half.
    return float(brentq(of, low, high, xtol=1e-300, rtol=1e-14, maxiter=500))


def _z(tail: float) -> float:
    from scipy.special import ndtri

    return -float(ndtri(tail))


_RATE_BOUNDS: Mapping[str, Callable[[int, float], tuple[float, float]]] = {
    "byar": _byar,
    "score": _score,
    "wald": _wald,
    "jeffreys": _jeffreys,
    "midp": _midp_count,
}

__all__ = [
    "ALTERNATIVES",
    "RATE_METHODS",
    "RATIO_METHODS",
    "TEST_METHODS",
    "RateError",
    "TwoRates",
    "funnel_limits",
    "rate_ci",
    "rate_ratio_ci",
    "rate_ratio_p",
]
