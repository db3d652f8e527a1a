"""Takes complaints from the public form; an officer finds the store, or says why he cannot.

Nothing is opened by the form itself: a stranger's text is no case, and no case removes anything.
"""

from __future__ import annotations

import secrets

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
    scope_of_listing,
)
from marketplace.features.complaints.kinds import PublicState
from marketplace.features.complaints.tables import Complaint, PublicComplaint
from marketplace.features.enforcement.kinds import Origin

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread on paper
_GROUPS = 3


def send_public_complaint(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    program: str,
    shop: str,
    item: str,
    text: str,
    brand: str = "",
    contact: str | None = None,
) -> str:
    """Keep a complaint of the public and return its receipt code, the only way back to it.

    Raises:
        Invalid: without store or listing, or a text under 10 or over 2,000 characters.
    """
    require(actor, "complaints.send_public_complaint", Scope(program=program))
    faults = [
        Fault(place, "field_missing")
        for place, told in (("store", shop), ("item", item))
        if not normalize(told)
    ]
    said = normalize_prose(text)
    if not 10 <= len(said) <= 2000:
        faults.append(Fault("text", "text_length", {"low": 10, "high": 2000}))
    if faults:
        raise Invalid(faults)
    row = PublicComplaint(
        program=program,
        code=_new_code(),
        shop=normalize(shop)[:200],
        item=normalize(item)[:300],
        brand=normalize(brand)[:80],
        text=said,
        contact=normalize(contact or "")[:120] or None,
        at=clock.now(),
        state=PublicState.NEW,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="complaints.send_public_complaint",
        subject=f"public_complaint:{row.key}",
        program=program,
    )
    return row.code


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


def _new_code() -> str:
    """Return about 59 bits in three groups: nobody guesses another's complaint."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(_GROUPS))
    return "-".join(groups)
