"""What an officer does with a complaint of the public: finds the store, or says why he cannot."""

from __future__ import annotations

from sqlmodel import Session, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.complaints.keeping import (
    Listing,
    file_complaint,
    link_of,
    new_complaint,
    reason_of,
    scope_of_listing,
)
from marketplace.features.complaints.kinds import PublicState
from marketplace.features.complaints.queries.facts import load_complaint
from marketplace.features.complaints.tables import Complaint, PublicComplaint
from marketplace.features.enforcement.kinds import Origin


def take_public_complaint(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    public_id: int,
    store_id: int,
    item: str,
    brand: str = "",
) -> int:
    """Make it a complaint against a listing of a store; return the case.

    The clock runs from the day it came in; taking it twice is the same complaint.

    Raises:
        Invalid: without the listing it is about.
        Refused: it was declined.
    """
    row = _load(session, actor, "complaints.take_public_complaint", public_id)
    require(actor, "complaints.take_public_complaint", Scope())
    require(
        actor, "complaints.take_public_complaint", scope_of_listing(session, clock, store_id)
    )
    if row.complaint_id is not None:
        taken = session.execute(
            select(Complaint.case_id).where(Complaint.id == row.complaint_id)
        ).scalar_one()
        return int(taken)
    if row.state is PublicState.DECLINED:
        raise Refused("decided_already")
    if not normalize(item):
        raise Invalid([Fault("item", "field_missing")])
    listing = Listing(store_id, item, link_of(item))
    complaint = new_complaint(
        listing, Origin.CONSUMER, row.text, brand or row.brand, row.at, actor
    )
    complaint.received_by = None  # the public is its author, not the officer who takes it up
    file_complaint(
        session, rulebook, clock=clock, actor=actor, listing=listing, complaint=complaint
    )
    row.complaint_id = complaint.key
    _decided(session, clock, actor, row, PublicState.TAKEN, "complaints.take_public_complaint")
    return complaint.case_id


def decline_public_complaint(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    public_id: int,
    reason: str,
    next_step: str,
) -> None:
    """Answer it without a case: why, and what its author can do instead.

    Raises:
        Refused: taken up or declined already.
        Invalid: reason under the program's length, or no next step; both said at once.
    """
    row = _load(session, actor, "complaints.decline_public_complaint", public_id)
    if row.state is not PublicState.NEW:
        raise Refused("decided_already")
    least = rulebook.intake.refusal_min_characters
    told, cure = normalize_prose(reason), normalize(next_step)
    faults = []
    if len(told) < least:
        facts = {"least": least, "given": len(told)}
        faults.append(Fault("refusal_reason", "refusal_short", facts))
    if len(cure) < 4:
        faults.append(Fault("next_step", "field_missing"))
    if faults:
        raise Invalid(faults)
    row.reason, row.next_step = told[:1000], cure[:500]
    _decided(
        session, clock, actor, row, PublicState.DECLINED, "complaints.decline_public_complaint"
    )


def unmask_contact(
    session: Session, *, clock: Clock, actor: Actor, public_id: int, reason: str
) -> str | None:
    """Return in full how a complaint's author is reached, leaving who saw it and why.

    Once it is taken up it is of its case, and whoever may read the case asks.

    Raises:
        NotFound: there is none, or its case is out of reach.
        Refused: without a reason.
    """
    row = _load(session, actor, "complaints.unmask_contact", public_id)
    if row.complaint_id is not None:
        _, _, scope = load_complaint(session, row.complaint_id)
        require(actor, "complaints.unmask_contact", scope)
    told = reason_of(reason)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="complaints.unmask_contact",
        subject=f"public_complaint:{public_id}",
        program=row.program,
        reason=told,
    )
    return row.contact


def _load(session: Session, who: Actor, action: str, public_id: int) -> PublicComplaint:
    require(who, action, Scope())
    row = session.get(PublicComplaint, public_id)
    if row is None:
        raise NotFound("complaint_not_found", complaint_id=public_id)
    require(who, action, Scope(program=row.program))
    return row


def _decided(
    session: Session,
    clock: Clock,
    who: Actor,
    row: PublicComplaint,
    state: PublicState,
    action: str,
) -> None:
    row.state = state
    row.decided_at = clock.now()
    row.decided_by = who.account_id
    audit.record(
        session,
        clock=clock,
        actor=who,
        action=action,
        subject=f"public_complaint:{row.key}",
        program=row.program,
        reason=row.reason,
    )
