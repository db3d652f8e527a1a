"""Says that a figure is refused for want of material, with the minimum and what there was.

The minimums come from the program file; a refusal is an answer to be shown, not an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """What there was too little of."""

    FEW_OPERATORS = "few_operators"
    FEW_FINDINGS = "few_findings"
    FEW_CONTROLS = "few_controls"
    FEW_MONTHS = "few_months"
    FEW_DRAWS = "few_draws"
    FEW_ENDED = "few_ended"
    NOTHING_FOUND = "nothing_found"
    NOTHING_BEFORE = "nothing_before"
    NOT_ESTIMABLE = "not_estimable"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A figure that is not drawn: why, how much is needed, how much there was."""

    why: Why
    needed: int
    found: int
