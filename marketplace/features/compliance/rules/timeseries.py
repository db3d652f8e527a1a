"""The interrupted time series: a segmented Poisson regression with offset; statsmodels fits it.

Pure. Model: log E[count] = log exposure + intercept + trend x time + change x step + harmonics.
The step's coefficient is the change of level at the interruption. Source: Bernal, Cummins and
Gasparrini (2017), Int J Epidemiol 46:348-355. Quasi-Poisson scales the variance by Pearson's
chi-squared over the residual degrees of freedom; intervals are normal on the log scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.features.compliance.rules.rates import RateError

FAMILIES = ("quasipoisson", "poisson")


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


def fit_step(
    points: Sequence[Point],
    *,
    family: str = "quasipoisson",
    harmonics: int = 0,
    period: float = 12.0,
    level: float = 0.95,
) -> StepChange:
    """Return the change of level at the step.

    Raises:
        RateError: unknown family, too few points for the terms, no point before or after the
            step, nothing counted, or a model that cannot be told apart.
    """
    if family not in FAMILIES:
        raise RateError("family_unknown", family=family, known=", ".join(FAMILIES))
    terms = 3 + 2 * harmonics
    if len(points) <= terms:
        raise RateError("series_too_short", points=len(points), needed=terms + 1)
    if len({p.step for p in points}) < 2:
        raise RateError("series_without_step")
    if sum(p.count for p in points) == 0:
        raise RateError("series_empty")
    import numpy as np
    import statsmodels.api as sm
    from scipy.stats import norm

    design = np.array([_row(p, harmonics, period) for p in points])
    if np.linalg.matrix_rank(design) < terms:
        raise RateError("series_confounded")
    model = sm.GLM(
        np.array([p.count for p in points]),
        design,
        family=sm.families.Poisson(),
        offset=np.log([p.exposure for p in points]),
    )
    fitted = model.fit()
    dispersion = float(fitted.pearson_chi2 / fitted.df_resid)
    scale = dispersion if family == "quasipoisson" else 1.0
    change, error = float(fitted.params[2]), float(fitted.bse[2]) * math.sqrt(scale)
    half = float(norm.isf((1 - level) / 2)) * error
    return StepChange(
        rr=math.exp(change),
        lower=math.exp(change - half),
        upper=math.exp(change + half),
        dispersion=dispersion,
        n=len(points),
    )


def _row(point: Point, harmonics: int, period: float) -> list[float]:
    angle = 2 * math.pi * point.time / period
    waves = [f(k * angle) for k in range(1, harmonics + 1) for f in (math.sin, math.cos)]
    return [1.0, point.time, point.step, *waves]
