"""How long answers took: exact order statistics over what was answered, and who still waits.

Pure. A quantile of the answered alone flatters a desk that lets hard ones lie, so the number still
waiting and the longest wait always stand beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.base.clock import WorkCalendar, working_days_between


@dataclass(frozen=True, slots=True)
class Handled:
    """One complaint: when it came, when it was answered if it was, and whether upheld."""

    received_on: date
    answered_on: date | None
    upheld: bool


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """Working days from receipt to answer; None where nothing was answered or waits."""

    received: int
    answered: int
    upheld: int
    median_days: int | None
    ninetieth_days: int | None
    waiting: int
    longest_waiting_days: int | None


def answer_times(rows: Iterable[Handled], *, day: date, calendar: WorkCalendar) -> AnswerTimes:
    """Return the answer times as of a day; the same day is 0 working days."""
    rows = list(rows)
    took = sorted(
        working_days_between(r.received_on, r.answered_on, calendar)
        for r in rows
        if r.answered_on is not None
    )
    waits = [
        working_days_between(r.received_on, day, calendar)
        for r in rows
        if r.answered_on is None
    ]
    return AnswerTimes(
        received=len(rows),
        answered=len(took),
        upheld=sum(1 for r in rows if r.answered_on is not None and r.upheld),
        median_days=quantile(took, 0.5),
        ninetieth_days=quantile(took, 0.9),
        waiting=len(waits),
        longest_waiting_days=max(waits, default=None),
    )


def quantile(in_order: Sequence[int], share: float) -> int | None:
    """Return the smallest value that at least `share` of them do not exceed; None of nothing."""
    if not in_order:
        return None
    place = math.ceil(round(share * len(in_order), 9))
    return in_order[max(place, 1) - 1]
