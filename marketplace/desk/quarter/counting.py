"""Counts what happened in a quarter: people in and out, evidence, complaints, appeals, showcase.

Everything is counted up to a day, so that it can be counted again later and only a correction
makes a difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor
from marketplace.base.clock import start_of, working_days_between
from marketplace.base.rulebook import Rulebook
from marketplace.features.appeals.kinds import AppealStatus
from marketplace.features.appeals.tables import Appeal
from marketplace.features.catalog.kinds import ProductVerdict
from marketplace.features.catalog.tables import Lapse, Product, ProductDecision
from marketplace.features.complaints.queries import list_handled
from marketplace.features.compliance.rules.waiting import (
    Wait,
    WaitingTime,
    ninetieth,
    waiting_time,
)
from marketplace.features.progress.kinds import CertificationStatus, EnrollmentStatus
from marketplace.features.progress.tables import Certification, Enrollment
from marketplace.features.promotion.tables import Collection, ScanCount, Slot
from marketplace.features.registry.tables import Factory

GRANTED = (CertificationStatus.APPROVED, CertificationStatus.LAPSED)  # lapsed ones were granted
SENT_BACK = (CertificationStatus.RETURNED, CertificationStatus.REFUSED)


@dataclass(frozen=True, slots=True)
class Span:
    """The days counted, both inclusive, and whose: a program or one district."""

    program: str
    district: str | None
    first: date
    last: date

    @property
    def since(self) -> datetime:
        """The first instant."""
        return start_of(self.first)

    @property
    def until(self) -> datetime:
        """The first instant after."""
        return start_of(self.last + timedelta(days=1))

    @property
    def operators(self) -> Any:
        """The operators it is about, as a query."""
        found = sa.select(col(Factory.operator_id)).where(col(Factory.program) == self.program)
        return (
            found
            if self.district is None
            else found.where(col(Factory.district) == self.district)
        )

    def holds(self, instant: Any) -> Any:
        """Return the condition that a column lies in the days counted."""
        return sa.and_(instant >= self.since, instant < self.until)


@dataclass(frozen=True, slots=True)
class People:
    """Who is enrolled at the end, who came and who left in the quarter."""

    enrolled: int
    came: int
    left: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One condition of the ladder: what was handed in, granted and sent back."""

    condition: str
    submitted: int
    granted: int
    sent_back: int


@dataclass(frozen=True, slots=True)
class Complained:
    """Complaints received in the quarter, as they stood on its last day counted.

    Days are working days; `ninetieth_days` is when nine of ten had their answer. Those without an
    answer count as waiting (Kaplan-Meier). `longest_days` is the longest wait without an answer.
    """

    received: int
    answered: int
    upheld: int
    waiting: int
    longest_days: int | None
    time: WaitingTime
    ninetieth_days: int | None


