"""Thresholds of oversight: from where a pattern is put before the auditor.

Every value has a default, so that a program text kept before these rules existed still loads.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_Some = Annotated[int, Field(strict=True, ge=1, le=10_000)]


class Oversight(BaseModel):
    """Numbers of `[oversight]`; a threshold asks a question, it decides nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fast_minutes: _Some = 5
    min_timed: _Some = 5
    min_decisions: _Some = 5
    concentration_p: Annotated[float, Field(strict=True, gt=0, lt=1)] = 0.01
    view_within_days: _Some = 14
    keep_views_days: _Some = 730
    min_placings: _Some = 10
    most_drawn: _Some = 200
    usual_drawn: _Some = 10
    look_back_days: _Some = 365
