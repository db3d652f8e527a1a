"""Enrollment, certification of conditions with evidence, inspections."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.db.columns import (
    Row,
    VersionedRow,
    day_column,
    enum_column,
    instant_column,
    json_column,
)
from marketplace.features.progress.kinds import (
    CertificationStatus,
    EnrollmentStatus,
    InspectionKind,
    InspectionResult,
)


class Enrollment(VersionedRow, table=True):
    """入库: time zero is the day the signed commitment was accepted; one per operator."""

    __tablename__ = "enrollment"
    __table_args__ = (
        sa.Index(
            "uq_enrollment_operator",
            "operator_id",
            unique=True,
            sqlite_where=sa.text("reversed_at IS NULL"),
            postgresql_where=sa.text("reversed_at IS NULL"),
        ),
        sa.CheckConstraint("status = 'applied' OR enrolled_on IS NOT NULL", name="time_zero"),
    )

    operator_id: int = Field(foreign_key="operator.id", index=True)
    program: str = Field(max_length=60, index=True)
    status: EnrollmentStatus = enum_column(EnrollmentStatus, index=True)
    commitment_use_id: int | None = Field(default=None, foreign_key="file_use.id")
    signed_on: date = day_column()
    signed_by: str = Field(max_length=80)
    applied_by: int | None = None
    applied_at: datetime = instant_column()
    enrolled_on: date | None = day_column(nullable=True)
    accepted_by: int | None = None
    accepted_at: datetime | None = instant_column(nullable=True)
    trigger_finding_id: int | None = Field(default=None, foreign_key="finding.id")
    exit_on: date | None = day_column(nullable=True)
    exit_reason: str | None = Field(default=None, max_length=300)
    reversed_at: datetime | None = instant_column(nullable=True)


class Certification(VersionedRow, table=True):
    """One condition of one factory, from submission to decision."""

    __tablename__ = "certification"
    __table_args__ = (
        sa.Index(
            "uq_certification_open",
            "factory_id",
            "condition",
            unique=True,
            sqlite_where=sa.text("status = 'submitted'"),
            postgresql_where=sa.text("status = 'submitted'"),
        ),
        sa.Index(
            "uq_certification_approved",
            "factory_id",
            "condition",
            unique=True,
            sqlite_where=sa.text("status = 'approved'"),
            postgresql_where=sa.text("status = 'approved'"),
        ),
    )

    factory_id: int = Field(foreign_key="factory.id", index=True)
    operator_id: int = Field(index=True)
    program: str = Field(max_length=60)
    condition: str = Field(max_length=60)
    status: CertificationStatus = enum_column(CertificationStatus, index=True)
    facts: dict[str, Any] = json_column()
    submitted_by: int | None = None
    submitted_at: datetime = instant_column()
    due_on: date | None = day_column(nullable=True)
    first_by: int | None = None  # the first of two persons, where two decide
    first_at: datetime | None = instant_column(nullable=True)
    decided_by: int | None = None
    decided_at: datetime | None = instant_column(nullable=True)
    reason_code: str | None = Field(default=None, max_length=60)
    note: str | None = Field(default=None, max_length=1000)
    valid_until: date | None = day_column(nullable=True)
    rulebook_sha256: str = Field(max_length=64)


class CertificationEvidence(Row, table=True):
    """佐证材料 of a submission."""

    __tablename__ = "certification_evidence"

    certification_id: int = Field(foreign_key="certification.id", index=True)
    use_id: int = Field(foreign_key="file_use.id")
    kind: str = Field(max_length=60)


class Inspection(VersionedRow, table=True):
    """现场核查: effort, and the on-site condition's base."""

    __tablename__ = "inspection"

    factory_id: int = Field(foreign_key="factory.id", index=True)
    operator_id: int = Field(index=True)
    program: str = Field(max_length=60)
    kind: InspectionKind = enum_column(InspectionKind)
    inspected_on: date = day_column(index=True)
    inspectors: str = Field(max_length=200)
    result: InspectionResult = enum_column(InspectionResult)
    non_conformities: dict[str, Any] = json_column()
    note: str | None = Field(default=None, max_length=1000)
    corrective_due_on: date | None = day_column(nullable=True)
    recorded_by: int | None = None
    recorded_at: datetime = instant_column()
