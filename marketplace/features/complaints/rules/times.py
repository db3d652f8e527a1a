"""How long answers took, and who still waits: every complaint is a wait, ended or not.

Pure. A median of the answered alone flatters a desk that lets hard ones lie, so it is left to
Kaplan-Meier, over all waits.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    """Counts, and every wait in working days from receipt with whether its answer came.

    `longest_waiting_days` is of those without an answer; None where nobody waits.
    """

    received: int
    answered: int
    upheld: int
    waiting: int
    longest_waiting_days: int | None
    waits: tuple[tuple[int, bool], ...]


def answer_times(rows: Iterable[Handled], *, day: date, calendar: WorkCalendar) -> AnswerTimes:
    """Return the answer times as of a day; the same day is 0 working days."""
    rows = list(rows)
    waits = tuple(
        (
            working_days_between(r.received_on, r.answered_on or day, calendar),
            r.answered_on is not None,
        )
        for r in rows
    )
    still = [days for days, ended in waits if not ended]
    return AnswerTimes(
        received=len(rows),
        answered=len(rows) - len(still),
        upheld=sum(1 for r in rows if r.answered_on is not None and r.upheld),
        waiting=len(still),
        longest_waiting_days=max(still, default=None),
        waits=waits,
    )
