"""Gathers the decisions of people from every feature as one list; who may see it is decided above."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, is_in_reach
from marketplace.base.clock import start_of
from marketplace.features.appeals.tables import Appeal
from marketplace.features.catalog.tables import Product, ProductDecision
from marketplace.features.complaints.tables import Complaint, InfringementCase
from marketplace.features.enforcement.tables import Finding
from marketplace.features.oversight.kinds import DecisionKind
from marketplace.features.oversight.rules import Decision
from marketplace.features.progress.tables import Certification, Enrollment
from marketplace.features.registry.tables import Factory

_Span = tuple[datetime, datetime]
_Fact = tuple[Any, ...]


def gather(
    session: Session,
    who: Actor,
    *,
    program: str,
    since: date,
    until: date,
    kinds: Sequence[DecisionKind] = tuple(DecisionKind),
) -> list[Decision]:
    """Return the decisions of people in a period of civil days, both inclusive, oldest first.

    What the system decided by itself is left out; an auditor of some districts gets only theirs.
    """
    span = (start_of(since), start_of(until + timedelta(days=1)))
    found = [
        decision
        for kind in kinds
        for decision in _told(kind, _READERS[kind](session, program, span))
        if is_in_reach(who, program, decision.district)
    ]
    return sorted(found, key=lambda d: (d.at, d.kind.value, d.entity_id))


def _told(kind: DecisionKind, rows: Sequence[_Fact]) -> Iterator[Decision]:
    """Turn (id, at, by, submitted, operator, factory, district, outcome, more hands) into values."""
    for entity, at, by, sent, operator, factory, district, outcome, *hands in rows:
        people = frozenset(int(h) for h in (by, *hands) if h is not None)
        yield Decision(
            kind, int(entity), at, int(by), sent, operator, factory, district, people, outcome
        )


def _in_span(at: Any, by: Any, span: _Span) -> tuple[Any, ...]:
    return (col(at) >= span[0], col(at) < span[1], col(by).is_not(None))


def _findings(session: Session, program: str, span: _Span) -> Sequence[_Fact]:
    return session.execute(
        sa.select(
            col(Finding.id), col(Finding.decided_at), col(Finding.decided_by),
            col(Finding.recorded_at), col(Finding.operator_id), col(Finding.factory_id),
            col(Factory.district), col(Finding.status), col(Finding.recorded_by),
        )
        .outerjoin(Factory, col(Factory.id) == col(Finding.factory_id))
        .where(
            col(Finding.program) == program,
            *_in_span(Finding.decided_at, Finding.decided_by, span),
        )
    ).all()  # fmt: skip


def _complaints(session: Session, program: str, span: _Span) -> Sequence[_Fact]:
    return session.execute(
        sa.select(
            col(Complaint.id), col(Complaint.answered_at), col(Complaint.answered_by),
            col(Complaint.received_at), col(Complaint.operator_id),
            col(InfringementCase.factory_id), col(Factory.district), col(Complaint.status),
            col(Complaint.received_by),
        )
        .join(InfringementCase, col(InfringementCase.id) == col(Complaint.case_id))
        .outerjoin(Factory, col(Factory.id) == col(InfringementCase.factory_id))
        .where(
            col(Complaint.program) == program,
            *_in_span(Complaint.answered_at, Complaint.answered_by, span),
        )
    ).all()  # fmt: skip


def _certifications(session: Session, program: str, span: _Span) -> Sequence[_Fact]:
    return session.execute(
        sa.select(
            col(Certification.id), col(Certification.decided_at),
            col(Certification.decided_by), col(Certification.submitted_at),
            col(Certification.operator_id), col(Certification.factory_id),
            col(Factory.district), col(Certification.status), col(Certification.first_by),
        )
        .join(Factory, col(Factory.id) == col(Certification.factory_id))
        .where(
            col(Certification.program) == program,
            *_in_span(Certification.decided_at, Certification.decided_by, span),
        )
    ).all()  # fmt: skip


def _products(session: Session, program: str, span: _Span) -> Sequence[_Fact]:
    # A product keeps its last submission only: an earlier decision's is not known.
    return session.execute(
        sa.select(
            col(ProductDecision.id), col(ProductDecision.decided_at),
            col(ProductDecision.decided_by), col(Product.submitted_at),
            col(Product.operator_id), col(Product.factory_id), col(Factory.district),
            col(ProductDecision.verdict),
        )
        .join(Product, col(Product.id) == col(ProductDecision.product_id))
        .join(Factory, col(Factory.id) == col(Product.factory_id))
        .where(
            col(Product.program) == program,
            *_in_span(ProductDecision.decided_at, ProductDecision.decided_by, span),
        )
    ).all()  # fmt: skip


def _enrollments(session: Session, program: str, span: _Span) -> Sequence[_Fact]:
    first = (
        sa.select(col(Factory.operator_id), sa.func.min(col(Factory.id)).label("factory_id"))
        .group_by(col(Factory.operator_id))
        .subquery()
    )
    return session.execute(
        sa.select(
            col(Enrollment.id), col(Enrollment.accepted_at), col(Enrollment.accepted_by),
            col(Enrollment.applied_at), col(Enrollment.operator_id), col(Factory.id),
            col(Factory.district), col(Enrollment.status), col(Enrollment.applied_by),
        )
        .outerjoin(first, first.c.operator_id == col(Enrollment.operator_id))
        .outerjoin(Factory, col(Factory.id) == first.c.factory_id)
        .where(
            col(Enrollment.program) == program,
            *_in_span(Enrollment.accepted_at, Enrollment.accepted_by, span),
        )
    ).all()  # fmt: skip


def _appeals(session: Session, program: str, span: _Span) -> Sequence[_Fact]:
    return session.execute(
        sa.select(
            col(Appeal.id), col(Appeal.closed_at), col(Appeal.decided_by),
            col(Appeal.filed_at), col(Appeal.operator_id), col(Appeal.factory_id),
            col(Factory.district), col(Appeal.status),
        )
        .outerjoin(Factory, col(Factory.id) == col(Appeal.factory_id))
        .where(
            col(Appeal.program) == program,
            *_in_span(Appeal.closed_at, Appeal.decided_by, span),
        )
    ).all()  # fmt: skip


_READERS: Mapping[DecisionKind, Callable[[Session, str, _Span], Sequence[_Fact]]] = {
    DecisionKind.FINDING: _findings,
    DecisionKind.COMPLAINT: _complaints,
    DecisionKind.CERTIFICATION: _certifications,
    DecisionKind.PRODUCT: _products,
    DecisionKind.ENROLLMENT: _enrollments,
    DecisionKind.APPEAL: _appeals,
}


__all__ = ["gather"]
