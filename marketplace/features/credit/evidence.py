"""Gathers the events of current conduct the score is made of; only decided facts since enrollment.

What is not read here cannot enter: no earlier records, no links, no suspicions, no open cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.clock import civil_day
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog.kinds import TestOutcome
from marketplace.features.catalog.queries.facts import is_vouched
from marketplace.features.catalog.tables import Product, TestReport
from marketplace.features.complaints.queries import parts_in
from marketplace.features.credit.kinds import DisputeStatus
from marketplace.features.credit.rules import Event
from marketplace.features.credit.tables import CreditDispute
from marketplace.features.enforcement.kinds import EntryKind, FindingStatus
from marketplace.features.enforcement.queries import counting_complaints
from marketplace.features.enforcement.tables import (
    Finding,
    NearMiss,
    PointsEntry,
    StoreSuspension,
)
from marketplace.features.progress.kinds import InspectionResult
from marketplace.features.progress.queries import time_zero
from marketplace.features.progress.tables import Inspection
from marketplace.features.registry.queries import holder_on
from marketplace.features.registry.tables import Factory, Store, StoreHolding


def events_of(session: Session, rulebook: Rulebook, operator_id: int) -> list[Event] | None:
    """Return what counts for an operator, oldest first; None before enrollment.

    What an accepted dispute named is left out.
    """
    zero = time_zero(session, operator_id)
    if zero is None:
        return None
    corrected = set(
        session.execute(
            sa.select(col(CreditDispute.event_ref)).where(
                col(CreditDispute.operator_id) == operator_id,
                col(CreditDispute.status) == DisputeStatus.ACCEPTED,
            )
        ).scalars()
    )
    found = [
        *_offenses(session, operator_id),
        *_suspensions(session, operator_id),
        *_complaints(session, rulebook, operator_id, zero),
        *_near_misses(session, operator_id),
        *_checks(session, operator_id),
        *_tests(session, operator_id),
    ]
    kept = (e for e in found if e.on >= zero and e.ref not in corrected)
    return sorted(kept, key=lambda e: (e.on, e.ref))


def people_behind(session: Session, event_ref: str) -> frozenset[int]:
    """Return who recorded or decided what an event names, whether it still counts or not."""
    kind, _, number = event_ref.partition(":")
    found: set[int | None] = set()
    match kind:
        case "finding":
            found |= _of_finding(session, int(number))
        case "suspension":
            row = session.get(StoreSuspension, int(number))
            if row is not None:
                found |= {row.plan_accepted_by, *_of_finding(session, row.finding_id)}
        case "complaint":
            entry = session.get(PointsEntry, int(number))
            if entry is not None:
                refs = [entry.complaint_ref] if entry.complaint_ref else []
                found |= {entry.decided_by, *parts_in(session, refs)}
        case "inspection":
            check = session.get(Inspection, int(number))
            found |= {check.recorded_by} if check is not None else set()
        case "test_report":
            report = session.get(TestReport, int(number))
            found |= {report.recorded_by} if report is not None else set()
    return frozenset(account for account in found if account is not None)


def _of_finding(session: Session, finding_id: int) -> set[int | None]:
    finding = session.get(Finding, finding_id)
    return set() if finding is None else {finding.recorded_by, finding.decided_by}


def _stores_ever(operator_id: int) -> sa.Select[int]:
    """Return the stores an operator ever held; who held one on a day is asked afterwards."""
    return (
        sa.select(col(StoreHolding.store_id))
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .where(col(Factory.operator_id) == operator_id)
    )


def _offenses(session: Session, operator_id: int) -> Iterator[Event]:
    """Scored findings that still stand."""
    rows = session.execute(
        sa.select(Finding, col(Store.name))
        .join(PointsEntry, col(PointsEntry.finding_id) == col(Finding.id))
        .join(Store, col(Store.id) == col(Finding.store_id))
        .where(
            col(Finding.operator_id) == operator_id,
            col(Finding.status) == FindingStatus.UPHELD,
            col(PointsEntry.kind) == EntryKind.SCORE,
        )
    )
    for finding, store in rows:
        if finding.decided_at is not None:
            yield Event(
                "offenses",
                f"finding:{finding.key}",
                civil_day(finding.decided_at),
                store,
            )


def _suspensions(session: Session, operator_id: int) -> Iterator[Event]:
    """Suspensions whose plan was not carried out yet; one put right or lifted counts no more.

    Without an accepted plan one is lifted only where it has lost its ground: by an appeal that was
    upheld, or by the offenses being numbered anew.
    """
    rows = session.execute(
        sa.select(StoreSuspension, col(Store.name))
        .join(Finding, col(Finding.id) == col(StoreSuspension.finding_id))
        .join(Store, col(Store.id) == col(StoreSuspension.store_id))
        .where(
            col(Finding.operator_id) == operator_id,
            col(Finding.status) == FindingStatus.UPHELD,
            col(StoreSuspension.plan_accepted_at).is_(None),
            col(StoreSuspension.lifted_at).is_(None),
        )
    )
    for suspension, store in rows:
        yield Event(
            "suspensions",
            f"suspension:{suspension.key}",
            civil_day(suspension.from_at),
            store,
        )


def _complaints(
    session: Session, rulebook: Rulebook, operator_id: int, zero: date
) -> Iterator[Event]:
    """Upheld complaints that count in the ledger, of the holder of that day.

    One taken back, too soon after another or of a store closed before is none of them.
    """
    rows = session.execute(
        sa.select(PointsEntry, col(Store.name))
        .join(Store, col(Store.id) == col(PointsEntry.store_id))
        .where(
            col(PointsEntry.kind) == EntryKind.COMPLAINT,
            col(PointsEntry.store_id).in_(_stores_ever(operator_id)),
        )
    ).all()
    counting: set[int] = set()
    for store_id in {entry.store_id for entry, _name in rows}:
        counting |= counting_complaints(session, rulebook, store_id=store_id)
    for entry, store in rows:
        day = civil_day(entry.at)
        if day < zero or entry.key not in counting:
            continue
        holder = holder_on(session, store_id=entry.store_id, day=day)
        if holder is not None and holder[1] == operator_id:
            yield Event(
                "brand_complaints",
                f"complaint:{entry.key}",
                day,
                f"{store} · {entry.brand or ''}",
            )


def _near_misses(session: Session, operator_id: int) -> Iterator[Event]:
    rows = session.execute(
        sa.select(NearMiss, col(Store.name)).join(
            Store, col(Store.id) == col(NearMiss.store_id)
        )
    ).all()
    for miss, store in rows:
        day = civil_day(miss.recorded_at)
        holder = holder_on(session, store_id=miss.store_id, day=day)
        if holder is not None and holder[1] == operator_id:
            yield Event("near_misses", f"near_miss:{miss.key}", day, store)


def _checks(session: Session, operator_id: int) -> Iterator[Event]:
    rows = session.execute(
        sa.select(Inspection).where(
            col(Inspection.operator_id) == operator_id,
            col(Inspection.result) == InspectionResult.PASSED,
        )
    ).scalars()
    for row in rows:
        yield Event(
            "site_checks",
            f"inspection:{row.key}",
            row.inspected_on,
            row.inspectors,
        )


def _tests(session: Session, operator_id: int) -> Iterator[Event]:
    """Passed tests that somebody but the owner saw: nobody lifts his own score by typing one."""
    products = session.execute(
        select(Product).where(
            Product.operator_id == operator_id,
            col(Product.id).in_(select(TestReport.product_id)),
        )
    ).scalars()
    for product in list(products):
        reports = session.execute(
            select(TestReport).where(
                TestReport.product_id == product.key,
                TestReport.outcome == TestOutcome.PASSED,
                is_vouched(session, product),
            )
        ).scalars()
        for report in reports:
            yield Event(
                "product_tests",
                f"test_report:{report.key}",
                report.issued_on,
                f"{product.name_zh} · {report.report_no}",
            )
