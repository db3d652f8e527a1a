"""Says what a case waits for, who holds it and until when; derived from facts, never clicked.

Pure. A complaint and a finding are two questions: a case is closed when both are answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.base.clock import civil_day
from marketplace.base.errors import Refused
from marketplace.features.complaints.kinds import (
    CaseStep,
    ComplaintStatus,
    NoticeState,
    SellerAnswer,
    Turn,
)

_HELD_BY = {
    CaseStep.SELLER: Turn.SELLER,
    CaseStep.COURT: Turn.COMPLAINANT,
    CaseStep.DECIDE: Turn.SECOND_PERSON,
    CaseStep.CLOSED: Turn.NOBODY,
}
_ORDER = (
    CaseStep.PASS_ON, CaseStep.FORWARD, CaseStep.ANSWER, CaseStep.SELLER, CaseStep.COURT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """One complaint of a case; `state` is None where nobody is to be told before the answer."""

    status: ComplaintStatus
    state: NoticeState | None
    answer: SellerAnswer | None
    due_on: date
    seller_due_on: date | None
    wait_until: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a case waits for; `due_on` is the last day for it."""

    step: CaseStep
    turn: Turn
    due_on: date


def standing_of(
    questions: Iterable[Question],
    *,
    closed: bool,
    case_due_on: date,
    finding: str | None,
    heard: bool,
    hearing_due_on: date | None = None,
    day: date,
) -> Standing:
    """Return the standing of a case on a day.

    `finding` is the status of its finding, None where none was recorded. Until `hearing_due_on`
    it is the owner's turn to speak; after it the office notes that he said nothing.
    """
    if closed:
        return _standing(CaseStep.CLOSED, case_due_on)
    steps = {q: step_of(q, day) for q in questions if q.status is ComplaintStatus.OPEN}
    for step in _ORDER:
        due = [_due(q, step) for q, found in steps.items() if found is step]
        if due:
            return _standing(step, min(due))
    if finding == "suspected" and not heard:
        if hearing_due_on is not None and day <= hearing_due_on:
            return Standing(CaseStep.HEAR, Turn.SELLER, hearing_due_on)
        return _standing(CaseStep.HEAR, hearing_due_on or case_due_on)
    if finding == "suspected":
        return _standing(CaseStep.DECIDE, case_due_on)
    return _standing(CaseStep.FIND_OR_CLOSE, case_due_on)


def step_of(question: Question, day: date) -> CaseStep:
    """Return what one open complaint waits for."""
    match question.state:
        case NoticeState.RECEIVED:
            return CaseStep.FORWARD
        case NoticeState.COUNTERED:
            return CaseStep.PASS_ON
        case NoticeState.WAITING:
            return CaseStep.COURT
        case NoticeState.FORWARDED if question.answer is None:
            over = question.seller_due_on is not None and day > question.seller_due_on
            return CaseStep.ANSWER if over else CaseStep.SELLER
        case _:
            return CaseStep.ANSWER


def may_answer(question: Question, day: date) -> None:
    """Refuse to answer a complaint before the seller could speak or while the wait runs.

    Raises:
        Refused: answered already, the seller was not told, may still answer, or the wait runs.
    """
    if question.status is not ComplaintStatus.OPEN:
        raise Refused("complaint_answered")
    match step_of(question, day):
        case CaseStep.FORWARD:
            raise Refused("seller_not_told")
        case CaseStep.SELLER:
            raise Refused("seller_may_answer", until=question.seller_due_on)
        case CaseStep.PASS_ON | CaseStep.COURT:
            raise Refused("counter_notice_running")
        case _:
            return


def _due(question: Question, step: CaseStep) -> date:
    if step is CaseStep.SELLER and question.seller_due_on is not None:
        return question.seller_due_on
    if step is CaseStep.COURT and question.wait_until is not None:
        return civil_day(question.wait_until) - timedelta(days=1)
    return question.due_on


def _standing(step: CaseStep, due_on: date) -> Standing:
    return Standing(step, _HELD_BY.get(step, Turn.OFFICE), due_on)
