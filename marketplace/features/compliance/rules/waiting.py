"""Waiting times by Kaplan-Meier: those still waiting count as waiting, not as absent.

Pure; statsmodels does the mathematics. Source: Kaplan and Meier (1958); the band is pointwise, by
Greenwood's variance (1926) on the log(-log) scale, which never leaves 0 to 1 (Kalbfleisch and
Prentice, 1980); the interval of the median inverts it (Brookmeyer and Crowley, 1982). The median
is the first day on which half had ended, also where exactly half had: no rounding decides which
day that is.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from marketplace.features.compliance.rules.refusal import Refusal, Why

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Wait:
    """One waiting time in days; `ended` is False while it goes on."""

    days: float
    ended: bool


@dataclass(frozen=True, slots=True)
class WaitStep:
    """The share still waiting after `days`, and how many were waiting just before.

    `lower` and `upper` bound the share; None once nobody waits, where no variance can be said.
    """

    days: float
    waiting: float
    at_risk: int
    lower: float | None = None
    upper: float | None = None


class Ends(StrEnum):
    """Which ends the interval of a median has."""

    BOTH = "both"
    OPEN = "open"  # too many still wait: the upper end is not reached yet
    NONE = "none"  # all that ended did so on too few days: no band holds a half
    FAR = "far"  # half is not reached, and no band comes near it


@dataclass(frozen=True, slots=True)
class WaitingTime:
    """The median with its interval; None where less than half has ended (or no bound exists).

    `lasted` is every wait in days, ended or not, shortest first.
    """

    n: int
    ended: int
    median_days: float | None
    lower_days: float | None
    upper_days: float | None
    steps: tuple[WaitStep, ...]
    refused: Refusal | None = None
    lasted: tuple[float, ...] = ()

    @property
    def ends(self) -> Ends:
        """Which ends the median's interval has, so that a missing one is said in words."""
        if self.lower_days is None:
            return Ends.FAR if self.median_days is None else Ends.NONE
        return Ends.OPEN if self.upper_days is None else Ends.BOTH

    def at_risk(self, days: float) -> int:
        """Return how many were still waiting, and under observation, just before `days`."""
        return self.n - bisect_left(self.lasted, days)


def waiting_time(
    waits: Sequence[Wait], *, level: float = 0.95, min_ended: int = 5
) -> WaitingTime:
    """Return the Kaplan-Meier curve and median; refused when fewer than `min_ended` ended."""
    ended = sum(w.ended for w in waits)
    if ended < min_ended:
        refused = Refusal(Why.FEW_ENDED, min_ended, ended)
        return WaitingTime(len(waits), ended, None, None, None, (), refused)
    import numpy as np
    from statsmodels.duration.survfunc import SurvfuncRight

    fitted = SurvfuncRight([w.days for w in waits], [int(w.ended) for w in waits])
    z = NormalDist().inv_cdf(0.5 + level / 2)
    steps = tuple(
        WaitStep(float(days), float(left), int(risk), *_band(float(left), float(error), z))
        for days, left, risk, error in zip(
            fitted.surv_times,
            fitted.surv_prob,
            fitted.n_risk,
            fitted.surv_prob_se,
            strict=True,
        )
    )
    with np.errstate(divide="ignore", invalid="ignore"):  # the last step may reach zero
        low, high = fitted.quantile_ci(0.5, alpha=1 - level, method="cloglog")
    return WaitingTime(
        n=len(waits),
        ended=ended,
        median_days=next((s.days for s in steps if s.waiting <= 0.5 + _ROUNDING), None),
        lower_days=_finite(float(low)),
        upper_days=_finite(float(high)),
        steps=steps,
        lasted=tuple(sorted(w.days for w in waits)),
    )


def ninetieth(time: WaitingTime) -> int | None:
    """Return the first day on which at most one in ten still waits; None where none is known."""
    return next((round(s.days) for s in time.steps if s.waiting <= 0.1 + _ROUNDING), None)


def _band(left: float, error: float, z: float) -> tuple[float | None, float | None]:
    """Return the ends of the band; statsmodels gives Greenwood's error of the share itself."""
    if not 0 < left < 1:
        return None, None
    half = z * error / (left * abs(math.log(left)))
    return left ** math.exp(half), left ** math.exp(-half)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
