"""Builds the package of a lead from what the register and the cases hold now."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from marketplace.base.clock import civil_day
from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.base.rulebook import Rulebook
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding, FindingEvidence
from marketplace.features.referrals import rules
from marketplace.features.referrals.kinds import Redaction
from marketplace.features.referrals.tables import Referral, ReferralFinding
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.tables import Factory, Operator, Store, StoreHolding


def build_package(session: Session, rulebook: Rulebook, row: Referral) -> dict[str, Any]:
    """Return the package of a draft from what the register holds now."""
    factory = session.get_one(Factory, row.factory_id)
    operator = session.get_one(Operator, row.operator_id)
    agency = rulebook.conduct.referrals.agency(row.agency)
    region = rulebook.region(factory.district) if factory.district else None
    findings = _findings(session, row.key)
    facts = rules.Facts(
        number=row.number,
        program=rulebook.program.name_zh,
        agency=agency.name_zh if agency else row.agency,
        title=row.title,
        statement=row.statement,
        prepared_on=civil_day(row.prepared_at),
        subject=rules.Subject(
            operator=operator.name,
            uscc=operator.uscc,
            legal_representative=operator.legal_representative,
            phone=operator.phone,
            factory=factory.name,
            district=region.name_zh if region else factory.district,
            address=factory.address,
        ),
        stores=tuple(_stores(session, row.operator_id)),
        findings=tuple(_told(f, store_no) for f, store_no in findings),
        evidence=tuple(_evidence(session, row.key, [f.key for f, _ in findings])),
    )
    return rules.package(facts, redactions(row))


def redactions(row: Referral) -> tuple[Redaction, ...]:
    """Return what a lead leaves out."""
    return tuple(Redaction(name) for name in row.left_out.get("fields", []))


def _findings(session: Session, referral_id: int) -> list[tuple[Finding, str]]:
    rows = session.execute(
        select(Finding, col(Store.store_no))
        .join(ReferralFinding, col(ReferralFinding.finding_id) == col(Finding.id))
        .join(Store, col(Store.id) == col(Finding.store_id))
        .where(
            col(ReferralFinding.referral_id) == referral_id,
            col(Finding.status) == FindingStatus.UPHELD,
        )
        .order_by(col(Finding.id))
    )
    return [(finding, store_no) for finding, store_no in rows]


def _told(finding: Finding, store_no: str) -> rules.FindingFact:
    return rules.FindingFact(
        reference=finding.reference,
        store_no=store_no,
        found_on=finding.found_on,
        decided_on=civil_day(finding.decided_at or finding.recorded_at),
        origin=finding.origin.value,
        brand=finding.brand,
        listings=finding.listings,
        statement=finding.statement,
        hearing=finding.hearing,
        reason=finding.reason,
    )


def _stores(session: Session, operator_id: int) -> list[rules.StoreFact]:
    rows = session.execute(
        select(Store, StoreHolding)
        .join(StoreHolding, col(StoreHolding.store_id) == col(Store.id))
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .where(
            col(Factory.operator_id) == operator_id,
            col(StoreHolding.status) != HoldingStatus.REJECTED,
        )
        .order_by(col(StoreHolding.from_on), col(Store.id))
    )
    return [
        rules.StoreFact(
            store.platform, store.store_no, store.name, holding.from_on, holding.until_on,
            holding.basis, holding.status is HoldingStatus.CONFIRMED,
        )
        for store, holding in rows
    ]  # fmt: skip


def _evidence(
    session: Session, referral_id: int, finding_ids: list[int]
) -> list[rules.EvidenceFact]:
    """Return what a lead and its findings rest on: files kept here, then digests of others."""
    subjects = [f"referral:{referral_id}", *(f"finding:{n}" for n in finding_ids)]
    rows = session.execute(
        select(FileUse, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(FileUse.file_id))
        .where(col(FileUse.subject).in_(subjects), col(FileUse.withdrawn_at).is_(None))
        .order_by(col(FileUse.id))
    )
    files = [
        rules.EvidenceFact(use.name, file.sha256, file.size_bytes, file.media_type)
        for use, file in rows
    ]
    elsewhere = session.execute(
        select(FindingEvidence)
        .where(
            col(FindingEvidence.finding_id).in_(finding_ids),
            col(FindingEvidence.sha256).not_in({file.sha256 for file in files}),
        )
        .order_by(col(FindingEvidence.id))
    ).scalars()
    return [*files, *(rules.EvidenceFact(e.name, e.sha256, None, None) for e in elsewhere)]
