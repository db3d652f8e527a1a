"""Gathers the facts of the ladder for one or many factories at once; no query per factory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.clock import add_working_days, civil_day
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog import rules as catalog_rules
from marketplace.features.catalog.kinds import TestOutcome, TrademarkStatus
from marketplace.features.catalog.queries.facts import mark_facts
from marketplace.features.catalog.tables import Brand, Product, TestReport, Trademark
from marketplace.features.progress.kinds import CertificationStatus, EnrollmentStatus
from marketplace.features.progress.rules import ConditionFacts
from marketplace.features.progress.tables import Certification, Enrollment
from marketplace.features.registry.kinds import FactoryStatus
from marketplace.features.registry.tables import Factory

_LIVE = (
    CertificationStatus.SUBMITTED,
    CertificationStatus.APPROVED,
    CertificationStatus.RETURNED,
    CertificationStatus.REFUSED,
)
_MARK_SOURCES = {"catalog.trademark_filed", "catalog.trademark_registered"}
_PENDING_MARKS = {TrademarkStatus.FILED, TrademarkStatus.PUBLISHED, TrademarkStatus.OPPOSED}

Facts = dict[str, ConditionFacts]


def gather(
    session: Session, rulebook: Rulebook, factory_ids: Sequence[int], day: date
) -> dict[int, Facts]:
    """Return factory → condition key → facts.

    Conditions whose `source` in the program file names another feature's fact are derived from
    it; the others come from certifications.
    """
    found: dict[int, Facts] = {i: {} for i in factory_ids}
    if not factory_ids:
        return found
    operators = _operators(session, factory_ids)
    _certifications(session, found)
    derived = {c.key: str(c.source) for c in rulebook.conditions if c.source}
    marks: Sequence[Any] = ()
    if any(source in _MARK_SOURCES for source in derived.values()):
        marks = session.execute(_marks_asked(), {"operators": _numbers(operators)}).all()
    for key, source in derived.items():
        for factory_id, facts in _derive(session, rulebook, source, operators, marks, day):
            found[factory_id][key] = facts
    return found


# Built once: building a statement costs more than one factory's rows.
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_OPERATORS: sa.BindParameter[Any] = sa.bindparam("operators", expanding=True)


@cache
def _factories_asked() -> Any:
    return select(Factory).where(col(Factory.id).in_(_IDS))


@cache
def _certifications_asked() -> Any:
    return (
        select(Certification)
        .where(col(Certification.factory_id).in_(_IDS), col(Certification.status).in_(_LIVE))
        .order_by(col(Certification.id))
    )


@cache
def _enrollments_asked() -> Any:
    return (
        select(Enrollment)
        .where(col(Enrollment.operator_id).in_(_OPERATORS))
        .order_by(col(Enrollment.id))
    )


@cache
def _marks_asked() -> Any:
    return (
        select(Brand.operator_id, Trademark)
        .join(Trademark, col(Trademark.brand_id) == col(Brand.id))
        .where(col(Brand.operator_id).in_(_OPERATORS))
    )


@cache
def _tests_asked() -> Any:
    return (
        select(
            Product.factory_id,
            sa.func.min(col(TestReport.issued_on)),
            sa.func.max(col(TestReport.valid_until)),
        )
        .join(TestReport, col(TestReport.product_id) == col(Product.id))
        .where(
            col(Product.factory_id).in_(_IDS),
            col(TestReport.outcome) == TestOutcome.PASSED,
            col(TestReport.valid_until) > sa.bindparam("day", type_=sa.Date()),
        )
        .group_by(col(Product.factory_id))
    )


def _numbers(operators: dict[int, tuple[int, Factory]]) -> list[int]:
    return sorted({operator_id for operator_id, _factory in operators.values()})


def _operators(session: Session, factory_ids: Sequence[int]) -> dict[int, tuple[int, Factory]]:
    rows = session.execute(_factories_asked(), {"ids": list(factory_ids)}).scalars()
    return {f.key: (f.operator_id, f) for f in rows}


def _certifications(session: Session, found: dict[int, Facts]) -> None:
    rows = session.execute(_certifications_asked(), {"ids": list(found)}).scalars()
    for row in rows:
        since = civil_day(row.decided_at or row.submitted_at)
        facts = ConditionFacts(
            status=row.status,
            since=since,
            due_on=row.due_on,
            valid_until=row.valid_until,
            note=row.note,
            certification_id=row.key,
        )
        earlier = found[row.factory_id].get(row.condition)
        renewing = (
            earlier is not None
            and earlier.status is CertificationStatus.APPROVED
            and row.status is not CertificationStatus.APPROVED
        )
        if not renewing or earlier is None:
            found[row.factory_id][row.condition] = facts
        else:  # a renewal under review does not take the condition away
            found[row.factory_id][row.condition] = replace(
                earlier,
                renewal=row.status,
                renewal_due_on=row.due_on,
                renewal_note=row.note,
            )


def _derive(
    session: Session,
    rulebook: Rulebook,
    source: str,
    operators: dict[int, tuple[int, Factory]],
    marks: Sequence[Any],
    day: date,
) -> Iterable[tuple[int, ConditionFacts]]:
    match source:
        case "registry.registered":
            for factory_id, (_operator, factory) in operators.items():
                if factory.status is FactoryStatus.REGISTERED:
                    yield factory_id, _met(civil_day(factory.created_at))
        case "progress.enrolled":
            yield from _enrolled(session, rulebook, operators)
        case "catalog.trademark_filed" | "catalog.trademark_registered":
            yield from _marks(rulebook, source, operators, marks, day)
        case "catalog.product_test":
            yield from _tests(session, operators, day)
        case _:
            msg = f"unknown source of a condition: {source}"
            raise ValueError(msg)


def _enrolled(
    session: Session, rulebook: Rulebook, operators: dict[int, tuple[int, Factory]]
) -> Iterable[tuple[int, ConditionFacts]]:
    rows = session.execute(_enrollments_asked(), {"operators": _numbers(operators)}).scalars()
    by_operator: dict[int, Enrollment] = {}
    for e in rows:
        if (
            e.reversed_at is None
            or e.operator_id not in by_operator
            or by_operator[e.operator_id].reversed_at is not None
        ):
            by_operator[e.operator_id] = e
    rule = next((c for c in rulebook.conditions if c.source == "progress.enrolled"), None)
    for factory_id, (operator_id, _factory) in operators.items():
        enrollment = by_operator.get(operator_id)
        if enrollment is None:
            continue
        if enrollment.reversed_at is not None:
            if enrollment.status is EnrollmentStatus.APPLIED and enrollment.exit_reason:
                yield (
                    factory_id,
                    ConditionFacts(
                        CertificationStatus.RETURNED,
                        since=civil_day(enrollment.reversed_at),
                        note=enrollment.exit_reason,
                    ),
                )
            continue
        if enrollment.enrolled_on is not None:
            yield factory_id, _met(enrollment.enrolled_on)
        elif enrollment.status is EnrollmentStatus.APPLIED:
            yield (
                factory_id,
                ConditionFacts(
                    CertificationStatus.SUBMITTED,
                    since=civil_day(enrollment.applied_at),
                    due_on=add_working_days(
                        civil_day(enrollment.applied_at),
                        rule.due_working_days if rule else 1,
                        rulebook.calendar,
                    ),
                ),
            )


def _marks(
    rulebook: Rulebook,
    source: str,
    operators: dict[int, tuple[int, Factory]],
    marks: Sequence[Any],
    day: date,
) -> Iterable[tuple[int, ConditionFacts]]:
    best: dict[int, ConditionFacts] = {}
    for operator_id, mark in marks:
        facts = _mark_facts(rulebook, source, mark, day)
        if facts is None:
            continue
        known = best.get(operator_id)
        if known is None or (known.waits and not facts.waits):
            best[operator_id] = facts
    for factory_id, (operator_id, _factory) in operators.items():
        if operator_id in best:
            yield factory_id, best[operator_id]


def _mark_facts(
    rulebook: Rulebook, source: str, mark: Trademark, day: date
) -> ConditionFacts | None:
    if source == "catalog.trademark_filed":
        return _met(mark.filed_on) if mark.filed_on else None
    if catalog_rules.mark_holds(mark_facts(mark), day, rulebook.product.nice_class):
        return replace(_met(mark.registered_on), valid_until=mark.valid_until)
    if mark.status in _PENDING_MARKS:
        return ConditionFacts(None, since=mark.filed_on, waits=True)
    return None


def _tests(
    session: Session, operators: dict[int, tuple[int, Factory]], day: date
) -> Iterable[tuple[int, ConditionFacts]]:
    rows = session.execute(_tests_asked(), {"ids": list(operators), "day": day}).all()
    for factory_id, since, until in rows:
        yield factory_id, replace(_met(since), valid_until=until)


def _met(since: date | None) -> ConditionFacts:
    return ConditionFacts(CertificationStatus.APPROVED, since=since)
