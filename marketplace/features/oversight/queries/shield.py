"""Enrollment is no shield: how long complaints wait and how many are upheld, enrolled against not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.complaints.queries import HandledRow, list_handled
from marketplace.features.compliance.rules.intervals import Interval, proportion_interval
from marketplace.features.compliance.rules.waiting import Wait, WaitingTime, waiting_time
from marketplace.features.progress.queries import find_membership


@dataclass(frozen=True, slots=True)
class ShieldGroup:
    """One group: its waits by Kaplan-Meier in civil days, and its upheld share of the answered.

    `interval` is None while fewer than the program's least number were answered.
    """

    received: int
    answered: int
    upheld: int
    waiting: WaitingTime
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Shield:
    """Both groups, split by what the operator was on the day the complaint came in."""

    day: date
    enrolled: ShieldGroup
    others: ShieldGroup
    least_answered: int
    least_ended: int

    @property
    def is_overlapping(self) -> bool | None:
        """Whether the intervals of the medians share a day; None where one is open or missing."""
        one, other = self.enrolled.waiting, self.others.waiting
        if None in (one.lower_days, one.upper_days, other.lower_days, other.upper_days):
            return None
        low = max(one.lower_days or 0, other.lower_days or 0)
        return low <= min(one.upper_days or 0, other.upper_days or 0)


def compare_enrollment(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    since: date,
    until: date,
) -> Shield:
    """Compare complaints received in a period (both days inclusive), as of today."""
    program = rulebook.program.key
    require(actor, "oversight.compare_enrollment", Scope(program=program))
    rows = [
        r
        for r in list_handled(session, actor, program=program)
        if since <= r.handled.received_on <= until
    ]

    memberships = {
        operator: find_membership(session, operator)
        for operator in {r.operator_id for r in rows if r.operator_id is not None}
    }

    def was_enrolled(row: HandledRow) -> bool:
        found = memberships.get(row.operator_id) if row.operator_id is not None else None
        return found is not None and found.holds(row.handled.received_on)

    day = today(clock)
    least, ended = rulebook.intake.min_answered_for_rate, rulebook.methods.min_ended_waits
    return Shield(
        day=day,
        enrolled=_group([r for r in rows if was_enrolled(r)], day, least, ended),
        others=_group([r for r in rows if not was_enrolled(r)], day, least, ended),
        least_answered=least,
        least_ended=ended,
    )


def _group(rows: Sequence[HandledRow], day: date, least: int, ended: int) -> ShieldGroup:
    answered = [r for r in rows if r.handled.answered_on is not None]
    upheld = sum(1 for r in answered if r.handled.upheld)
    waits = [
        Wait(
            days=float(((r.handled.answered_on or day) - r.handled.received_on).days),
            ended=r.handled.answered_on is not None,
        )
        for r in rows
    ]
    return ShieldGroup(
        received=len(rows),
        answered=len(answered),
        upheld=upheld,
        waiting=waiting_time(waits, min_ended=ended),
        interval=proportion_interval(upheld, len(answered)) if len(answered) >= least else None,
    )
