"""What the compliance score announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DisputeDecided:
    """An owner's dispute of a component was answered."""

    dispute_id: int
    operator_id: int
    program: str
    accepted: bool
