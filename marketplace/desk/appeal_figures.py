"""How appeals end, with an exact interval beside every share: published, nobody named."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock
from marketplace.features.appeals.queries import Outcomes, count_outcomes
from marketplace.features.compliance.rules.intervals import proportion_interval


@dataclass(frozen=True, slots=True)
class OutcomeFigures:
    """One instance: its counts, the interval of the share upheld, the median days; None at n = 0."""

    counts: Outcomes
    upheld: tuple[float, float] | None
    median_days: float | None


def outcome_figures(
    session: Session, actor: Actor, *, clock: Clock, program: str
) -> list[OutcomeFigures]:
    """Return the figures of every instance, first instance first; who may is asked below."""
    return [
        OutcomeFigures(
            counts=counts,
            upheld=proportion_interval(counts.upheld, counts.decided),
            median_days=statistics.median(counts.days) if counts.days else None,
        )
        for counts in count_outcomes(session, actor, clock=clock, program=program)
    ]
