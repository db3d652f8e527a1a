"""What all intake commands write alike; each of them has asked the policy table before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Role, Scope
from marketplace.base.clock import Clock, add_working_days, civil_day, today
from marketplace.base.db import announce
from marketplace.base.errors import NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.complaints.events import ComplaintReceived
from marketplace.features.complaints.kinds import (
    CaseEvent,
    CaseStatus,
    ComplaintStatus,
    NoticeState,
)
from marketplace.features.complaints.rules import item_of, listing_key
from marketplace.features.complaints.tables import (
    CaseEntry,
    Complaint,
    InfringementCase,
    RightHolder,
)
from marketplace.features.enforcement.kinds import FindingStatus, Origin
from marketplace.features.enforcement.queries import scope_of_store
from marketplace.features.enforcement.tables import Finding
from marketplace.features.registry.queries import holder_on
from marketplace.features.registry.tables import Store

LEAST_REASON = 4


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing somebody speaks of."""

    store_id: int
    item: str
    url: str | None = None

    @property
    def key(self) -> str:
        """What tells it apart."""
        return listing_key(self.store_id, self.item)


def reason_of(text: str) -> str:
    """Return a reason in its kept form.

    Raises:
        Refused: under four characters.
    """
    plain = normalize_prose(text)
    if len(plain) < LEAST_REASON:
        raise Refused("reason_missing")
    return plain


def load_store(session: Session, store_id: int) -> Store:
    """Return a store.

    Raises:
        NotFound: there is none with this number.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    return store


def open_case_for(session: Session, program: str, key: str) -> InfringementCase | None:
    """Return the open case of a listing that new complaints join, or None."""
    return session.execute(
        select(InfringementCase)
        .where(
            InfringementCase.program == program,
            InfringementCase.listing_key == key,
            InfringementCase.status == CaseStatus.OPEN,
        )
        .order_by(col(InfringementCase.id))
    ).scalar()


def start_case(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    listing: Listing,
    origin: Origin,
    statement: str,
    split_from_id: int | None = None,
    leaves_entry: bool = True,
) -> InfringementCase:
    """Open a case of a listing; the caller has asked the policy table.

    A notice of many lines leaves one audit entry of its own instead of one a case.
    """
    store = load_store(session, listing.store_id)
    holder = holder_on(session, store_id=listing.store_id, day=today(clock))
    case = InfringementCase(
        program=store.program,
        number="",
        origin=origin,
        store_id=listing.store_id,
        factory_id=holder[0] if holder else None,
        operator_id=holder[1] if holder else None,
        listing_key=listing.key,
        item_no=item_of(listing.item),
        url=listing.url,
        statement=normalize_prose(statement)[:1000],
        status=CaseStatus.OPEN,
        opened_at=clock.now(),
        opened_by=actor.account_id,
        due_on=next_due(rulebook, clock),
        split_from_id=split_from_id,
    )
    session.add(case)
    session.flush()
    case.number = f"C-{today(clock).year}-{case.key:04d}"
    session.flush()
    note(session, clock, actor, case, CaseEvent.OPENED)
    if leaves_entry:
        trail(session, clock, actor, "complaints.open_case", case, facts={"origin": origin})
    return case


def add_complaint(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    case: InfringementCase,
    complaint: Complaint,
) -> Complaint:
    """Keep a new complaint in a case: number, thread, due day, entry."""
    complaint.case_id = case.key
    complaint.program = case.program
    complaint.operator_id = case.operator_id
    complaint.due_on = add_working_days(
        civil_day(complaint.received_at), rulebook.intake.answer_working_days, rulebook.calendar
    )
    session.add(complaint)
    session.flush()
    complaint.number = f"T-{today(clock).year}-{complaint.key:05d}"
    complaint.thread_id = complaint.thread_id or complaint.key
    session.flush()
    note(session, clock, actor, case, CaseEvent.COMPLAINT, complaint)
    announce(
        session, ComplaintReceived(complaint.store_id, case.program, complaint.operator_id)
    )
    return complaint


def scope_of_listing(session: Session, clock: Clock, store_id: int) -> Scope:
    """Return whose a complaint about this store would be: its holder's of today."""
    store = load_store(session, store_id)
    holder = holder_on(session, store_id=store_id, day=today(clock))
    return scope_of_store(session, store, holder)


