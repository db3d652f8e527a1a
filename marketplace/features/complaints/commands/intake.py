"""Takes complaints in by the officer: consumers, inspectors, paper notices, reports, imports."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, start_of, today
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.complaints.keeping import (
    Listing,
    file_complaint,
    link_of,
    load_store,
    new_complaint,
    note,
    open_case_for,
    scope_of_listing,
    source_line,
    start_case,
)
from marketplace.features.complaints.kinds import CaseEvent, ComplaintStatus
from marketplace.features.complaints.tables import Complaint
from marketplace.features.enforcement.commands import mark_report_seen
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.enforcement.queries import topic_and_text
from marketplace.features.enforcement.tables import PublicReport

COMPLAINED = frozenset({Origin.RIGHT_HOLDER, Origin.CONSUMER, Origin.INSPECTION})
LOOKED = frozenset({Origin.PROACTIVE_MODEL, Origin.INSPECTION, Origin.APPRAISAL})


def receive_complaint(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    store_id: int,
    origin: Origin,
    item: str,
    text: str,
    brand: str = "",
    received_on: date | None = None,
    source_ref: str | None = None,
) -> tuple[int, str]:
    """Take a complaint in; return it and `inserted`, `joined` or `unchanged`.

    The same `source_ref` twice is the same complaint; without one, an open complaint of the same
    listing, origin, brand and text is. Another open case of the listing is joined.

    Raises:
        Invalid: without listing or text, of an origin nobody complains by, or received tomorrow.
    """
    require(actor, "complaints.receive_complaint", Scope())
    require(actor, "complaints.receive_complaint", scope_of_listing(session, clock, store_id))
    listing = Listing(store_id, item, link_of(item))
    faults = _faults(origin, item, text, clock, received_on)
    if faults:
        raise Invalid(faults)
    program = load_store(session, store_id).program
    known = _known(session, program, listing, origin, brand, text, source_ref)
    if known is not None:
        return known, "unchanged"
    at = clock.now()
    if received_on is not None and received_on < today(clock):
        at = start_of(received_on)
    complaint = new_complaint(listing, origin, text, brand, at, actor)
    complaint.source_ref = normalize(source_ref or "")[:160] or None
    joined = file_complaint(
        session, rulebook, clock=clock, actor=actor, listing=listing, complaint=complaint
    )
    return complaint.key, "joined" if joined else "inserted"


def open_case(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    store_id: int,
    origin: Origin,
    item: str,
    statement: str,
    seen_on: date | None = None,
    source_ref: str | None = None,
) -> int:
    """Open a case nobody complained of: found by a model, an inspection or an appraisal.

    What the source calls it and when it was seen there stand first in the case's timeline; the
    office's own clock runs from now.

    Raises:
        Invalid: without listing or statement, or of an origin that is a complaint.
        Refused: the listing has an open case.
    """
    require(actor, "complaints.open_case", Scope())
    require(actor, "complaints.open_case", scope_of_listing(session, clock, store_id))
    faults = [
        Fault(place, "field_missing")
        for place, told in (("item", item), ("seen", statement))
        if not normalize(told)
    ]
    if origin not in LOOKED:
        faults.append(Fault("origin", "origin_complains"))
    if faults:
        raise Invalid(faults)
    listing = Listing(store_id, item, link_of(item))
    program = load_store(session, store_id).program
    same = open_case_for(session, program, listing.key)
    if same is not None:
        raise Refused("case_open_already", number=same.number)
    case = start_case(
        session, rulebook, clock=clock, actor=actor, listing=listing, origin=origin,
        statement=statement,
    )  # fmt: skip
    named = source_line(source_ref, seen_on)
    if named:
        note(session, clock, actor, case, CaseEvent.SOURCE_NAMED, text=named)
    return case.key


def take_report(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    report_id: int,
    store_id: int,
    item: str,
    brand: str = "",
) -> int:
    """Make a report from the public a complaint against a listing; return the case.

    The clock runs from the day the report came in. Taking it twice is the same complaint.

    Raises:
        Invalid: without the listing it is about.
    """
    require(actor, "complaints.take_report", Scope())
    report = session.get(PublicReport, report_id)
    if report is None:
        raise NotFound("report_not_found", report_id=report_id)
    require(actor, "complaints.take_report", Scope(program=report.program))
    require(actor, "complaints.take_report", scope_of_listing(session, clock, store_id))
    known = session.execute(
        select(Complaint.case_id).where(Complaint.report_id == report_id)
    ).scalar()
    if known is not None:
        return int(known)
    if not normalize(item):
        raise Invalid([Fault("item", "field_missing")])
    listing = Listing(store_id, item, link_of(item))
    _topic, said = topic_and_text(report.text)
    complaint = new_complaint(listing, Origin.CONSUMER, said, brand, report.at, actor)
    complaint.report_id = report_id
    complaint.received_by = None  # the public is its author, not the officer who takes it up
    file_complaint(
        session, rulebook, clock=clock, actor=actor, listing=listing, complaint=complaint
    )
    mark_report_seen(session, clock=clock, actor=actor, report_id=report_id)
    return complaint.case_id


def _faults(
    origin: Origin, item: str, text: str, clock: Clock, received_on: date | None
) -> list[Fault]:
    faults = []
    if origin not in COMPLAINED:
        faults.append(Fault("origin", "origin_not_complaint"))
    if not normalize(item):
        faults.append(Fault("item", "field_missing"))
    if not 5 <= len(normalize(text)) <= 2000:
        faults.append(Fault("text", "text_length", {"low": 5, "high": 2000}))
    if received_on is not None and received_on > today(clock):
        faults.append(Fault("received_on", "day_to_come"))
    return faults


def _known(
    session: Session,
    program: str,
    listing: Listing,
    origin: Origin,
    brand: str,
    text: str,
    source_ref: str | None,
) -> int | None:
    statement = select(Complaint.id).where(Complaint.program == program)
    reference = normalize(source_ref or "")
    if reference:
        statement = statement.where(col(Complaint.source_ref) == reference[:160])
    else:
        statement = statement.where(
            Complaint.listing_key == listing.key,
            Complaint.origin == origin,
            Complaint.status == ComplaintStatus.OPEN,
            col(Complaint.brand) == normalize(brand)[:80],
            col(Complaint.text) == normalize_prose(text)[:2000],
        )
    return session.execute(statement).scalar()
