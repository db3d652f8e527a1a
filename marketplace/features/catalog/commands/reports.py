"""Records test reports; a failed one removes the product resting on it at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, select

from marketplace.base.access import Actor, Role, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.files import require_own_file
from marketplace.base.text import normalize
from marketplace.features.catalog import rules
from marketplace.features.catalog.commands.products import (
    load_product,
    product_trail,
)
from marketplace.features.catalog.events import TestReportRecorded
from marketplace.features.catalog.kinds import Moderation, TestOutcome
from marketplace.features.catalog.queries.facts import scope_of_product
from marketplace.features.catalog.tables import Product, TestReport

# Before anything was decided. A lapsed product may rest on the very report: it gets a new one.
CORRECTABLE = frozenset({Moderation.DRAFT, Moderation.CHANGES_REQUESTED})


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
    corrects: bool = False,
) -> int:
    """Record a test report; a failed one removes the product resting on it at once.

    The same report again changes nothing. Another content under a known number is taken only
    with `corrects`, before the product is submitted; what stood before stays in the trail.

    Raises:
        Invalid: for empty fields or days that cannot be.
        Refused: another content under a known number, not said to be a correction or too late;
            an owner's passed report while the product is under review.
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
    _require_readable(clock, given, issued_on, valid_until, results)
    if use_id is not None:
        require_own_file(session, use_id, scope)
    values: dict[str, Any] = {
        **given, "outcome": outcome, "issued_on": issued_on, "valid_until": valid_until,
    }  # fmt: skip
    report: TestReport | None = session.execute(
        select(TestReport).where(
            TestReport.product_id == product_id, TestReport.report_no == given["report_no"]
        )
    ).scalar()
    if report is None:
        _refuse_unseen(actor, product, outcome)
        report = _added(session, clock, actor, product, values, use_id, results)
    elif not _corrected(
        session, clock, actor, product, report, values, use_id, results, corrects=corrects
    ):
        return report.key
    announce(
        session,
        TestReportRecorded(report.key, product_id, passed=outcome is TestOutcome.PASSED),
    )
    return report.key


def _refuse_unseen(who: Actor, product: Product, outcome: TestOutcome) -> None:
    """Take no passed report from an owner under review: it would be vouched for with the rest.

    A failure counts whenever it is told.
    """
    is_owners = who.role is Role.OWNER and outcome is TestOutcome.PASSED
    if is_owners and product.status is Moderation.SUBMITTED:
        raise Refused("product_fixed", status=product.status.value)


def _require_readable(
    clock: Clock,
    given: Mapping[str, str],
    issued_on: date,
    valid_until: date,
    results: Mapping[str, object] | None,
) -> None:
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


def _added(
    session: Session,
    clock: Clock,
    who: Actor,
    product: Product,
    values: Mapping[str, Any],
    use_id: int | None,
    results: Mapping[str, object] | None,
) -> TestReport:
    report = TestReport(
        product_id=product.key,
        results=dict(results or {}),
        use_id=use_id,
        recorded_by=who.account_id,
        recorded_at=clock.now(),
        **values,
    )
    session.add(report)
    session.flush()
    product_trail(
        session, clock, who, "catalog.record_test_report", product, after=dict(values)
    )
    return report


def _corrected(
    session: Session,
    clock: Clock,
    who: Actor,
    product: Product,
    report: TestReport,
    values: Mapping[str, Any],
    use_id: int | None,
    results: Mapping[str, object] | None,
    *,
    corrects: bool,
) -> bool:
    """Put a correction into a known report; tell whether anything is other than before.

    A file or results not given again stay as they are.
    """
    wanted = dict(values)
    if use_id is not None:
        wanted["use_id"] = use_id
    if results is not None:
        wanted["results"] = dict(results)
    before = {k: getattr(report, k) for k, v in wanted.items() if getattr(report, k) != v}
    if not before:
        return False
    number = report.report_no
    if not corrects:
        raise Refused("report_differs", number=number)
    if product.status not in CORRECTABLE:
        raise Refused("report_rested_on", number=number)
    if who.role is Role.OWNER and report.recorded_by != who.account_id:
        raise Refused("not_recorded_by_you", number=number)
    for field in before:
        setattr(report, field, wanted[field])
    report.recorded_by, report.recorded_at = who.account_id, clock.now()
    product_trail(
        session, clock, who, "catalog.record_test_report", product,
        facts={"report_no": number, "corrects": True},
        before=before, after={k: wanted[k] for k in before},
    )  # fmt: skip
    return True