@dataclass(frozen=True, slots=True)
class Appealed:
    """Appeals filed and decided in the quarter, and those open on its last day counted."""

    filed: int
    decided: int
    upheld: int
    open: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What reached the showcase: verified, lapsed, featured, collections, codes looked up."""

    verified: int
    lapsed: int
    collections: int
    featured: int
    scans: int


def count_people(session: Session, span: Span) -> People:
    """Count enrollments; a reversed one never was."""
    mine = (
        col(Enrollment.program) == span.program,
        col(Enrollment.operator_id).in_(span.operators),
        col(Enrollment.reversed_at).is_(None),
        col(Enrollment.status) != EnrollmentStatus.APPLIED,
    )
    there = sa.and_(
        col(Enrollment.enrolled_on) <= span.last,
        sa.or_(col(Enrollment.exit_on).is_(None), col(Enrollment.exit_on) > span.last),
    )
    return People(
        enrolled=_count(session, Enrollment, *mine, there),
        came=_count(
            session, Enrollment, *mine, col(Enrollment.enrolled_on).between(span.first, span.last)
        ),
        left=_count(
            session, Enrollment, *mine, col(Enrollment.exit_on).between(span.first, span.last)
        ),
    )  # fmt: skip


def count_evidence(session: Session, rulebook: Rulebook, span: Span) -> tuple[Evidence, ...]:
    """Count evidence by condition, in the order of the ladder."""
    submitted, decided = col(Certification.submitted_at), col(Certification.decided_at)
    status = col(Certification.status)

    def times(condition: Any) -> Any:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    rows = session.execute(
        sa.select(
            col(Certification.condition),
            times(
                sa.and_(span.holds(submitted), status != CertificationStatus.WITHDRAWN)
            ),
            times(sa.and_(span.holds(decided), status.in_(GRANTED))),
            times(sa.and_(span.holds(decided), status.in_(SENT_BACK))),
        )
        .where(
            col(Certification.program) == span.program,
            col(Certification.operator_id).in_(span.operators),
        )
        .group_by(col(Certification.condition))
    ).all()  # fmt: skip
    counted = {
        str(key): (int(sent or 0), int(granted or 0), int(back or 0))
        for key, sent, granted, back in rows
    }
    return tuple(
        Evidence(c.key, *counted[c.key])
        for c in rulebook.conditions_in_order()
        if any(counted.get(c.key, ()))
    )


def count_complaints(
    session: Session, actor: Actor, rulebook: Rulebook, span: Span
) -> Complained:
    """Count the complaints received in the quarter; withdrawn ones are left out."""
    mine = None
    if span.district is not None:
        mine = set(session.execute(span.operators).scalars())
    rows = [
        row.handled
        for row in list_handled(session, actor, program=span.program)
        if span.first <= row.handled.received_on <= span.last
        and (mine is None or row.operator_id in mine)
    ]
    answered = [r for r in rows if r.answered_on is not None and r.answered_on <= span.last]
    waits = [
        Wait(
            working_days_between(
                r.received_on,
                min(r.answered_on or span.last, span.last),
                rulebook.calendar,
            ),
            r.answered_on is not None and r.answered_on <= span.last,
        )
        for r in rows
    ]
    time = waiting_time(
        waits,
        level=rulebook.compliance.interval_level,
        min_ended=rulebook.methods.min_ended_waits,
    )
    still = [round(w.days) for w in waits if not w.ended]
    return Complained(
        received=len(rows),
        answered=len(answered),
        upheld=sum(r.upheld for r in answered),
        waiting=len(still),
        longest_days=max(still, default=None),
        time=time,
        ninetieth_days=ninetieth(time),
    )


def count_appeals(session: Session, span: Span) -> Appealed:
    """Count appeals of every instance; one taken back or settled was not decided."""
    rows: Sequence[Any] = session.execute(
        sa.select(col(Appeal.filed_at), col(Appeal.closed_at), col(Appeal.status)).where(
            col(Appeal.program) == span.program,
            col(Appeal.filed_at) < span.until,
            *(
                []
                if span.district is None
                else [col(Appeal.operator_id).in_(span.operators)]
            ),
        )
    ).all()  # fmt: skip
    decided = [
        row.status
        for row in rows
        if row.closed_at is not None
        and span.since <= row.closed_at < span.until
        and row.status in {AppealStatus.UPHELD, AppealStatus.REJECTED}
    ]
    return Appealed(
        filed=sum(row.filed_at >= span.since for row in rows),
        decided=len(decided),
        upheld=sum(status is AppealStatus.UPHELD for status in decided),
        open=sum(row.closed_at is None or row.closed_at >= span.until for row in rows),
    )


def count_shown(session: Session, span: Span) -> Shown:
    """Count what reached the showcase, what left it and what was looked up."""
    mine = col(Product.operator_id).in_(span.operators)
    program = col(Product.program) == span.program

    def products(row: Any, product_id: Any, *more: Any) -> int:
        statement = (
            sa.select(sa.func.count(sa.distinct(product_id)))
            .select_from(row)
            .join(Product, col(Product.id) == product_id)
            .where(mine, program, *more)
        )
        return int(session.execute(statement).scalar_one())

    overlapping = (
        col(Collection.published_at).is_not(None),
        col(Collection.starts_at) < span.until,
        col(Collection.ends_at) > span.since,
    )
    shown = sa.select(col(Collection.id)).where(*overlapping)
    scans = (
        sa.select(sa.func.coalesce(sa.func.sum(col(ScanCount.scans)), 0))
        .join(Product, col(Product.id) == col(ScanCount.product_id))
        .where(mine, program, col(ScanCount.day).between(span.first, span.last))
    )
    return Shown(
        verified=products(
            ProductDecision,
            col(ProductDecision.product_id),
            col(ProductDecision.verdict) == ProductVerdict.VERIFIED,
            span.holds(col(ProductDecision.decided_at)),
        ),
        lapsed=products(Lapse, col(Lapse.product_id), span.holds(col(Lapse.at))),
        collections=_count(
            session, Collection, *overlapping, col(Collection.program) == span.program
        ),
        featured=products(
            Slot,
            col(Slot.product_id),
            col(Slot.collection_id).in_(shown),
            col(Slot.placed_at) < span.until,
            sa.or_(col(Slot.removed_at).is_(None), col(Slot.removed_at) >= span.since),
        ),
        scans=int(session.execute(scans).scalar_one()),
    )


def _count(session: Session, row: Any, *conditions: Any) -> int:
    statement = sa.select(sa.func.count()).select_from(row).where(*conditions)
    return int(session.execute(statement).scalar_one())
