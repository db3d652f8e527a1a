"""Takes complaints back for their author: one, or all of a notice that nobody has answered.

A case that holds nothing else and that nobody took up is closed with it.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.features.complaints.keeping import (
    note,
    reason_of,
    refuse_other_holder,
    trail,
)
from marketplace.features.complaints.kinds import (
    CaseEvent,
    CaseStatus,
    ComplaintStatus,
    FlowEvent,
    NoticeState,
)
from marketplace.features.complaints.queries.facts import load_complaint, scope_of_case
from marketplace.features.complaints.rules import Flow, advance
from marketplace.features.complaints.tables import (
    Complaint,
    InfringementCase,
    Notice,
    RightHolder,
)

# The wait of the law has ended there; what follows is no longer the complainant's to stop.
_OVER = frozenset({NoticeState.RESTORED, NoticeState.MAINTAINED})


def withdraw_complaint(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    complaint_id: int,
    reason: str,
) -> None:
    """Take one's own complaint back before it is answered.

    Raises:
        Refused: answered already, after the wait ended, or without a reason.
    """
    complaint, case, scope = load_complaint(session, complaint_id)
    require(actor, "complaints.withdraw_complaint", scope)
    holder = session.get(RightHolder, complaint.holder_id) if complaint.holder_id else None
    refuse_other_holder(actor, holder, "complaint_not_found")
    if complaint.status is not ComplaintStatus.OPEN:
        raise Refused("complaint_answered")
    told = reason_of(reason)
    _withdraw(session, rulebook, clock, actor, complaint, case, told)
    trail(
        session, clock, actor, "complaints.withdraw_complaint", case, complaint=complaint,
        reason=told,
    )  # fmt: skip


def withdraw_notice(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    notice_id: int,
    reason: str,
) -> int:
    """Take back what is still open of one's own notice; return how many listings that were.

    What was answered, and where the wait of the law has ended, stays as it is.

    Raises:
        Refused: nothing is left to take back, or without a reason.
        NotFound: there is none, or one of its cases is out of reach.
    """
    notice = session.get(Notice, notice_id)
    require(
        actor, "complaints.withdraw_notice", Scope(program=notice.program if notice else None)
    )
    if notice is None:
        raise NotFound("notice_not_found", notice_id=notice_id)
    refuse_other_holder(actor, session.get(RightHolder, notice.holder_id), "notice_not_found")
    told = reason_of(reason)
    rows = session.execute(
        select(Complaint, InfringementCase)
        .join(InfringementCase, col(Complaint.case_id) == col(InfringementCase.id))
        .where(Complaint.notice_id == notice_id, Complaint.status == ComplaintStatus.OPEN)
        .order_by(col(Complaint.id))
    ).all()
    taken = [(row[0], row[1]) for row in rows if row[0].state not in _OVER]
    if not taken:
        raise Refused("notice_nothing_open", number=notice.number)
    for _, case in taken:
        require(actor, "complaints.withdraw_notice", scope_of_case(session, case))
    for complaint, case in taken:
        _withdraw(session, rulebook, clock, actor, complaint, case, told)
    # One entry of the notice, as filing it left one.
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="complaints.withdraw_notice",
        subject=f"notice:{notice.key}",
        program=notice.program,
        reason=told,
        facts={"complaints": [complaint.number for complaint, _ in taken]},
    )
    return len(taken)


def _withdraw(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    actor: Actor,
    complaint: Complaint,
    case: InfringementCase,
    told: str,
) -> None:
    untouched = complaint.state is NoticeState.RECEIVED
    if complaint.state is not None:
        complaint.state = advance(
            Flow(complaint.state, complaint.wait_until),
            FlowEvent.WITHDRAW,
            at=clock.now(),
            wait_days=rulebook.intake.counter_wait_days,
            calendar=rulebook.calendar,
        ).state
    complaint.status = ComplaintStatus.WITHDRAWN
    complaint.reason = told
    complaint.ended_at = clock.now()
    note(session, clock, actor, case, CaseEvent.WITHDRAWN, complaint)
    if untouched and _holds_nothing_else(session, case, actor):
        # Else an officer would close by hand what nobody but its author ever looked at.
        case.status = CaseStatus.NOT_FOUND
        case.closed_at = clock.now()
        case.closed_by = actor.account_id
        case.reason = told[:1000]
        note(session, clock, actor, case, CaseEvent.TAKEN_BACK, text=told)


def _holds_nothing_else(session: Session, case: InfringementCase, actor: Actor) -> bool:
    """Tell whether the author's own complaint is all there ever was to a case."""
    taken_up = case.officer_id is not None or case.finding_id is not None
    if taken_up or case.opened_by != actor.account_id or case.status is not CaseStatus.OPEN:
        return False
    session.flush()
    others = session.execute(
        sa.select(sa.func.count())
        .select_from(Complaint)
        .where(
            col(Complaint.case_id) == case.key,
            col(Complaint.status) != ComplaintStatus.WITHDRAWN,
        )
    ).scalar_one()
    return int(others) == 0
