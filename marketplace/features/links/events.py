"""What links announce."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkReviewOpened:
    """Something tied to a store that was dealt with waits to be looked at."""

    review_id: int
    program: str
    district: str | None
    because: str
    trigger: str


@dataclass(frozen=True, slots=True)
class AffiliateTieChanged:
    """Whether two firms count as affiliates was decided: their tie was cut, or the cut taken back."""

    program: str
