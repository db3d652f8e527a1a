"""Records test reports; a failed one removes the product resting on it at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, select

from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid
from marketplace.base.text import normalize
from marketplace.features.catalog import rules
from marketplace.features.catalog.commands.products import (
    load_product,
    product_trail,
    require_own_file,
)
from marketplace.features.catalog.events import TestReportRecorded
from marketplace.features.catalog.kinds import TestOutcome
from marketplace.features.catalog.queries.facts import scope_of_product
from marketplace.features.catalog.tables import TestReport


def record_test_report(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    product_id: int,
    report_no: str,
    laboratory: str,
    cma_no: str,
    standard: str,
    outcome: TestOutcome,
    issued_on: date,
    valid_until: date,
    use_id: int | None = None,
    results: Mapping[str, object] | None = None,
) -> int:
    """Record a test report; a failed one removes the product resting on it at once.

    Raises:
        Invalid: for empty fields or days that cannot be.
    """
    scope = scope_of_product(session, product_id)
    require(actor, "catalog.record_test_report", scope)
    product = load_product(session, product_id)
    given = {
        "report_no": normalize(report_no),
        "laboratory": normalize(laboratory),
        "cma_no": normalize(cma_no),
        "standard": normalize(standard),
    }
    faults = [Fault(field, "field_missing") for field, text in given.items() if not text]
    if issued_on > today(clock):
        faults.append(Fault("issued_on", "day_to_come"))
    if valid_until <= issued_on:
        faults.append(Fault("valid_until", "ends_before_it_starts"))
    try:
        rules.read_results(results or {})
    except rules.UnreadableResults:
        faults.append(Fault("results", "results_unreadable"))
    if faults:
        raise Invalid(faults)
    if use_id is not None:
        require_own_file(session, use_id, scope)
    known = session.execute(
        select(TestReport.id).where(
            TestReport.product_id == product_id, TestReport.report_no == given["report_no"]
        )
    ).scalar()
    if known is not None:
        return int(known)
    report = TestReport(
        product_id=product_id,
        outcome=outcome,
        results=dict(results or {}),
        issued_on=issued_on,
        valid_until=valid_until,
        use_id=use_id,
        recorded_by=actor.account_id,
        recorded_at=clock.now(),
        report_no=given["report_no"],
        laboratory=given["laboratory"],
        cma_no=given["cma_no"],
        standard=given["standard"],
    )
    session.add(report)
    session.flush()
    product_trail(
        session, clock, actor, "catalog.record_test_report", product,
        after={**given, "outcome": outcome, "issued_on": issued_on, "valid_until": valid_until},
    )  # fmt: skip
    announce(
        session,
        TestReportRecorded(report.key, product_id, passed=outcome is TestOutcome.PASSED),
    )
    return report.key
