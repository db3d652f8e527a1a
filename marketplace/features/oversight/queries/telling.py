"""Tells what one decision rested on: its own row, what was judged, the files handed in with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from marketplace.base.errors import NotFound
from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.features.appeals.tables import Appeal, AppealFile
from marketplace.features.catalog.tables import (
    Product,
    ProductDecision,
    ProductPhoto,
    TestReport,
)
from marketplace.features.complaints.tables import Complaint
from marketplace.features.enforcement.tables import (
    Finding,
    FindingDetail,
    FindingEvidence,
    StatementOfReasons,
)
from marketplace.features.progress.tables import (
    Certification,
    CertificationEvidence,
    Enrollment,
)
from marketplace.features.registry.tables import Operator, Store

T = TypeVar("T")
Fact = str | int | date | datetime | StrEnum | None


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence by its digest; `use_id` opens it where its file is kept.

    `kept_at` tells whether it was there when the decision was made.
    """

    name: str
    sha256: str
    use_id: int | None
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What a decision rested on: named facts, evidence, reason, rule version, where its trail is.

    A fact's name is a key of `oversight.fact`; `judged` are the submitted values themselves.
    """

    facts: tuple[tuple[str, Fact], ...]
    judged: tuple[tuple[str, str], ...]
    evidence: tuple[EvidenceRow, ...]
    reason: str | None
    rulebook_sha256: str | None
    subjects: tuple[str, ...]


def tell_finding(session: Session, entity_id: int) -> Told:
    """Return what a finding was decided on."""
    row = _known(session.get(Finding, entity_id))
    detail = session.execute(
        select(FindingDetail).where(FindingDetail.finding_id == entity_id)
    ).scalar()
    evidence = session.execute(
        select(FindingEvidence)
        .where(FindingEvidence.finding_id == entity_id)
        .order_by(col(FindingEvidence.id))
    ).scalars()
    statements = session.execute(
        select(StatementOfReasons).where(StatementOfReasons.finding_id == entity_id)
    ).scalars()
    return Told(
        facts=(
            ("reference", row.reference),
            ("store", _store(session, row.store_id)),
            ("origin", row.origin),
            ("basis", row.basis),
            ("brand", row.brand),
            ("listings", row.listings),
            ("found_on", row.found_on),
            ("category", detail.category if detail else None),
            ("intent", detail.decided_intent if detail else None),
            ("submitted_at", row.recorded_at),
            ("statement", row.statement),
            ("hearing", row.hearing),
        ),
        judged=(),
        evidence=tuple(EvidenceRow(e.name, e.sha256, e.use_id, e.added_at) for e in evidence),
        reason=row.reason,
        rulebook_sha256=row.rulebook_sha256,
        subjects=(f"finding:{entity_id}", *(f"statement:{s.key}" for s in statements)),
    )


def tell_complaint(session: Session, entity_id: int) -> Told:
    """Return what a complaint was answered on; who complained stays protected."""
    row = _known(session.get(Complaint, entity_id))
    subjects = [f"complaint:{entity_id}", f"case:{row.case_id}"]
    if row.notice_id is not None:
        subjects.append(f"notice:{row.notice_id}")
    return Told(
        facts=(
            ("reference", row.number),
            ("store", _store(session, row.store_id)),
            ("origin", row.origin),
            ("brand", row.brand or None),
            ("submitted_at", row.received_at),
            ("due_on", row.due_on),
            ("statement", row.text),
            ("seller_answer", row.seller_answer),
            ("seller_text", row.seller_text),
            ("refusal", row.refusal),
            ("next_step", row.next_step),
        ),
        judged=(),
        evidence=_files(session, col(FileUse.subject).in_(subjects)),
        reason=row.reason,
        rulebook_sha256=None,
        subjects=(f"case:{row.case_id}",),
    )


def tell_certification(session: Session, entity_id: int) -> Told:
    """Return what a condition was decided on."""
    row = _known(session.get(Certification, entity_id))
    uses = select(CertificationEvidence.use_id).where(
        CertificationEvidence.certification_id == entity_id
    )
    return Told(
        facts=(
            ("condition", row.condition),
            ("submitted_at", row.submitted_at),
            ("due_on", row.due_on),
            ("first_at", row.first_at),
            ("reason_code", row.reason_code),
            ("valid_until", row.valid_until),
        ),
        judged=_values(row.facts),
        evidence=_files(session, col(FileUse.id).in_(uses)),
        reason=row.note,
        rulebook_sha256=row.rulebook_sha256,
        subjects=(f"certification:{entity_id}",),
    )


def tell_product(session: Session, entity_id: int) -> Told:
    """Return what a decision on a product rested on: the snapshot judged, pictures, test reports."""
    row = _known(session.get(ProductDecision, entity_id))
    product = _known(session.get(Product, row.product_id))
    photos = select(ProductPhoto.use_id).where(ProductPhoto.product_id == product.key)
    reports = select(TestReport.use_id).where(
        TestReport.product_id == product.key, col(TestReport.use_id).is_not(None)
    )
    codes = row.reason_codes.get("codes", ())
    return Told(
        facts=(
            ("product", product.name_zh),
            ("model_no", product.model_no),
            ("submitted_at", product.submitted_at),
            ("reason_code", "、".join(str(c) for c in codes) or None),
            ("valid_until", row.valid_until),
        ),
        judged=_values(row.snapshot),
        evidence=_files(session, col(FileUse.id).in_(photos) | col(FileUse.id).in_(reports)),
        reason=row.note,
        rulebook_sha256=row.rulebook_sha256,
        subjects=(f"product:{product.key}",),
    )


def tell_enrollment(session: Session, entity_id: int) -> Told:
    """Return what an enrollment was accepted on."""
    row = _known(session.get(Enrollment, entity_id))
    operator = _known(session.get(Operator, row.operator_id))
    return Told(
        facts=(
            ("operator", operator.name),
            ("submitted_at", row.applied_at),
            ("signed_on", row.signed_on),
            ("enrolled_on", row.enrolled_on),
            ("exit_on", row.exit_on),
        ),
        judged=(),
        evidence=_files(session, col(FileUse.id) == row.commitment_use_id),
        reason=row.exit_reason,
        rulebook_sha256=None,
        subjects=(f"enrollment:{entity_id}",),
    )


def tell_appeal(session: Session, entity_id: int) -> Told:
    """Return what an appeal was decided on."""
    row = _known(session.get(Appeal, entity_id))
    uses = select(AppealFile.use_id).where(AppealFile.appeal_id == entity_id)
    return Told(
        facts=(
            ("reference", row.number),
            ("store", _store(session, row.store_id)),
            ("instance", row.instance),
            ("ground", row.ground),
            ("submitted_at", row.filed_at),
            ("due_on", row.due_on),
            ("statement", row.text),
        ),
        judged=(),
        evidence=_files(session, col(FileUse.id).in_(uses)),
        reason=row.decision,
        rulebook_sha256=row.rulebook_sha256,
        subjects=(f"appeal:{entity_id}", f"statement:{row.statement_id}"),
    )


def _known(row: T | None) -> T:
    if row is None:
        raise NotFound("oversight_item_not_found", item_id=0)
    return row


def _store(session: Session, store_id: int) -> str | None:
    found = session.get(Store, store_id)
    return found.name if found else None


def _files(session: Session, which: Any) -> tuple[EvidenceRow, ...]:
    rows = session.execute(
        select(FileUse, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(FileUse.file_id))
        .where(which)
        .order_by(col(FileUse.id))
    ).all()
    return tuple(
        EvidenceRow(use.name, stored.sha256, use.key, use.uploaded_at) for use, stored in rows
    )


def _values(held: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return submitted values as text, one level deep; empty ones are left out."""

    def plain(value: Any) -> str:
        if isinstance(value, Mapping):
            return "；".join(f"{k} {plain(v)}" for k, v in value.items())
        if isinstance(value, str) or not isinstance(value, Iterable):
            return str(value)
        return "、".join(plain(v) for v in value)

    return tuple((str(k), plain(v)) for k, v in held.items() if v not in (None, "", [], {}))
