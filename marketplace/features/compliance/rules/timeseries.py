"""The interrupted time series: a segmented Poisson regression with offset; statsmodels fits it.

Pure. Model: log E[count] = log exposure + intercept + trend x time + change x step + harmonics.
The step's coefficient is the change of level at the interruption. Source: Bernal, Cummins and
Gasparrini (2017), Int J Epidemiol 46:348-355. Quasi-Poisson scales the variance by Pearson's
chi-squared over the residual degrees of freedom; intervals are normal on the log scale. The
residuals are tested for autocorrelation (Ljung and Box, 1978): where it is found, the interval is
too narrow and the figure must say so.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.features.compliance.rules.rates import RateError

FAMILIES = ("quasipoisson", "poisson")
# R says quasipoisson, papers quasi-Poisson.
_SPELLINGS = {"quasi-poisson": "quasipoisson", "quasi poisson": "quasipoisson"}


@dataclass(frozen=True, slots=True)
class Point:
    """One interval of time: what was counted, in how much exposure, before or after."""

    count: float
    exposure: float
    step: float
    time: float


@dataclass(frozen=True, slots=True)
class StepChange:
    """The rate ratio of the step with its 95 % interval, the dispersion, and the points used."""

    rr: float
    lower: float
    upper: float
    dispersion: float
    n: int


@dataclass(frozen=True, slots=True)
class LinePoint:
    """One point's time, its observed and fitted rate, and the rate without the step.

    `counterfactual` equals `fitted` before the step. Rates are per unit of exposure.
    """

    time: float
    observed: float
    fitted: float
    counterfactual: float


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The step with its lines; `p_autocorrelation` under 0.05 means a too narrow interval.

    None where the series is too short for the lags asked for.
    """

    step: StepChange
    lines: tuple[LinePoint, ...]
    lags: int
    p_autocorrelation: float | None

    @property
    def is_autocorrelated(self) -> bool:
        """Whether neighboring months resemble each other beyond the model."""
        return self.p_autocorrelation is not None and self.p_autocorrelation < 0.05


def fit_step(
    points: Sequence[Point],
    *,
    family: str = "quasipoisson",
    harmonics: int = 0,
    period: float = 12.0,
    level: float = 0.95,
) -> StepChange:
    """Return the change of level at the step; `Raises` as `fit_interrupted`."""
    return fit_interrupted(
        points, family=family, harmonics=harmonics, period=period, level=level
    ).step


def fit_interrupted(
    points: Sequence[Point],
    *,
    family: str = "quasipoisson",
    harmonics: int = 0,
    period: float = 12.0,
    level: float = 0.95,
    lags: int = 6,
    least_dispersion: float = 0.0,
) -> Interrupted:
    """Return the step, the fitted and counterfactual lines, and the test of the residuals.

    Points lie in order of time; a missing interval is left out, never filled. The interval of the
    quasi-Poisson family takes at least `least_dispersion`; the dispersion told is the estimate.

    Raises:
        RateError: unknown family, a period that is no number above 0, too few points for the terms,
            no point before or after the step, nothing counted (at all or on one side), or a model
            that cannot be told apart or estimated.
    """
    terms = 3 + 2 * harmonics
    family = family.strip().casefold().replace("_", "-")
    family = _SPELLINGS.get(family, family)
    _require_answerable(points, family, terms)
    if not (math.isfinite(period) and period > 0):
        raise RateError("series_period", period=period)
    import numpy as np
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    design = np.array([_row(p, harmonics, period) for p in points])
    # The sine of half the period is 0 at every whole month: that wave is its cosine alone.
    waves = np.abs(design).max(axis=0) > 1e-9
    design = design[:, [True] * 3 + list(waves[3:])]
    # Time may be a year or milliseconds since 1970: in its own units the columns would look alike.
    design[:, 1] -= design[:, 1].mean()
    design[:, 1] /= np.abs(design[:, 1]).max() or 1.0
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise RateError("series_confounded")
    exposure = np.array([p.exposure for p in points])
    model = GLM(
        np.array([p.count for p in points]),
        design,
        family=Poisson(),
        offset=np.log(exposure),
    )
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # a perfect fit is an answer: a series may be even
            fitted = model.fit()
        least = least_dispersion if family == "quasipoisson" else None
        step = _step(fitted, level, len(points), least=least)
    except (ValueError, OverflowError, np.linalg.LinAlgError) as error:
        raise RateError("series_not_estimable") from error
    if not all(math.isfinite(x) for x in (step.rr, step.lower, step.upper)) or step.rr <= 0:
        raise RateError("series_not_estimable")
    rates = fitted.fittedvalues / exposure
    change = math.log(step.rr)
    lines = tuple(
        LinePoint(p.time, p.count / p.exposure, float(r), float(r) * math.exp(-change * p.step))
        for p, r in zip(points, rates, strict=True)
    )
    return Interrupted(step, lines, lags, _autocorrelation(fitted.resid_pearson, lags))


def _require_answerable(points: Sequence[Point], family: str, terms: int) -> None:
    if family not in FAMILIES:
        raise RateError("family_unknown", family=family, known=", ".join(FAMILIES))
    if len(points) <= terms:
        raise RateError("series_too_short", points=len(points), needed=terms + 1)
    if len({p.step for p in points}) < 2:
        raise RateError("series_without_step")
    if sum(p.count for p in points) == 0:
        raise RateError("series_empty")
    ends = {min(p.step for p in points), max(p.step for p in points)}
    if any(sum(p.count for p in points if p.step == end) == 0 for end in ends) and ends == {
        p.step for p in points
    }:
        raise RateError("series_one_sided")


def _step(fitted: Any, level: float, n: int, *, least: float | None) -> StepChange:
    """Return the step's coefficient as a ratio; `least` is None where the variance is the mean."""
    from scipy.stats import norm

    dispersion = float(fitted.pearson_chi2 / fitted.df_resid)
    scale = 1.0 if least is None else max(dispersion, least)
    change, error = float(fitted.params[2]), float(fitted.bse[2]) * math.sqrt(scale)
    half = float(norm.isf((1 - level) / 2)) * error
    return StepChange(
        rr=math.exp(change),
        lower=math.exp(change - half),
        upper=math.exp(change + half),
        dispersion=dispersion,
        n=n,
    )


def _autocorrelation(residuals: Any, lags: int) -> float | None:
    """Return the Ljung-Box p-value; None with fewer than four points a lag."""
    if len(residuals) < 4 * lags:
        return None
    from statsmodels.stats.diagnostic import acorr_ljungbox

    return float(acorr_ljungbox(residuals, lags=[lags])["lb_pvalue"].iloc[0])


def _row(point: Point, harmonics: int, period: float) -> list[float]:
    angle = 2 * math.pi * point.time / period
    waves = [f(k * angle) for k in range(1, harmonics + 1) for f in (math.sin, math.cos)]
    return [1.0, point.time, point.step, *waves]
