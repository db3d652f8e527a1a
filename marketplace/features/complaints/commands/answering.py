"""Answers complaints: upheld and counted, or refused with how to cure; taken back; marked.

An upheld complaint is not a finding: both are decisions of a person, each with its reason.
"""

from __future__ import annotations

from sqlmodel import Session, select

from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, civil_day, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.complaints.events import ComplaintAnswered, NoticeMarked
from marketplace.features.complaints.keeping import next_due, note, reason_of, settle, trail
from marketplace.features.complaints.kinds import CaseEvent, ComplaintStatus, RefusalCode
from marketplace.features.complaints.queries.facts import load_complaint, question_of
from marketplace.features.complaints.rules import may_answer
from marketplace.features.complaints.tables import Complaint, InfringementCase, RightHolder
from marketplace.features.enforcement.commands import (
    TimeZero,
    count_complaint,
    reverse_complaint,
)


def uphold_complaint(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    complaint_id: int,
    reason: str,
    time_zero: TimeZero,
) -> bool:
    """Uphold a complaint and count it against the store, in one transaction.

    Counted where it names a brand and the operator was enrolled by today, as findings are scored
    (domain §3a). Returns whether it was counted.

    Raises:
        Refused: answered already, the seller could not speak yet, by whoever took it in, or
            without a reason.
    """
    complaint, case, scope = load_complaint(session, complaint_id)
    require(actor, "complaints.uphold_complaint", scope)
    may_answer(question_of(complaint), today(clock))
    if complaint.received_by is not None and complaint.received_by == actor.account_id:
        raise Refused("author_never_decides")
    told = reason_of(reason)
    complaint.status = ComplaintStatus.UPHELD
    complaint.reason = told
    _answered(complaint, clock, actor)
    case.due_on = next_due(rulebook, clock)
    complaint.counted = _counts(session, clock, complaint, time_zero)
    session.flush()
    if complaint.counted:
        count_complaint(
            session,
            rulebook,
            clock=clock,
            actor=actor,
            store_id=complaint.store_id,
            brand=complaint.brand,
            complaint_ref=complaint.number,
            on=civil_day(case.opened_at),
        )
    note(session, clock, actor, case, CaseEvent.UPHELD, complaint, told)
    trail(
        session, clock, actor, "complaints.uphold_complaint", case, complaint=complaint,
        reason=told, facts={"counted": complaint.counted},
    )  # fmt: skip
    _tell(session, case, complaint, "upheld")
    settle(session, clock, actor, case)
    return complaint.counted


def refuse_complaint(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    complaint_id: int,
    code: RefusalCode,
    reason: str,
    next_step: str,
) -> None:
    """Refuse a complaint: why, in words, and what would cure it. A cured one keeps its thread.

    Raises:
        Refused: answered already, or while a counter-notice runs.
        Invalid: reason under the program's length, or no next step; both said at once.
    """
    complaint, case, scope = load_complaint(session, complaint_id)
    require(actor, "complaints.refuse_complaint", scope)
    question = question_of(complaint)
    if question.state is None or question.status is not ComplaintStatus.OPEN:
        may_answer(question, today(clock))
    if question.state is not None and question.state.value in {"countered", "waiting"}:
        raise Refused("counter_notice_running")
    least = rulebook.intake.refusal_min_characters
    told, cure = normalize_prose(reason), normalize(next_step)
    faults = []
    if len(told) < least:
        faults.append(
            Fault("refusal_reason", "refusal_short", {"least": least, "given": len(told)})
        )
    if len(cure) < 4:
        faults.append(Fault("next_step", "field_missing"))
    if faults:
        raise Invalid(faults)
    complaint.status = ComplaintStatus.REFUSED
    complaint.refusal = code
    complaint.reason = told[:1000]
    complaint.next_step = cure[:500]
    _answered(complaint, clock, actor)
    case.due_on = next_due(rulebook, clock)
    note(session, clock, actor, case, CaseEvent.REFUSED, complaint, told[:1000])
    trail(
        session, clock, actor, "complaints.refuse_complaint", case, complaint=complaint,
        reason=told[:1000], facts={"code": code},
    )  # fmt: skip
    _tell(session, case, complaint, "refused")
    settle(session, clock, actor, case)


def reverse_answer(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    complaint_id: int,
    reason: str,
) -> None:
    """Take an upheld complaint back; what it counted is reversed in the ledger.

    Raises:
        Refused: not upheld, by whoever took it in or upheld it, or without a reason.
    """
    complaint, case, scope = load_complaint(session, complaint_id)
    require(actor, "complaints.reverse_answer", scope)
    if complaint.status is not ComplaintStatus.UPHELD:
        raise Refused("complaint_not_upheld")
    if actor.account_id in {None, complaint.received_by, complaint.answered_by}:
        raise Refused("author_never_decides")
    _reverse(session, rulebook, clock, actor, complaint, case, reason_of(reason))


