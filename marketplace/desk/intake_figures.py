"""Figures about intake: how fast it answers, whether enrollment shields, how reliable complainants are.

Enrollment is no shield: both groups stand side by side, split by what the operator was on the day
the complaint came in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from sqlmodel import Session

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.complaints.queries import (
    HandledRow,
    Reliability,
    list_complainants,
    list_handled,
    reliability_of_self,
)
from marketplace.features.complaints.rules import AnswerTimes, answer_times
from marketplace.features.compliance.rules.intervals import Interval, proportion_interval
from marketplace.features.compliance.rules.waiting import Wait, ninetieth, waiting_time
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.progress.queries import Membership, find_membership


@dataclass(frozen=True, slots=True)
class Group:
    """One group's answer times and its upheld share with n and exact 95 % interval.

    `median_days` and `ninetieth_days` are working days by Kaplan-Meier: those still waiting count
    as waiting. None where too few were answered, or that share has no answer yet. `rows` are the
    complaints all this is of.
    """

    name: str
    times: AnswerTimes
    median_days: int | None
    ninetieth_days: int | None
    upheld_interval: Interval | None
    rows: tuple[HandledRow, ...] = ()

    def among(self, state: AnswerState) -> tuple[HandledRow, ...]:
        """Return the complaints that a count of `times` counts, the longest waiting first."""
        return tuple(
            sorted(
                (r for r in self.rows if _is_in(state, r)),
                key=lambda r: (r.handled.answered_on is not None, r.handled.received_on),
            )
        )


class AnswerState(StrEnum):
    """Which complaints a count of answer times counts."""

    RECEIVED = "received"
    ANSWERED = "answered"
    WAITING = "waiting"
    UPHELD = "upheld"


def _is_in(state: AnswerState, row: HandledRow) -> bool:
    answered = row.handled.answered_on is not None
    match state:
        case AnswerState.RECEIVED:
            return True
        case AnswerState.ANSWERED:
            return answered
        case AnswerState.WAITING:
            return not answered
        case AnswerState.UPHELD:
            return answered and row.handled.upheld
        case _:
            assert_never(state)


@dataclass(frozen=True, slots=True)
class IntakeFigures:
    """All complaints, enrolled against not, and by origin; as of a day."""

    day: date
    all: Group
    by_enrollment: tuple[Group, Group]
    by_origin: tuple[Group, ...]

    def group(self, name: str) -> Group | None:
        """Return a group by its name; None where there is none."""
        every = (self.all, *self.by_enrollment, *self.by_origin)
        return next((g for g in every if g.name == name), None)


@dataclass(frozen=True, slots=True)
class Reliable:
    """A complainant's counts with the interval of his upheld share; None without answers.

    `is_judged` is False below the program's least number.
    """

    counts: Reliability
    interval: Interval | None
    is_judged: bool


def intake_figures(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock
) -> IntakeFigures:
    """Return answer times and upheld shares as of today; withdrawn complaints are left out."""
    program = rulebook.program.key
    require(actor, "desk.intake_figures", Scope(program=program))
    rows = list_handled(session, actor, program=program)
    day = today(clock)

    memberships: dict[int, Membership | None] = {}

    def was_enrolled(row: HandledRow) -> bool:
        if row.operator_id is None:
            return False
        if row.operator_id not in memberships:
            memberships[row.operator_id] = find_membership(session, row.operator_id)
        found = memberships[row.operator_id]
        return found is not None and found.holds(row.handled.received_on)

    def group(name: str, meets: Callable[[HandledRow], bool]) -> Group:
        return group_of(name, [r for r in rows if meets(r)], day, rulebook)

    return IntakeFigures(
        day=day,
        all=group("all", lambda r: True),
        by_enrollment=(
            group("enrolled", was_enrolled),
            group("not_enrolled", lambda r: not was_enrolled(r)),
        ),
        by_origin=tuple(
            group(origin.value, lambda r, o=origin: r.origin is o)  # type: ignore[misc]
            for origin in Origin
            if any(r.origin is origin for r in rows)
        ),
    )


def own_reliability(session: Session, actor: Actor, rulebook: Rulebook) -> Reliable | None:
    """Return how one's own complaints fared; None for an account without a right holder."""
    require(actor, "desk.own_reliability", Scope(program=rulebook.program.key))
    counts = reliability_of_self(session, actor, program=rulebook.program.key)
    return None if counts is None else _reliable(counts, rulebook)


def complainants(session: Session, actor: Actor, rulebook: Rulebook) -> list[Reliable]:
    """Return every complainant's standing by name, never by rate."""
    require(actor, "desk.complainants", Scope(program=rulebook.program.key))
    found = list_complainants(session, actor, program=rulebook.program.key)
    return [_reliable(counts, rulebook) for counts in found]


def _reliable(counts: Reliability, rulebook: Rulebook) -> Reliable:
    return Reliable(
        counts=counts,
        interval=proportion_interval(counts.upheld, counts.answered),
        is_judged=counts.answered >= rulebook.intake.min_answered_for_rate,
    )


def group_of(name: str, rows: Sequence[HandledRow], day: date, rulebook: Rulebook) -> Group:
    """Return the times of some complaints as of a day."""
    times = answer_times([r.handled for r in rows], day=day, calendar=rulebook.calendar)
    curve = waiting_time(
        [Wait(days, ended) for days, ended in times.waits],
        level=rulebook.compliance.interval_level,
        min_ended=rulebook.methods.min_ended_waits,
    )
    return Group(
        name,
        times,
        None if curve.median_days is None else round(curve.median_days),
        ninetieth(curve),
        proportion_interval(times.upheld, times.answered),
        tuple(rows),
    )
