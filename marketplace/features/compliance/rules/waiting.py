"""Waiting times by Kaplan-Meier: those still waiting count as waiting, not as absent.

Pure; statsmodels does the mathematics. Source: Kaplan and Meier (1958); the interval of the
median inverts the log-log band (Brookmeyer and Crowley, 1982). The median is the first day on
which half had ended, also where exactly half had: no rounding decides which day that is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.features.compliance.rules.refusal import Refusal, Why

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Wait:
    """One waiting time in days; `ended` is False while it goes on."""

    days: float
    ended: bool


@dataclass(frozen=True, slots=True)
class WaitStep:
    """The share still waiting after `days`, and how many were waiting just before."""

    days: float
    waiting: float
    at_risk: int


@dataclass(frozen=True, slots=True)
class WaitingTime:
    """The median with its interval; None where less than half has ended (or no bound exists)."""

    n: int
    ended: int
    median_days: float | None
    lower_days: float | None
    upper_days: float | None
    steps: tuple[WaitStep, ...]
    refused: Refusal | None = None


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
    steps = tuple(
        WaitStep(float(days), float(left), int(risk))
        for days, left, risk in zip(
            fitted.surv_times, fitted.surv_prob, fitted.n_risk, strict=True
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
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
