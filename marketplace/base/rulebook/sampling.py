"""The rules of drawing listings; the rate itself stands with each category."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Sampling(BaseModel):
    """Numbers of `[sampling]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    look_working_days: Annotated[int, Field(strict=True, ge=1, le=365)] = 20
