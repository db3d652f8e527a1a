"""How the figures on methods are made: the minimums under which nothing is drawn, and their spans."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Some = Annotated[int, Field(strict=True, ge=1, le=10_000)]


class Methods(BaseModel):
    """Numbers of `[methods]`; the defaults stand for versions of a program kept before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_operators: Some = 10
    min_findings: Some = 20
    min_controls: Some = 5
    cohort_months: Some = 6
    min_cohort_operators: Some = 5
    funnel_months: Some = 12
    min_funnel_checked: Some = 300
    series_min_months: Some = 12
    series_harmonics: Annotated[int, Field(strict=True, ge=0, le=4)] = 1
    series_lags: Some = 6
    series_model_zh: str = ""
    series_model_en: str = ""
    bootstrap_draws: Some = 499
    bootstrap_seed: Annotated[int, Field(strict=True, ge=0)] = 20_150_203
    min_ended_waits: Some = 5
    late_report_days: Some = 20
