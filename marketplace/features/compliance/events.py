"""What compliance announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExposureRecorded:
    """A quantity of a store and month was recorded or corrected."""

    store_id: int
    program: str
    month: int
