"""What comes in without a decision: monthly reports, near misses, reports from the public."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, month_end, month_index, month_start, today
from marketplace.base.db import announce, once
from marketplace.base.db.watching import changed_since, put_back
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.enforcement.events import MonthRecorded
from marketplace.features.enforcement.kinds import (
    FindingBasis,
    FindingStatus,
    Origin,
    ReportStatus,
    ReportTopic,
)
from marketplace.features.enforcement.queries.reports import kept_text
from marketplace.features.enforcement.tables import Finding, NearMiss, PublicReport
from marketplace.features.registry.queries import (
    holder_on,
    require_factories,
    require_stores,
)
from marketplace.features.registry.tables import Store

_MOST_LISTINGS = 100_000
_LEAST_REASON = 4
_HOLDER_COLUMNS = frozenset({"factory_id", "operator_id"})
_REPORT_LENGTH = 5, 1_900  # the column has 2,000, its topic included
REPORT_SCOPE = "enforcement.report_product"


def record_monthly_findings(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    store_id: int,
    month: int,
    origin: Origin,
    listings: int,
    source: str,
) -> str:
    """Keep how many infringing listings a platform counted for a store in a month.

    They count in rates and are never scored. One row per store, month and origin: a re-import
    changes nothing, also where the count was overturned; a corrected count is an audited revision.
    Returns `inserted`, `updated` or
    `unchanged`.

    Raises:
        Invalid: for a negative count.
        NotFound: when there is no such store, or its firm of that month is out of reach.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    action = "enforcement.record_monthly_findings"
    day = month_end(month)
    require_stores(session, actor, action, program=store.program, days={(store_id, day)})
    if listings < 0:
        raise Invalid([Fault("listings", "number_out_of_range", {"low": 0, "high": 100_000})])
    reference = monthly_reference(store_id, month, origin)
    known = session.execute(
        select(Finding).where(
            Finding.program == store.program, col(Finding.reference) == reference
        )
    ).scalar()
    if known is not None and known.factory_id is not None:
        require_factories(session, actor, action, {known.factory_id})
    status = FindingStatus.UPHELD if listings else FindingStatus.DISMISSED
    if known is None and listings == 0:
        return "unchanged"
    if known is not None and says_the_same(known, listings):
        return "unchanged"
    holder = holder_on(session, store_id=store_id, day=day)
    before = {"listings": known.listings, "status": known.status} if known else None
    row = known or Finding(
        program=store.program,
        reference=reference,
        store_id=store_id,
        basis=FindingBasis.MONTHLY_REPORT,
        origin=origin,
        listings=max(listings, 1),
        found_on=month_start(month),
        found_month=month,
        statement=source,
        status=status,
        recorded_by=actor.account_id,
        recorded_at=clock.now(),
    )
    row.factory_id, row.operator_id = holder or (None, None)
    row.listings, row.status = max(listings, 1), status
    row.decided_at, row.decided_by = clock.now(), actor.account_id
    session.add(row)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"finding:{row.key}",
        program=store.program,
        operator_id=row.operator_id,
        facts={"store_id": store_id, "month": month, "origin": origin, "source": source},
        before=before,
        after={"listings": listings, "status": status},
    )
    announce(session, MonthRecorded(store_id, store.program, row.operator_id, month))
    return "updated" if known else "inserted"


def says_the_same(known: Finding, listings: int) -> bool:
    """Tell whether a count told again changes nothing; one overturned stays so until corrected.

    The file it came from may be read again at any time: a decision does not fall by that.
    """
    if known.status is FindingStatus.OVERTURNED:
        return listings in {0, known.listings}
    status = FindingStatus.UPHELD if listings else FindingStatus.DISMISSED
    return known.status is status and listings in {0, known.listings}


def monthly_reference(store_id: int, month: int, origin: Origin) -> str:
    """Return what a month's count is known by: one row per store, month and origin."""
    return f"monthly:{store_id}:{month}:{origin.value}"


def take_back_monthly_findings(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    finding_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    reason: str,
) -> None:
    """Put a month's count back as it was before an import; without `before` it is dismissed.

    Raises:
        Refused: `undo_changed` when it no longer says what the import wrote, or is no month's
            count: a case is reversed, never taken back.
    """
    row = session.get(Finding, finding_id)
    if row is None:
        raise NotFound("finding_not_found", finding_id=finding_id)
    action = "enforcement.take_back_monthly_findings"
    day = month_end(row.found_month)
    require_stores(session, actor, action, program=row.program, days={(row.store_id, day)})
    if row.factory_id is not None:
        require_factories(session, actor, action, {row.factory_id})
    # Who held the store is no word of the import: a holding confirmed since decides it.
    differing = changed_since(row, _without_holder(after))
    if row.basis is not FindingBasis.MONTHLY_REPORT or differing:
        raise Refused("undo_changed", field=next(iter(differing), "basis"))
    if before is None:
        row.status = FindingStatus.DISMISSED
        row.reference = f"{row.reference}:undone:{row.key}"  # the month may be told anew
    else:
        put_back(row, _without_holder(before))
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"finding:{finding_id}",
        program=row.program,
        operator_id=row.operator_id,
        reason=reason,
        before=dict(after),
        after=dict(before) if before is not None else {"status": row.status.value},
    )
    announce(
        session, MonthRecorded(row.store_id, row.program, row.operator_id, row.found_month)
    )


