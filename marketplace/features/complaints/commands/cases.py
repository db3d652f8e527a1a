"""Works a case: who has it, what belongs together, the finding, the end without one."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import Actor, require
from marketplace.base.access.queries import require_officer
from marketplace.base.clock import Clock
from marketplace.base.errors import Refused
from marketplace.base.rulebook import Rulebook
from marketplace.features.complaints.keeping import (
    Listing,
    count_open,
    note,
    reason_of,
    settle,
    start_case,
    trail,
)
from marketplace.features.complaints.kinds import CaseEvent, CaseStatus, ComplaintStatus
from marketplace.features.complaints.queries.facts import load_case, load_complaint
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.commands import TimeZero
from marketplace.features.enforcement.kinds import Intent, Measure


def assign_case(
    session: Session, *, clock: Clock, actor: Actor, case_id: int, officer_id: int
) -> None:
    """Give a case to an officer; the same one again changes nothing.

    Raises:
        Refused: to somebody who could not open it.
    """
    case, scope = load_case(session, case_id)
    require(actor, "complaints.assign_case", scope)
    if case.officer_id == officer_id:
        return
    require_officer(session, officer_id, scope)
    case.officer_id = officer_id
    note(session, clock, actor, case, CaseEvent.ASSIGNED)
    trail(
        session, clock, actor, "complaints.assign_case", case, facts={"officer_id": officer_id}
    )


def join_complaint(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    complaint_id: int,
    case_id: int,
    reason: str,
) -> None:
    """Move an open complaint into another open case of the same store.

    Raises:
        Refused: another store, a closed case, answered already, or without a reason.
    """
    complaint, source, scope = load_complaint(session, complaint_id)
    require(actor, "complaints.join_complaint", scope)
    target, target_scope = load_case(session, case_id)
    require(actor, "complaints.join_complaint", target_scope)
    if complaint.status is not ComplaintStatus.OPEN:
        raise Refused("complaint_answered")
    if target.status is not CaseStatus.OPEN or source.key == target.key:
        raise Refused("case_closed", number=target.number)
    if target.store_id != source.store_id:
        raise Refused("case_of_other_store", number=target.number)
    told = reason_of(reason)
    complaint.case_id = target.key
    note(session, clock, actor, source, CaseEvent.SPLIT, complaint, told)
    note(session, clock, actor, target, CaseEvent.JOINED, complaint, told)
    trail(
        session, clock, actor, "complaints.join_complaint", target, complaint=complaint,
        reason=told, facts={"from": source.number},
    )  # fmt: skip
    session.flush()
    if not count_open(session, source.key) and source.finding_id is None:
        _close(session, clock, actor, source, told)


def split_complaint(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    complaint_id: int,
    reason: str,
) -> int:
    """Undo a join: give an open complaint a case of its own; return it.

    Raises:
        Refused: it is alone in its case, answered already, or without a reason.
    """
    complaint, source, scope = load_complaint(session, complaint_id)
    require(actor, "complaints.split_complaint", scope)
    if complaint.status is not ComplaintStatus.OPEN:
        raise Refused("complaint_answered")
    if count_open(session, source.key) < 2 and source.finding_id is None:
        raise Refused("complaint_alone")
    told = reason_of(reason)
    case = start_case(
        session,
        rulebook,
        clock=clock,
        actor=actor,
        listing=Listing(source.store_id, source.item_no, source.url),
        origin=complaint.origin,
        statement=complaint.text,
        split_from_id=source.key,
    )
    complaint.case_id = case.key
    case.due_on = complaint.due_on
    note(session, clock, actor, source, CaseEvent.SPLIT, complaint, told)
    note(session, clock, actor, case, CaseEvent.COMPLAINT, complaint)
    trail(
        session, clock, actor, "complaints.split_complaint", case, complaint=complaint,
        reason=told, facts={"from": source.number},
    )  # fmt: skip
    return case.key


def decide_in_case(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    case_id: int,
    uphold: bool,
    reason: str,
    time_zero: TimeZero,
    intent: Intent | None = None,
    course: str | None = None,
) -> Measure | None:
    """Decide the finding of a case; the case closes when its complaints are answered too."""
    case, scope = load_case(session, case_id)
    require(actor, "complaints.decide_in_case", scope)
    measure = enforcement.decide_finding(
        session,
        rulebook,
        clock=clock,
        actor=actor,
        finding_id=_finding_of(case),
        uphold=uphold,
        reason=reason,
        time_zero=time_zero,
        intent=intent,
        course=course if uphold else None,
    )
    note(session, clock, actor, case, CaseEvent.DECIDED)
    settle(session, clock, actor, case)
    return measure


def close_case(
    session: Session, *, clock: Clock, actor: Actor, case_id: int, reason: str
) -> None:
    """Close a case in which nothing was found; every complaint is answered before.

    Raises:
        Refused: closed, a complaint is unanswered, a finding was recorded, or without a reason.
    """
    case, scope = load_case(session, case_id)
    require(actor, "complaints.close_case", scope)
    _refuse_closed(case)
    if case.finding_id is not None:
        raise Refused("case_has_finding")
    unanswered = count_open(session, case.key)
    if unanswered:
        raise Refused("case_unanswered", count=unanswered)
    _close(session, clock, actor, case, reason_of(reason))


def _close(
    session: Session, clock: Clock, actor: Actor, case: InfringementCase, reason: str
) -> None:
    case.status = CaseStatus.NOT_FOUND
    case.closed_at = clock.now()
    case.closed_by = actor.account_id
    case.reason = reason
    note(session, clock, actor, case, CaseEvent.CLOSED, text=reason)
    trail(session, clock, actor, "complaints.close_case", case, reason=reason)


def _refuse_closed(case: InfringementCase) -> None:
    if case.status is not CaseStatus.OPEN:
        raise Refused("case_closed", number=case.number)


def _finding_of(case: InfringementCase) -> int:
    if case.finding_id is None:
        raise Refused("case_without_finding")
    return case.finding_id
