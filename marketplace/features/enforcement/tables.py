"""Findings, the points ledger, closures, near misses, reports from the public."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.db.columns import (
    Row,
    VersionedRow,
    day_column,
    enum_column,
    instant_column,
)
from marketplace.features.enforcement.kinds import (
    EntryKind,
    FindingBasis,
    FindingStatus,
    Measure,
    Origin,
    ReportStatus,
)


class Finding(VersionedRow, table=True):
    """发现: what was seen, by whom, how; counts `listings` 侵权商品."""

    __tablename__ = "finding"
    __table_args__ = (
        sa.CheckConstraint("listings >= 1", name="listings"),
        sa.Index("ix_finding_month", "store_id", "found_month"),
        sa.UniqueConstraint("program", "reference"),
    )

    program: str = Field(max_length=60, index=True)
    reference: str = Field(max_length=120)
    store_id: int = Field(foreign_key="store.id", index=True)
    factory_id: int | None = Field(default=None, foreign_key="factory.id", index=True)
    operator_id: int | None = Field(default=None, index=True)
    basis: FindingBasis = enum_column(FindingBasis)
    origin: Origin = enum_column(Origin)
    brand: str | None = Field(default=None, max_length=80)
    listings: int
    found_on: date = day_column()
    found_month: int
    statement: str = Field(max_length=1000)
    status: FindingStatus = enum_column(FindingStatus, index=True)
    recorded_by: int | None = None
    recorded_at: datetime = instant_column()
    heard_at: datetime | None = instant_column(nullable=True)
    hearing: str | None = Field(default=None, max_length=2000)
    decided_by: int | None = None
    decided_at: datetime | None = instant_column(nullable=True)
    reason: str | None = Field(default=None, max_length=1000)
    rulebook_sha256: str | None = Field(default=None, max_length=64)


class FindingProduct(Row, table=True):
    """The products a finding names."""

    __tablename__ = "finding_product"
    __table_args__ = (sa.UniqueConstraint("finding_id", "product_id"),)

    finding_id: int = Field(foreign_key="finding.id", index=True)
    product_id: int = Field(foreign_key="product.id", index=True)


class PointsEntry(Row, table=True):
    """One entry of the points ledger; append-only, a correction points to its original."""

    __tablename__ = "points_entry"
    __table_args__ = (
        sa.Index(
            "uq_points_entry_scored_once",
            "finding_id",
            unique=True,
            sqlite_where=sa.text("kind = 'score'"),
            postgresql_where=sa.text("kind = 'score'"),
        ),
        sa.Index(
            "uq_points_entry_reversed_once",
            "reverses_id",
            unique=True,
            sqlite_where=sa.text("reverses_id IS NOT NULL"),
            postgresql_where=sa.text("reverses_id IS NOT NULL"),
        ),
        sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal"),
        sa.CheckConstraint(
            "(kind = 'score') <= (finding_id IS NOT NULL)", name="score_has_finding"
        ),
        sa.Index(
            "uq_points_entry_complaint_once",
            "complaint_ref",
            unique=True,
            sqlite_where=sa.text("kind = 'complaint'"),
            postgresql_where=sa.text("kind = 'complaint'"),
        ),
    )

    store_id: int = Field(foreign_key="store.id", index=True)
    finding_id: int | None = Field(default=None, foreign_key="finding.id", index=True)
    complaint_ref: str | None = Field(default=None, max_length=120)
    brand: str | None = Field(default=None, max_length=80)
    kind: EntryKind = enum_column(EntryKind)
    offense: int | None = None
    points: int
    measure: Measure | None = enum_column(Measure, nullable=True)
    reverses_id: int | None = Field(default=None, foreign_key="points_entry.id")
    at: datetime = instant_column()
    decided_by: int | None = None
    rulebook_sha256: str = Field(max_length=64)


class StoreClosure(VersionedRow, table=True):
    """关闭店铺; at most one open closure a store."""

    __tablename__ = "store_closure"
    __table_args__ = (
        sa.Index(
            "uq_store_closure_open",
            "store_id",
            unique=True,
            sqlite_where=sa.text("reopened_at IS NULL"),
            postgresql_where=sa.text("reopened_at IS NULL"),
        ),
    )

    store_id: int = Field(foreign_key="store.id", index=True)
    factory_id: int | None = Field(default=None, foreign_key="factory.id")
    finding_id: int | None = Field(default=None, foreign_key="finding.id")
    balance: int
    closed_at: datetime = instant_column()
    closed_by: int | None = None
    reopened_at: datetime | None = instant_column(nullable=True)


class StoreSuspension(VersionedRow, table=True):
    """限期整改（店铺暂停经营）, at most 21 days."""

    __tablename__ = "store_suspension"

    store_id: int = Field(foreign_key="store.id", index=True)
    finding_id: int = Field(foreign_key="finding.id")
    from_at: datetime = instant_column()
    until_at: datetime = instant_column()
    plan: str | None = Field(default=None, max_length=2000)
    plan_at: datetime | None = instant_column(nullable=True)
    plan_accepted_by: int | None = None
    plan_accepted_at: datetime | None = instant_column(nullable=True)
    plan_answer: str | None = Field(default=None, max_length=1000)
    escalated_at: datetime | None = instant_column(nullable=True)
    lifted_at: datetime | None = instant_column(nullable=True)
    lifted_by: int | None = None
    lift_reason: str | None = Field(default=None, max_length=1000)


class NearMiss(Row, table=True):
    """发布前改正: a warning heeded before release; never a violation."""

    __tablename__ = "near_miss"

    program: str = Field(max_length=60)
    store_id: int = Field(foreign_key="store.id", index=True)
    listings: int
    month: int
    recorded_at: datetime = instant_column()
    source: str = Field(max_length=200)


class PublicReport(VersionedRow, table=True):
    """举报 from the public form; identity optional and protected."""

    __tablename__ = "public_report"

    program: str = Field(max_length=60)
    number: str = Field(max_length=40, unique=True)
    product_code: str | None = Field(default=None, max_length=20)
    text: str = Field(max_length=2000)
    contact: str | None = Field(default=None, max_length=120)
    at: datetime = instant_column()
    status: ReportStatus = enum_column(ReportStatus)
    seen_by: int | None = None