def reverse_answer_of(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    by: Actor,
    program: str,
    number: str,
    reason: str,
) -> bool:
    """Take an upheld complaint back by its number; a step of an upheld appeal.

    Returns False where the ledger has counted something that is no complaint kept here.
    """
    complaint = session.execute(
        select(Complaint).where(Complaint.program == program, Complaint.number == number)
    ).scalar()
    if complaint is None:
        return False
    if complaint.status is ComplaintStatus.UPHELD:
        complaint, case, _scope = load_complaint(session, complaint.key)
        _reverse(session, rulebook, clock, by, complaint, case, reason_of(reason))
    return True


def _reverse(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    who: Actor,
    complaint: Complaint,
    case: InfringementCase,
    told: str,
) -> None:
    complaint.status = ComplaintStatus.REVERSED
    if complaint.counted:
        reverse_complaint(
            session, rulebook, clock=clock, actor=who, complaint_ref=complaint.number
        )
    note(session, clock, who, case, CaseEvent.REVERSED, complaint, told)
    trail(
        session, clock, who, "complaints.reverse_answer", case, complaint=complaint,
        reason=told,
    )  # fmt: skip
    _tell(session, case, complaint, "reversed")


def mark_malicious(
    session: Session, *, clock: Clock, actor: Actor, complaint_id: int, reason: str
) -> None:
    """Mark a refused complaint as made in bad faith; its author sees the mark and the reason.

    Raises:
        Refused: not refused, marked already, by whoever refused it, or without a reason.
    """
    complaint, case, scope = load_complaint(session, complaint_id)
    require(actor, "complaints.mark_malicious", scope)
    if complaint.status is not ComplaintStatus.REFUSED:
        raise Refused("malicious_needs_refusal")
    if complaint.malicious_at is not None:
        raise Refused("decided_already")
    if actor.account_id == complaint.answered_by:
        raise Refused("author_never_decides")
    told = reason_of(reason)
    complaint.malicious_at = clock.now()
    complaint.malicious_by = actor.account_id
    complaint.malicious_reason = told
    note(session, clock, actor, case, CaseEvent.MALICIOUS, complaint, told)
    trail(
        session,
        clock,
        actor,
        "complaints.mark_malicious",
        case,
        complaint=complaint,
        reason=told,
    )
    _tell_mark(session, case, complaint, marked=True)


def lift_malicious(
    session: Session, *, clock: Clock, actor: Actor, complaint_id: int, reason: str
) -> None:
    """Take the mark of bad faith away.

    Raises:
        Refused: not marked, or without a reason.
    """
    complaint, case, scope = load_complaint(session, complaint_id)
    require(actor, "complaints.lift_malicious", scope)
    if complaint.malicious_at is None:
        raise Refused("not_marked")
    told = reason_of(reason)
    complaint.malicious_at = None
    complaint.malicious_by = None
    complaint.malicious_reason = None
    note(session, clock, actor, case, CaseEvent.MALICIOUS_LIFTED, complaint, told)
    trail(
        session,
        clock,
        actor,
        "complaints.lift_malicious",
        case,
        complaint=complaint,
        reason=told,
    )
    _tell_mark(session, case, complaint, marked=False)


def _answered(complaint: Complaint, clock: Clock, actor: Actor) -> None:
    complaint.answered_at = clock.now()
    complaint.answered_by = actor.account_id


def _counts(session: Session, clock: Clock, complaint: Complaint, time_zero: TimeZero) -> bool:
    if not complaint.brand or complaint.operator_id is None:
        return False
    enrolled_on = time_zero(session, complaint.operator_id)
    return enrolled_on is not None and civil_day(clock.now()) >= enrolled_on


def _tell(session: Session, case: InfringementCase, complaint: Complaint, outcome: str) -> None:
    announce(
        session,
        ComplaintAnswered(
            case_id=case.key,
            number=case.number,
            complaint_number=complaint.number,
            program=case.program,
            operator_id=case.operator_id,
            account_id=_account(session, complaint),
            outcome=outcome,
        ),
    )


def _tell_mark(
    session: Session, case: InfringementCase, complaint: Complaint, *, marked: bool
) -> None:
    account = _account(session, complaint)
    announce(session, NoticeMarked(complaint.number, case.program, account, marked))


def _account(session: Session, complaint: Complaint) -> int | None:
    holder = session.get(RightHolder, complaint.holder_id) if complaint.holder_id else None
    return holder.account_id if holder else None
