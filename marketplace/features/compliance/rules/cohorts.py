"""Cohorts by entry date: those who enrolled in the same months, each with its own before and after.

Pure. A cohort under the stated minimum is counted and not compared: few firms tell their own
story, not that of a time of entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from marketplace.features.compliance.rules.comparison import Comparison, Title, compare
from marketplace.features.compliance.rules.refusal import Refusal, Why
from marketplace.features.compliance.rules.sides import Watched


@dataclass(frozen=True, slots=True)
class Cohort:
    """Who entered from month `start` through `end` (both inclusive); compared unless refused."""

    start: int
    end: int
    comparison: Comparison
    refused: Refusal | None = None


def by_entry(
    watched: Sequence[Watched],
    *,
    months: int,
    min_operators: int,
    dispersion: float,
    lead_months: int = 3,
    level: float = 0.95,
    effort_fell: bool = False,
) -> tuple[Cohort, ...]:
    """Return cohorts of `months` months of entry, earliest first; those not enrolled in none.

    `effort_fell` tells that the program looked less in a measure that is not split by cohort: then
    none of them is said to have fallen, as of the other figures of the program.

    Cohorts begin where a year is divided by `months`, so that half-years begin in January and July.
    """
    groups: dict[int, list[Watched]] = {}
    for w in watched:
        if w.zero is not None:
            groups.setdefault(w.zero // months * months, []).append(w)

    def compared(group: Sequence[Watched]) -> Comparison:
        found = compare(group, dispersion=dispersion, lead_months=lead_months, level=level)
        if effort_fell and found.title is Title.FELL:
            return replace(found, title=Title.FELL_WITH_LESS_EFFORT)
        return found

    return tuple(
        Cohort(
            start,
            start + months - 1,
            compared(group),
            Refusal(Why.FEW_OPERATORS, min_operators, len(group))
            if len(group) < min_operators
            else None,
        )
        for start, group in sorted(groups.items())
    )
