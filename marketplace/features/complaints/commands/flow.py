"""Moves notices: forwarded to the seller, his answer, the counter-notice, the wait of the law."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session, col, select

from marketplace.base.access import SYSTEM, Actor, Scope, require
from marketplace.base.clock import Clock, add_working_days, civil_day, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize_prose
from marketplace.features.complaints.events import (
    CounterNoticePassedOn,
    NoticeForwarded,
    SellerAnswered,
    WaitEnded,
)
from marketplace.features.complaints.keeping import (
    next_due,
    note,
    refuse_other_holder,
    trail,
)
from marketplace.features.complaints.kinds import (
    CaseEvent,
    CaseStatus,
    ComplaintStatus,
    FlowEvent,
    NoticeState,
    SellerAnswer,
)
from marketplace.features.complaints.queries.facts import (
    load_case,
    load_complaint,
    scope_of_case,
)
from marketplace.features.complaints.rules import Flow, advance
from marketplace.features.complaints.tables import Complaint, InfringementCase, RightHolder

_LEAST_STATEMENT = 10
_LEAST_REFERENCE = 4


def forward_complaints(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor, case_id: int
) -> int:
    """Tell the seller of every complaint of a case that he does not know yet; return how many.

    Who complains is not told.

    Raises:
        Refused: there is nothing to forward, or the case is closed.
    """
    case, scope = load_case(session, case_id)
    require(actor, "complaints.forward_complaints", scope)
    rows = _open(session, case, NoticeState.RECEIVED)
    if case.status is not CaseStatus.OPEN or not rows:
        raise Refused("nothing_to_forward")
    until = add_working_days(
        today(clock), rulebook.intake.seller_answer_working_days, rulebook.calendar
    )
    for row in rows:
        _advance(row, FlowEvent.FORWARD, rulebook, clock)
        row.forwarded_at = clock.now()
        row.seller_due_on = until
        note(session, clock, actor, case, CaseEvent.FORWARDED, row)
    trail(
        session, clock, actor, "complaints.forward_complaints", case, facts={"count": len(rows)}
    )
    announce(
        session,
        NoticeForwarded(case_id, case.number, case.program, case.operator_id, case.store_id),
    )
    return len(rows)


def answer_case(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    case_id: int,
    answer: SellerAnswer,
    statement: str,
) -> None:
    """Take the seller's answer to the forwarded complaints of a case.

    A counter-notice (不侵权声明) declares not to infringe, with prima facie evidence, and starts
    the way of art. 43; a statement or a correction lets the office answer at once.

    Raises:
        Invalid: under ten characters.
        Refused: nothing was forwarded, or it was answered.
    """
    case, scope = load_case(session, case_id)
    require(actor, "complaints.answer_case", scope)
    said = normalize_prose(statement)
    if not _LEAST_STATEMENT <= len(said) <= 2000:
        raise Invalid([Fault("statement", "text_length", {"low": 10, "high": 2000})])
    rows = [c for c in _open(session, case, NoticeState.FORWARDED) if c.seller_answer is None]
    if not rows:
        raise Refused("nothing_to_answer")
    for row in rows:
        if answer is SellerAnswer.COUNTER_NOTICE and row.holder_id is not None:
            _advance(row, FlowEvent.COUNTER, rulebook, clock)
        row.seller_answer = answer
        row.seller_text = said
        row.seller_answered_at = clock.now()
    note(session, clock, actor, case, CaseEvent.SELLER_ANSWERED, text=said)
    trail(
        session, clock, actor, "complaints.answer_case", case,
        facts={"answer": answer, "count": len(rows)},
    )  # fmt: skip
    announce(
        session,
        SellerAnswered(
            case_id, case.number, case.program, scope.district,
            answer is SellerAnswer.COUNTER_NOTICE,
        ),
    )  # fmt: skip


def pass_on_counter(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor, complaint_id: int
) -> None:
    """Pass a counter-notice on to the complainant; from now he has the days of the law.

    Raises:
        Refused: there is no counter-notice to pass on.
    """
    complaint, case, scope = load_complaint(session, complaint_id)
    require(actor, "complaints.pass_on_counter", scope)
    flow = _advance(complaint, FlowEvent.PASS_ON, rulebook, clock)
    complaint.passed_on_at = clock.now()
    complaint.wait_until = flow.wait_until
    note(session, clock, actor, case, CaseEvent.COUNTER_PASSED_ON, complaint)
    trail(session, clock, actor, "complaints.pass_on_counter", case, complaint=complaint)
    announce(
        session,
        CounterNoticePassedOn(
            case.key,
            complaint.number,
            case.program,
            _account_of(session, complaint),
            last_day_of(complaint).isoformat(),
        ),
    )


def record_proceedings(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    complaint_id: int,
    reference: str,
) -> None:
    """Record that the complainant went to an authority or a court within the wait.

    Raises:
        Refused: no wait runs, or it is over.
        Invalid: without authority and number.
    """
    complaint, case, scope = load_complaint(session, complaint_id)
    require(actor, "complaints.record_proceedings", scope)
    holder = session.get(RightHolder, complaint.holder_id) if complaint.holder_id else None
    refuse_other_holder(actor, holder, "complaint_not_found")
    told = normalize_prose(reference)
    if len(told) < _LEAST_REFERENCE:
        raise Invalid([Fault("proceedings", "field_missing")])
    _advance(complaint, FlowEvent.PROCEEDINGS, rulebook, clock)
    complaint.proceedings = told[:500]
    complaint.ended_at = clock.now()
    complaint.due_on = next_due(rulebook, clock)
    note(session, clock, actor, case, CaseEvent.PROCEEDINGS, complaint)
    trail(session, clock, actor, "complaints.record_proceedings", case, complaint=complaint)
    _tell_end(session, case, complaint, restored=False)


def end_waits(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor = SYSTEM
) -> int:
    """End the waits that ran out without proceedings; return how many. The minute calls it."""
    program = rulebook.program.key
    require(actor, "complaints.end_waits", Scope(program=program))
    due = session.execute(
        select(Complaint)
        .where(
            Complaint.program == program,
            Complaint.state == NoticeState.WAITING,
            col(Complaint.wait_until) <= clock.now(),
        )
        .order_by(col(Complaint.id))
    ).scalars()
    count = 0
    for complaint in list(due):
        case, _ = load_case(session, complaint.case_id)
        _advance(complaint, FlowEvent.TIME, rulebook, clock)
        complaint.ended_at = clock.now()
        complaint.due_on = next_due(rulebook, clock)
        note(session, clock, actor, case, CaseEvent.WAIT_ENDED, complaint)
        trail(session, clock, actor, "complaints.end_waits", case, complaint=complaint)
        _tell_end(session, case, complaint, restored=True)
        count += 1
    return count


def _open(session: Session, case: InfringementCase, state: NoticeState) -> list[Complaint]:
    return list(
        session.execute(
            select(Complaint)
            .where(
                Complaint.case_id == case.key,
                Complaint.status == ComplaintStatus.OPEN,
                Complaint.state == state,
            )
            .order_by(col(Complaint.id))
        ).scalars()
    )


def _advance(complaint: Complaint, event: FlowEvent, rulebook: Rulebook, clock: Clock) -> Flow:
    if complaint.state is None:
        raise Refused("notice_step", state="", event=event.value)
    flow = advance(
        Flow(complaint.state, complaint.wait_until),
        event,
        at=clock.now(),
        wait_days=rulebook.intake.counter_wait_days,
        calendar=rulebook.calendar,
    )
    complaint.state = flow.state
    return flow


def _tell_end(
    session: Session, case: InfringementCase, complaint: Complaint, *, restored: bool
) -> None:
    scope = scope_of_case(session, case)
    announce(
        session,
        WaitEnded(
            case_id=case.key,
            number=case.number,
            complaint_number=complaint.number,
            program=case.program,
            district=scope.district,
            operator_id=case.operator_id,
            account_id=_account_of(session, complaint),
            restored=restored,
        ),
    )


def _account_of(session: Session, complaint: Complaint) -> int | None:
    if complaint.holder_id is None:
        return None
    holder = session.get(RightHolder, complaint.holder_id)
    return holder.account_id if holder else None


def last_day_of(complaint: Complaint) -> date:
    """Return the last civil day of a wait that runs."""
    if complaint.wait_until is None:
        return civil_day(complaint.received_at)
    return civil_day(complaint.wait_until) - timedelta(days=1)
