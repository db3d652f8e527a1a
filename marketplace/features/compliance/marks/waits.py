"""Reads how long people waited: for acceptance, for a decision on evidence, for the first product."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, start_of
from marketplace.features.catalog.kinds import ProductVerdict
from marketplace.features.catalog.tables import Product, ProductDecision
from marketplace.features.compliance.kinds import WaitKind
from marketplace.features.compliance.rules.waiting import Wait
from marketplace.features.progress.kinds import CertificationStatus
from marketplace.features.progress.tables import Certification, Enrollment
from marketplace.features.registry.tables import Factory

_DAY = 86_400


def list_waits(
    session: Session,
    actor: Actor,
    *,
    clock: Clock,
    program: str,
    district: str | None = None,
) -> Mapping[WaitKind, tuple[Wait, ...]]:
    """Return every wait by its kind, in days; those who left stop waiting without an end.

    Evidence that its sender took back is no wait for an answer and is left out.
    """
    require(actor, "compliance.list_waits", Scope(program=program, district=district))
    mine = sa.select(col(Factory.operator_id)).where(col(Factory.program) == program)
    if district is not None:
        mine = mine.where(col(Factory.district) == district)
    now = clock.now()
    enrolled = session.execute(
        sa.select(
            col(Enrollment.operator_id),
            col(Enrollment.applied_at),
            col(Enrollment.accepted_at),
            col(Enrollment.enrolled_on),
            col(Enrollment.exit_on),
        ).where(col(Enrollment.operator_id).in_(mine), col(Enrollment.reversed_at).is_(None))
    ).all()
    evidence = session.execute(
        sa.select(col(Certification.submitted_at), col(Certification.decided_at)).where(
            col(Certification.operator_id).in_(mine),
            col(Certification.status) != CertificationStatus.WITHDRAWN,
        )
    ).all()
    first = _first_products(session, mine)
    return {
        WaitKind.ENROLLMENT: tuple(_wait(e.applied_at, e.accepted_at, now) for e in enrolled),
        WaitKind.EVIDENCE: tuple(_wait(sent, decided, now) for sent, decided in evidence),
        WaitKind.FIRST_PRODUCT: tuple(
            _wait(
                start_of(e.enrolled_on),
                first.get(e.operator_id),
                min(now, start_of(e.exit_on)) if e.exit_on else now,
            )
            for e in enrolled
            if e.enrolled_on is not None
        ),
    }


def _first_products(session: Session, mine: Any) -> dict[int, datetime]:
    """Return when each operator's first product was verified, by a decision or as brought in."""
    decided = (
        sa.select(col(Product.operator_id), sa.func.min(col(ProductDecision.decided_at)))
        .join(ProductDecision, col(ProductDecision.product_id) == col(Product.id))
        .where(
            col(Product.operator_id).in_(mine),
            col(ProductDecision.verdict) == ProductVerdict.VERIFIED,
        )
        .group_by(col(Product.operator_id))
    )
    brought = (
        sa.select(col(Product.operator_id), sa.func.min(col(Product.verified_at)))
        .where(col(Product.operator_id).in_(mine), col(Product.verified_at).is_not(None))
        .group_by(col(Product.operator_id))
    )
    first: dict[int, datetime] = {}
    for operator_id, at in (*session.execute(decided).all(), *session.execute(brought).all()):
        first[operator_id] = min(at, first.get(operator_id, at))
    return first


def _wait(since: datetime, until: datetime | None, now: datetime) -> Wait:
    ended = until is not None and until <= now
    end = until if until is not None and ended else now
    return Wait(max((end - since).total_seconds(), 0.0) / _DAY, ended)