def _without_holder(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _HOLDER_COLUMNS}


def record_near_miss(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    store_id: int,
    month: int,
    listings: int,
    source: str,
) -> None:
    """Keep warnings heeded before release, to the owner's credit; `month` is an index.

    Raises:
        Invalid: for no listings, a month to come, or without saying who told it.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    require_stores(
        session, actor, "enforcement.record_near_miss", program=store.program,
        days={(store_id, month_end(month))},
    )  # fmt: skip
    faults = []
    if not 1 <= listings <= _MOST_LISTINGS:
        bounds = {"low": 1, "high": _MOST_LISTINGS}
        faults.append(Fault("listings", "number_out_of_range", bounds))
    if month > month_index(today(clock)):
        faults.append(Fault("month", "day_to_come"))
    if not normalize(source):
        faults.append(Fault("source", "field_missing"))
    if faults:
        raise Invalid(faults)
    session.add(
        NearMiss(
            program=store.program,
            store_id=store_id,
            listings=listings,
            month=month,
            recorded_at=clock.now(),
            source=normalize_prose(source)[:200],
        )
    )
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="enforcement.record_near_miss",
        subject=f"store:{store_id}",
        program=store.program,
        facts={"month": month, "listings": listings},
    )
    announce(session, MonthRecorded(store_id, store.program, None, month))


def report_product(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    program: str,
    text: str,
    topic: ReportTopic | None = None,
    product_code: str | None = None,
    contact: str | None = None,
    token: str | None = None,
) -> str:
    """Take a report from the public and return its number; it removes nothing by itself.

    The same `token` with the same content again is the same report and the same number.

    Raises:
        Invalid: for a text under 5 or over 1,900 characters.
        Conflict: the token came before with other content.
    """
    require(actor, REPORT_SCOPE, Scope(program=program))
    said = normalize_prose(text)
    low, high = _REPORT_LENGTH
    if not low <= len(said) <= high:
        raise Invalid([Fault("text", "text_length", {"low": low, "high": high})])
    row = PublicReport(
        program=program,
        number="",
        product_code=(product_code or "")[:20] or None,
        text=kept_text(topic, said),
        contact=normalize(contact or "")[:120] or None,
        at=clock.now(),
        status=ReportStatus.NEW,
    )
    body = {"program": program, "told": [row.text, row.product_code or "", row.contact or ""]}

    def keep() -> dict[str, str]:
        row.number = _new_number(session, clock)
        session.add(row)
        session.flush()
        audit.record(
            session,
            clock=clock,
            actor=actor,
            action=REPORT_SCOPE,
            subject=f"public_report:{row.key}",
            program=program,
            facts={"product_code": row.product_code},
        )
        return {"number": row.number}

    made = once(session, clock=clock, token=token, scope=REPORT_SCOPE, body=body, work=keep)
    return str(made["number"])


def _new_number(session: Session, clock: Clock) -> str:
    """Return a number that no report has; a longer one where the short ones drawn were taken."""
    number = ""
    for digits in (6, 6, 6, 6, 9):
        number = f"R{today(clock):%y%m%d}-{secrets.randbelow(10**digits):0{digits}d}"
        taken = select(PublicReport.id).where(PublicReport.number == number)
        if session.execute(taken).first() is None:
            break
    return number


def unmask_report_contact(
    session: Session, *, clock: Clock, actor: Actor, report_id: int, reason: str
) -> str | None:
    """Return in full how a report's author is reached, leaving who saw it and why.

    Raises:
        Refused: without a reason.
    """
    row = session.get(PublicReport, report_id)
    if row is None:
        raise NotFound("report_not_found", report_id=report_id)
    require(actor, "enforcement.unmask_report_contact", Scope(program=row.program))
    if len(normalize(reason)) < _LEAST_REASON:
        raise Refused("reason_missing")
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="enforcement.unmask_report_contact",
        subject=f"public_report:{report_id}",
        program=row.program,
        reason=normalize_prose(reason),
    )
    return row.contact


def mark_report_seen(session: Session, *, clock: Clock, actor: Actor, report_id: int) -> None:
    """Note that an officer read a report from the public."""
    row = session.get(PublicReport, report_id)
    if row is None:
        raise NotFound("report_not_found", report_id=report_id)
    require(actor, "enforcement.mark_report_seen", Scope(program=row.program))
    if row.status is ReportStatus.SEEN:
        return
    row.status = ReportStatus.SEEN
    row.seen_by = actor.account_id
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="enforcement.mark_report_seen",
        subject=f"public_report:{report_id}",
        program=row.program,
    )
