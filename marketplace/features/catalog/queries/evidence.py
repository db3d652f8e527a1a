"""What stands behind a product: reports, decisions, lapses, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, require
from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.features.catalog.kinds import (
    LapseReason,
    PhotoRole,
    ProductVerdict,
    TestOutcome,
)
from marketplace.features.catalog.queries.facts import (
    scope_of_product,
)
from marketplace.features.catalog.tables import (
    Lapse,
    ProductDecision,
    ProductPhoto,
    TestReport,
)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A test report."""

    report_id: int
    report_no: str
    laboratory: str
    cma_no: str
    standard: str
    outcome: TestOutcome
    issued_on: date
    valid_until: date
    use_id: int | None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision on a product."""

    decision_id: int
    verdict: ProductVerdict
    reason_codes: tuple[str, ...]
    note: str | None
    decided_by: int | None
    decided_at: datetime
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class LapseRow:
    """A lapse; `cause` is None for those who may know the class of reason only."""

    lapse_id: int
    reason: LapseReason
    cause: str | None
    at: datetime
    closed_at: datetime | None


def list_test_reports(session: Session, actor: Actor, *, product_id: int) -> list[ReportRow]:
    """Return a product's test reports, newest first."""
    require(actor, "catalog.list_test_reports", scope_of_product(session, product_id))
    rows = session.execute(
        select(TestReport)
        .where(TestReport.product_id == product_id)
        .order_by(col(TestReport.issued_on).desc())
    ).scalars()
    return [
        ReportRow(
            report_id=row.key,
            report_no=row.report_no,
            laboratory=row.laboratory,
            cma_no=row.cma_no,
            standard=row.standard,
            outcome=row.outcome,
            issued_on=row.issued_on,
            valid_until=row.valid_until,
            use_id=row.use_id,
        )
        for row in rows
    ]


def list_decisions(session: Session, actor: Actor, *, product_id: int) -> list[DecisionRow]:
    """Return the decisions on a product, newest first."""
    require(actor, "catalog.list_decisions", scope_of_product(session, product_id))
    rows = session.execute(
        select(ProductDecision)
        .where(ProductDecision.product_id == product_id)
        .order_by(col(ProductDecision.id).desc())
    ).scalars()
    return [
        DecisionRow(
            decision_id=row.key,
            verdict=row.verdict,
            reason_codes=tuple(row.reason_codes.get("codes", ())),
            note=row.note,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            valid_until=row.valid_until,
        )
        for row in rows
    ]


def list_lapses(session: Session, actor: Actor, *, product_id: int) -> list[LapseRow]:
    """Return a product's lapses, newest first; a marketer reads the class of reason only."""
    require(actor, "catalog.list_lapses", scope_of_product(session, product_id))
    full = actor.role.value != "marketer"
    rows = session.execute(
        select(Lapse).where(Lapse.product_id == product_id).order_by(col(Lapse.id).desc())
    ).scalars()
    return [
        LapseRow(row.key, row.reason, row.cause if full else None, row.at, row.closed_at)
        for row in rows
    ]


def list_photos(
    session: Session, actor: Actor, *, product_id: int
) -> list[tuple[PhotoRole, int, str]]:
    """Return (role, file use, sha256) of a product's pictures in order."""
    require(actor, "catalog.list_photos", scope_of_product(session, product_id))
    rows = session.execute(
        select(ProductPhoto.role, ProductPhoto.use_id, StoredFile.sha256)
        .join(FileUse, col(FileUse.id) == col(ProductPhoto.use_id))
        .join(StoredFile, col(StoredFile.id) == col(FileUse.file_id))
        .where(ProductPhoto.product_id == product_id)
        .order_by(col(ProductPhoto.role).desc(), col(ProductPhoto.position))
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]


def main_pictures(session: Session, product_ids: Sequence[int]) -> dict[int, str]:
    """Return product → sha256 of its first main picture; for read models, never shown alone."""
    if not product_ids:
        return {}
    rows = session.execute(_main_pictures(), {"products": list(product_ids)}).all()
    return {row[0]: row[1] for row in rows}


@cache
def _main_pictures() -> sa.Select[int, str]:
    """Built once: every list of products asks it."""
    return (
        sa.select(col(ProductPhoto.product_id), col(StoredFile.sha256))
        .join(FileUse, col(FileUse.id) == col(ProductPhoto.use_id))
        .join(StoredFile, col(StoredFile.id) == col(FileUse.file_id))
        .where(
            col(ProductPhoto.product_id).in_(sa.bindparam("products", expanding=True)),
            col(ProductPhoto.role) == PhotoRole.MAIN,
        )
        .order_by(col(ProductPhoto.position).desc())
    )
