"""Where a factory stands on the ladder: a partial order of conditions, never a click order.

A state is derived from facts each time it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.base.rulebook import Condition, Rulebook
from marketplace.features.progress.kinds import CertificationStatus


class StepState(StrEnum):
    """How a condition stands for a factory today."""

    DONE = "done"
    REVIEW = "review"  # submitted, the office has it
    RETURNED = "returned"  # the owner has it again
    OPEN = "open"  # can be done now
    BLOCKED = "blocked"  # something before it is missing
    WAITING = "waiting"  # somebody outside has it


@dataclass(frozen=True, slots=True)
class ConditionFacts:
    """What is known of one condition of one factory."""

    status: CertificationStatus | None
    since: date | None = None
    due_on: date | None = None
    valid_until: date | None = None
    note: str | None = None
    certification_id: int | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One condition as a person reads it: state, who has it, until when, what it waits for."""

    key: str
    milestone: bool
    state: StepState
    since: date | None
    due_on: date | None
    valid_until: date | None
    holder: str
    missing: tuple[str, ...]
    note: str | None
    certification_id: int | None


def holds(facts: ConditionFacts | None, day: date) -> bool:
    """Tell whether a condition is met on a day; its validity ends exclusively."""
    if facts is None or facts.status is not CertificationStatus.APPROVED:
        return False
    return facts.valid_until is None or facts.valid_until > day


def held_conditions(facts: Mapping[str, ConditionFacts], day: date) -> frozenset[str]:
    """Return the conditions met on a day."""
    return frozenset(key for key, known in facts.items() if holds(known, day))


def steps(
    rulebook: Rulebook, facts: Mapping[str, ConditionFacts], day: date
) -> tuple[Step, ...]:
    """Return every condition and milestone in a fitting order, with who has it."""
    held = held_conditions(facts, day)
    return tuple(
        _step(rulebook, condition, facts.get(condition.key), held, day)
        for condition in rulebook.conditions_in_order()
    )


def may_be_second(rulebook: Rulebook, *, first: str | None, second: str) -> bool:
    """Tell whether a login may confirm what another approved first, where two decide.

    The program file names the second person of a role and of its deputies; a colleague of the
    same desk is not one. Whoever the file does not name is only held to be somebody else.
    """
    named = [p for p in rulebook.people if p.second_person is not None]
    pairs = [({*p.logins, *p.deputies}, p.second_person) for p in named]
    if not any(first in desk or first == other for desk, other in pairs):
        return first != second
    return any(
        (first in desk and second == other) or (second in desk and first == other)
        for desk, other in pairs
    )


def next_steps(found: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return what the owner can do now, conditions before milestones, returned ones first."""
    mine = [s for s in found if s.state in {StepState.OPEN, StepState.RETURNED}]
    return tuple(sorted(mine, key=lambda s: (s.milestone, s.state is not StepState.RETURNED)))


def _step(
    rulebook: Rulebook,
    condition: Condition,
    known: ConditionFacts | None,
    held: frozenset[str],
    day: date,
) -> Step:
    missing = tuple(key for key in condition.needs if key not in held)
    state, holder = _state(condition.waits_on, known, missing, met=condition.key in held)
    return Step(
        key=condition.key,
        milestone=condition.kind.value == "milestone",
        state=state,
        since=known.since if known else None,
        due_on=known.due_on if known and state is StepState.REVIEW else None,
        valid_until=known.valid_until if known else None,
        holder=holder,
        missing=missing,
        note=known.note if known and state is StepState.RETURNED else None,
        certification_id=known.certification_id if known else None,
    )


def _state(
    waits_on: str, known: ConditionFacts | None, missing: tuple[str, ...], *, met: bool
) -> tuple[StepState, str]:
    if met:
        return StepState.DONE, "nobody"
    status = known.status if known else None
    if known is not None and known.waits:
        return StepState.WAITING, waits_on
    if status is CertificationStatus.SUBMITTED:
        return StepState.REVIEW, "officer"
    if status in {CertificationStatus.RETURNED, CertificationStatus.REFUSED}:
        return StepState.RETURNED, "factory"
    if missing:
        return StepState.BLOCKED, "factory"
    return StepState.OPEN, "factory"
