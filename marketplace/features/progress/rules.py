"""Where a factory stands on the ladder: a partial order of conditions, never a click order.

A state is derived from facts each time it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
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
    """What is known of one condition of one factory; `renewal` is a submission beside an approval."""

    status: CertificationStatus | None
    since: date | None = None
    due_on: date | None = None
    valid_until: date | None = None
    note: str | None = None
    certification_id: int | None = None
    waits: bool = False
    renewal: CertificationStatus | None = None
    renewal_due_on: date | None = None
    renewal_note: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One condition as a person reads it: state, who has it, until when, what it waits for.

    `renewal` says of a met condition that ends soon how its renewal stands: open, in review or
    returned; None while there is nothing to renew.
    """

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
    renewal: StepState | None = None


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
    """Return what the firm can do now, the most pressing first.

    Conditions before milestones; returned ones, then those that end soon (soonest first), then
    open ones.
    """
    return tuple(sorted((s for s in found if is_for_firm(s)), key=_pressing))


def is_for_firm(step: Step) -> bool:
    """Tell whether a step, or its renewal, is the firm's to do now."""
    mine = {StepState.OPEN, StepState.RETURNED}
    return step.holder == "factory" and (step.state in mine or step.renewal in mine)


def _pressing(step: Step) -> tuple[bool, int, date]:
    returned = StepState.RETURNED in {step.state, step.renewal}
    rank = 0 if returned else 1 if step.renewal else 2
    return (
        step.milestone,
        rank,
        step.valid_until if step.renewal and step.valid_until else date.max,
    )


def _step(
    rulebook: Rulebook,
    condition: Condition,
    known: ConditionFacts | None,
    held: frozenset[str],
    day: date,
) -> Step:
    missing = tuple(key for key in condition.needs if key not in held)
    met = condition.key in held
    state, holder = _state(condition, known, missing, met=met)
    renewal = _renewal(rulebook, known, day) if met else None
    if renewal is not None:
        holder = "officer" if renewal is StepState.REVIEW else _sender(condition)
    returned = StepState.RETURNED in {state, renewal}
    return Step(
        key=condition.key,
        milestone=condition.kind.value == "milestone",
        state=state,
        since=known.since if known else None,
        due_on=_due(known, state, renewal),
        valid_until=known.valid_until if known else None,
        holder=holder,
        missing=missing,
        note=(known.renewal_note if renewal else known.note) if known and returned else None,
        certification_id=known.certification_id if known else None,
        renewal=renewal,
    )


def _renewal(rulebook: Rulebook, known: ConditionFacts | None, day: date) -> StepState | None:
    if known is None:
        return None
    if known.renewal is CertificationStatus.SUBMITTED:
        return StepState.REVIEW
    if known.valid_until is None:
        return None
    if known.valid_until - day > timedelta(days=rulebook.tracking.renewal_days):
        return None
    sent_back = {CertificationStatus.RETURNED, CertificationStatus.REFUSED}
    return StepState.RETURNED if known.renewal in sent_back else StepState.OPEN


def _due(
    known: ConditionFacts | None, state: StepState, renewal: StepState | None
) -> date | None:
    if known is None:
        return None
    if renewal is StepState.REVIEW:
        return known.renewal_due_on
    return known.due_on if state is StepState.REVIEW else None


def _sender(condition: Condition) -> str:
    return "officer" if condition.handed_in_by == "office" else "factory"


def _state(
    condition: Condition,
    known: ConditionFacts | None,
    missing: tuple[str, ...],
    *,
    met: bool,
) -> tuple[StepState, str]:
    if met:
        return StepState.DONE, "nobody"
    status = known.status if known else None
    if known is not None and known.waits:
        return StepState.WAITING, condition.waits_on
    if status is CertificationStatus.SUBMITTED:
        return StepState.REVIEW, "officer"
    if status in {CertificationStatus.RETURNED, CertificationStatus.REFUSED}:
        return StepState.RETURNED, _sender(condition)
    if missing:
        return StepState.BLOCKED, _sender(condition)
    return StepState.OPEN, _sender(condition)