def new_complaint(
    listing: Listing, origin: Origin, text: str, brand: str, at: datetime, actor: Actor
) -> Complaint:
    """Return a complaint to be filed; case, number and due day come with the filing."""
    return Complaint(
        program="",
        number="",
        case_id=0,
        origin=origin,
        store_id=listing.store_id,
        listing_key=listing.key,
        brand=normalize(brand)[:80],
        text=normalize_prose(text)[:2000],
        received_at=at,
        received_by=actor.account_id,
        due_on=date(2000, 1, 1),
        status=ComplaintStatus.OPEN,
        state=NoticeState.RECEIVED,
    )


def file_complaint(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    listing: Listing,
    complaint: Complaint,
) -> bool:
    """Put a complaint into the listing's open case or a new one; True when it joined one."""
    program = load_store(session, listing.store_id).program
    case: InfringementCase | None = open_case_for(session, program, listing.key)
    joined = case is not None
    if case is None:
        case = start_case(
            session, rulebook, clock=clock, actor=actor, listing=listing,
            origin=complaint.origin, statement=complaint.text,
        )  # fmt: skip
    add_complaint(session, rulebook, clock=clock, actor=actor, case=case, complaint=complaint)
    if joined:
        note(session, clock, actor, case, CaseEvent.JOINED, complaint)
    trail(
        session, clock, actor, "complaints.receive_complaint", case, complaint=complaint,
        facts={"origin": complaint.origin},
    )  # fmt: skip
    return joined


def link_of(text: str) -> str | None:
    """Return a listing's link where one was given instead of a number."""
    plain = normalize(text)
    return plain[:300] if plain.startswith(("https://", "http://")) else None


def source_line(source_ref: str | None, seen_on: date | None) -> str:
    """Return what a source calls a case and when it was seen there, as one line; empty for none."""
    told = (normalize(source_ref or ""), seen_on.isoformat() if seen_on else "")
    return " · ".join(part for part in told if part)[:300]


def next_due(rulebook: Rulebook, clock: Clock) -> date:
    """Return until when the office takes the next step: a wait of the law is not its delay."""
    return add_working_days(
        today(clock), rulebook.intake.answer_working_days, rulebook.calendar
    )


def settle(session: Session, clock: Clock, actor: Actor, case: InfringementCase) -> bool:
    """Close a case whose finding is decided and whose complaints are all answered.

    Without a finding it stays open: that nothing was found is a decision with a reason too.
    """
    if case.status is not CaseStatus.OPEN or case.finding_id is None:
        return False
    session.flush()
    if count_open(session, case.key):
        return False
    finding = session.get(Finding, case.finding_id)
    if finding is None or finding.status is FindingStatus.SUSPECTED:
        return False
    upheld = finding.status is FindingStatus.UPHELD
    case.status = CaseStatus.FOUND if upheld else CaseStatus.NOT_FOUND
    case.closed_at = clock.now()
    case.closed_by = actor.account_id
    note(session, clock, actor, case, CaseEvent.CLOSED)
    trail(session, clock, actor, "complaints.settle_cases", case, facts={"status": case.status})
    return True


def count_open(session: Session, case_id: int) -> int:
    """Return how many complaints of a case are unanswered."""
    return int(
        session.execute(
            sa.select(sa.func.count())
            .select_from(Complaint)
            .where(
                col(Complaint.case_id) == case_id,
                col(Complaint.status) == ComplaintStatus.OPEN,
            )
        ).scalar_one()
    )


def refuse_other_holder(actor: Actor, holder: RightHolder | None, code: str) -> None:
    """Refuse a right holder anything of another one, as if it were not there.

    Raises:
        NotFound: it is somebody else's.
    """
    if actor.role is not Role.RIGHT_HOLDER:
        return
    if holder is None or holder.account_id is None or holder.account_id != actor.account_id:
        raise NotFound(code)


def note(
    session: Session,
    clock: Clock,
    actor: Actor,
    case: InfringementCase,
    kind: CaseEvent,
    complaint: Complaint | None = None,
    text: str | None = None,
) -> None:
    """Add an entry to the case's timeline."""
    session.add(
        CaseEntry(
            case_id=case.key,
            complaint_id=complaint.key if complaint else None,
            kind=kind,
            at=clock.now(),
            by_account=actor.account_id,
            text=text,
        )
    )


def trail(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    case: InfringementCase,
    *,
    complaint: Complaint | None = None,
    reason: str | None = None,
    facts: dict[str, object] | None = None,
) -> None:
    """Leave the audit entry of a command on a case."""
    told = dict(facts or {})
    if complaint is not None:
        told["complaint"] = complaint.number
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"case:{case.key}",
        program=case.program,
        operator_id=case.operator_id,
        reason=reason,
        facts=told,
    )
