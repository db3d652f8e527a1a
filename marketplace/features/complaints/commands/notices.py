"""Files notices of right holders: up to 300 listings at once, each with its own outcome.

A notice removes nothing. Only accepted lines count toward the day, so that a refused or unfinished
submission never locks its author out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, start_of, today
from marketplace.base.db import once
from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize_prose
from marketplace.features.complaints.keeping import (
    Listing,
    add_complaint,
    link_of,
    note,
    open_case_for,
    refuse_other_holder,
    scope_of_listing,
    start_case,
)
from marketplace.features.complaints.kinds import (
    ACCEPTED,
    CaseEvent,
    ComplaintStatus,
    LineIssue,
    LineOutcome,
    NoticeState,
    RightStatus,
)
from marketplace.features.complaints.queries.facts import (
    known_for,
    load_right,
)
from marketplace.features.complaints.rules import LineVerdict, NoticeLine, judge_lines
from marketplace.features.complaints.tables import Complaint, IpRight, Notice, RightHolder
from marketplace.features.enforcement.kinds import Origin

_LEAST_STATEMENT = 10


def try_notice(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    right_id: int,
    lines: Sequence[NoticeLine],
    acknowledged: frozenset[LineIssue] = frozenset(),
) -> list[LineVerdict]:
    """Return what would become of every line, in the order given; writes nothing.

    Raises:
        Refused: the right is not verified, or has ended.
        Invalid: no line, or more than a notice may hold.
    """
    require(actor, "complaints.try_notice", Scope())
    right, _ = _usable(session, clock, actor, right_id)
    _count_lines(rulebook, lines)
    return _judge(session, clock, actor, right, lines, acknowledged)


def file_notice(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    right_id: int,
    lines: Sequence[NoticeLine],
    statement: str,
    acknowledged: frozenset[LineIssue] = frozenset(),
    token: str | None = None,
) -> Mapping[str, Any]:
    """File a notice: accepted lines become complaints, the others stay on record with why.

    Returns `notice_id`, `number`, `accepted` and the count of every outcome. The same token with
    the same content files once, whoever sends it how often.

    Raises:
        Refused: the right cannot be used, nothing could be accepted, or the day is full.
        NotFound: a store is of a firm out of reach.
        Invalid: no line, too many, or no statement of good faith.
    """
    right, holder = _usable(session, clock, actor, right_id)
    _count_lines(rulebook, lines)
    said = normalize_prose(statement)
    if len(said) < _LEAST_STATEMENT:
        raise Invalid([Fault("declaration", "text_length", {"low": 10, "high": 2000})])
    body = {
        "right": right_id,
        "statement": said,
        "lines": [[line.store, line.item, line.why] for line in lines],
        "acknowledged": sorted(acknowledged),
    }

    def work() -> Mapping[str, Any]:
        return _file(session, rulebook, clock, actor, right, holder, lines, said, acknowledged)

    return once(
        session,
        clock=clock,
        token=token,
        scope=f"complaints.file_notice:{actor.account_id}",
        body=body,
        work=work,
    )


def _usable(
    session: Session, clock: Clock, actor: Actor, right_id: int
) -> tuple[IpRight, RightHolder]:
    require(actor, "complaints.file_notice", Scope())
    right, holder = load_right(session, right_id)
    require(actor, "complaints.file_notice", Scope(program=right.program))
    refuse_other_holder(actor, holder, "right_not_found")
    if right.status is not RightStatus.VERIFIED:
        raise Refused("right_not_verified", mark=right.mark)
    if right.valid_until is not None and right.valid_until <= today(clock):
        raise Refused("right_expired", mark=right.mark, until=right.valid_until.isoformat())
    return right, holder


def _count_lines(rulebook: Rulebook, lines: Sequence[NoticeLine]) -> None:
    most = rulebook.intake.max_listings_per_notice
    if not lines:
        raise Invalid([Fault("lines", "notice_empty")])
    if len(lines) > most:
        raise Invalid([Fault("lines", "notice_too_long", {"most": most, "given": len(lines)})])


def _judge(
    session: Session,
    clock: Clock,
    actor: Actor,
    right: IpRight,
    lines: Sequence[NoticeLine],
    acknowledged: frozenset[LineIssue],
) -> list[LineVerdict]:
    """Judge every line; who files for somebody else does so within his own districts only."""
    verdicts = judge_lines(lines, known_for(session, right, lines), acknowledged)
    for store_id in {v.store_id for v in verdicts if v.store_id is not None}:
        require(actor, "complaints.file_notice", scope_of_listing(session, clock, store_id))
    return verdicts


def _file(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    actor: Actor,
    right: IpRight,
    holder: RightHolder,
    lines: Sequence[NoticeLine],
    statement: str,
    acknowledged: frozenset[LineIssue],
) -> Mapping[str, Any]:
    verdicts = _judge(session, clock, actor, right, lines, acknowledged)
    accepted = [v for v in verdicts if v.outcome in ACCEPTED]
    if not accepted:
        raise Refused("notice_nothing_accepted", count=len(verdicts))
    fresh = sum(1 for v in accepted if v.outcome is not LineOutcome.CURED)
    _refuse_full_day(session, rulebook, clock, holder, fresh)
    notice = Notice(
        program=right.program,
        number="",
        holder_id=holder.key,
        right_id=right.key,
        statement=statement[:2000],
        filed_by=actor.account_id,
        filed_at=clock.now(),
        accepted=len(accepted),
        lines={"lines": []},
    )
    notice.number = f"draft:{clock.now().isoformat()}:{holder.key}"[:40]
    session.add(notice)
    session.flush()
    notice.number = f"N-{today(clock).year}-{notice.key:04d}"
    told = [_take(session, rulebook, clock, actor, notice, right, v) for v in verdicts]
    notice.lines = {"lines": told}
    counts = {o.value: sum(1 for v in verdicts if v.outcome is o) for o in LineOutcome}
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="complaints.file_notice",
        subject=f"notice:{notice.key}",
        program=notice.program,
        facts={"right": right.key, "complaints": [t.get("complaint") for t in told], **counts},
    )
    return {
        "notice_id": notice.key,
        "number": notice.number,
        "accepted": len(accepted),
        "counts": counts,
    }


def _refuse_full_day(
    session: Session, rulebook: Rulebook, clock: Clock, holder: RightHolder, fresh: int
) -> None:
    """A cured line does not count: whoever mends a refusal is never locked out."""
    most = rulebook.intake.max_listings_per_day
    filed = session.execute(
        sa.select(sa.func.count())
        .select_from(Complaint)
        .where(
            col(Complaint.holder_id) == holder.key,
            col(Complaint.received_at) >= start_of(today(clock)),
            col(Complaint.thread_id) == col(Complaint.id),
        )
    ).scalar_one()
    if int(filed) + fresh > most:
        raise Refused("notice_day_full", most=most, filed=int(filed))


def _take(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    actor: Actor,
    notice: Notice,
    right: IpRight,
    verdict: LineVerdict,
) -> dict[str, Any]:
    """Return what is kept of a line, after filing it where it was accepted."""
    line = verdict.line
    told: dict[str, Any] = {
        "row": line.row,
        "store": line.store,
        "item": line.item,
        "why": line.why,
        "outcome": verdict.outcome.value,
        "issues": [issue.value for issue in verdict.issues],
    }
    if verdict.outcome is LineOutcome.DUPLICATE and verdict.earlier is not None:
        same = session.get(Complaint, verdict.earlier)
        told["complaint"] = same.number if same else None
    if verdict.outcome not in ACCEPTED or verdict.store_id is None:
        return told
    case = open_case_for(session, right.program, verdict.key)
    joined = case is not None
    listing = Listing(verdict.store_id, line.item, link_of(line.item))
    if case is None:
        case = start_case(
            session, rulebook, clock=clock, actor=actor, listing=listing,
            origin=Origin.RIGHT_HOLDER, statement=line.why, leaves_entry=False,
        )  # fmt: skip
    earlier = session.get(Complaint, verdict.earlier) if verdict.earlier else None
    complaint = Complaint(
        program=right.program,
        number="",
        case_id=case.key,
        thread_id=earlier.thread_id if earlier else None,
        origin=Origin.RIGHT_HOLDER,
        notice_id=notice.key,
        holder_id=notice.holder_id,
        right_id=right.key,
        store_id=verdict.store_id,
        listing_key=verdict.key,
        brand=right.mark,
        text=line.why[:2000],
        received_at=clock.now(),
        received_by=actor.account_id,
        due_on=today(clock),
        status=ComplaintStatus.OPEN,
        state=NoticeState.RECEIVED,
    )
    add_complaint(session, rulebook, clock=clock, actor=actor, case=case, complaint=complaint)
    if joined:
        note(session, clock, actor, case, CaseEvent.JOINED, complaint)
    return {**told, "complaint": complaint.number, "case": case.number}
