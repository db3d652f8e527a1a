"""Decisions minutes after submission, and each person's median time; medians are exact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from marketplace.features.oversight.rules.decisions import Decision


@dataclass(frozen=True, slots=True)
class PersonSpeed:
    """One person: decisions timed, how many were fast, the median; None under the least number."""

    person: int
    timed: int
    fast: int
    median_minutes: float | None


def fast_decisions(decisions: Iterable[Decision], *, minutes: int) -> list[Decision]:
    """Return those decided in less than `minutes`, the fastest first."""
    found = [(d.minutes, d) for d in decisions if d.minutes is not None and d.minutes < minutes]
    found.sort(key=lambda f: (f[0], f[1].kind.value, f[1].entity_id))
    return [d for _, d in found]


def speeds(
    decisions: Iterable[Decision], *, minutes: int, min_decisions: int
) -> list[PersonSpeed]:
    """Return every person with a timed decision, by account; never ordered by speed."""
    took: dict[int, list[float]] = defaultdict(list)
    for d in decisions:
        if d.minutes is not None:
            took[d.by].append(d.minutes)
    return [
        PersonSpeed(
            person=person,
            timed=len(times),
            fast=sum(1 for t in times if t < minutes),
            median_minutes=median(times) if len(times) >= min_decisions else None,
        )
        for person, times in sorted(took.items())
    ]
