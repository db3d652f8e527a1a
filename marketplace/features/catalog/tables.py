"""Brands, trademarks, products, test reports, decisions and lapses."""

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
from marketplace.features.catalog.kinds import (
    DesignBasis,
    HolderKind,
    LapseReason,
    Moderation,
    PhotoRole,
    ProductVerdict,
    TestOutcome,
    TrademarkStatus,
)
from marketplace.features.registry.kinds import ChangeStatus


class Brand(VersionedRow, table=True):
    """自主品牌 of an operator."""

    __tablename__ = "brand"
    __table_args__ = (sa.UniqueConstraint("operator_id", "name_fold"),)

    operator_id: int = Field(foreign_key="operator.id", index=True)
    program: str = Field(max_length=60, index=True)
    slug: str = Field(max_length=80, unique=True)
    name_zh: str = Field(max_length=80)
    name_en: str | None = Field(default=None, max_length=80)
    name_fold: str = Field(max_length=80)
    story_zh: str | None = Field(default=None, max_length=2000)
    story_en: str | None = Field(default=None, max_length=4000)
    story_consent_at: datetime | None = instant_column(nullable=True)
    created_at: datetime = instant_column()


class BrandChange(VersionedRow, table=True):
    """Another name or story of a brand the public knows, asked for and decided by a reviewer.

    `changes` maps a field to what it was and what it is to be.
    """

    __tablename__ = "brand_change"
    __table_args__ = (
        sa.Index(
            "uq_brand_change_waiting",
            "brand_id",
            unique=True,
            sqlite_where=sa.text("status = 'submitted'"),
            postgresql_where=sa.text("status = 'submitted'"),
        ),
    )

    brand_id: int = Field(foreign_key="brand.id", index=True)
    operator_id: int = Field(index=True)
    program: str = Field(max_length=60)
    submitted_by: int
    submitted_at: datetime = instant_column()
    due_on: date = day_column()
    changes: dict[str, Any] = json_column()
    story_shown: bool = False
    status: ChangeStatus = enum_column(ChangeStatus, index=True)
    decided_by: int | None = None
    decided_at: datetime | None = instant_column(nullable=True)
    reason: str | None = Field(default=None, max_length=500)


class Trademark(VersionedRow, table=True):
    """商标 a brand rests on."""

    __tablename__ = "trademark"
    __table_args__ = (sa.UniqueConstraint("brand_id", "number"),)

    brand_id: int = Field(foreign_key="brand.id", index=True)
    number: str = Field(max_length=40)
    nice_class: int
    status: TrademarkStatus = enum_column(TrademarkStatus)
    holder_kind: HolderKind = enum_column(HolderKind)
    holder_name: str = Field(max_length=200)
    affiliate_id: int | None = Field(default=None, foreign_key="affiliate.id")
    license_until: date | None = day_column(nullable=True)
    license_use_id: int | None = Field(default=None, foreign_key="file_use.id")
    filed_on: date | None = day_column(nullable=True)
    registered_on: date | None = day_column(nullable=True)
    valid_until: date | None = day_column(nullable=True)
    recorded_by: int | None = None
    recorded_at: datetime = instant_column()
    checked_by: int | None = None
    checked_at: datetime | None = instant_column(nullable=True)


class Product(VersionedRow, table=True):
    """A product; "verified" is said of nothing else."""

    __tablename__ = "product"
    __table_args__ = (
        sa.CheckConstraint("price_fen IS NULL OR price_fen > 0", name="price"),
        sa.CheckConstraint(
            "status <> 'verified' OR (valid_until IS NOT NULL AND code IS NOT NULL)",
            name="verified_until",
        ),
        sa.UniqueConstraint("brand_id", "model_no"),
        sa.Index("ix_product_public", "program", "status", "valid_until"),
    )

    brand_id: int = Field(foreign_key="brand.id", index=True)
    factory_id: int = Field(foreign_key="factory.id", index=True)
    operator_id: int = Field(foreign_key="operator.id", index=True)
    program: str = Field(max_length=60)
    model_no: str = Field(max_length=60)
    name_zh: str = Field(max_length=120)
    name_en: str | None = Field(default=None, max_length=120)
    category: str | None = Field(default=None, max_length=60)
    description_zh: str | None = Field(default=None, max_length=2000)
    description_en: str | None = Field(default=None, max_length=4000)
    price_fen: int | None = None
    materials: dict[str, Any] = json_column()
    gtin: str | None = Field(default=None, max_length=14)
    design_basis: DesignBasis | None = enum_column(DesignBasis, nullable=True)
    design_reference: str | None = Field(default=None, max_length=120)
    design_on: date | None = day_column(nullable=True)
    status: Moderation = enum_column(Moderation)
    submitted_by: int | None = None
    submitted_at: datetime | None = instant_column(nullable=True)
    due_on: date | None = day_column(nullable=True)
    verified_at: datetime | None = instant_column(nullable=True)
    valid_until: date | None = day_column(nullable=True)
    code: str | None = Field(default=None, max_length=20, unique=True)
    rulebook_sha256: str | None = Field(default=None, max_length=64)
    created_at: datetime = instant_column()
    updated_at: datetime = instant_column()


class ProductPhoto(Row, table=True):
    """A picture of a product."""

    __tablename__ = "product_photo"
    __table_args__ = (sa.UniqueConstraint("product_id", "role", "position"),)

    product_id: int = Field(foreign_key="product.id", index=True)
    use_id: int = Field(foreign_key="file_use.id")
    role: PhotoRole = enum_column(PhotoRole)
    position: int


class TestReport(VersionedRow, table=True):
    """检验报告 (CMA)."""

    __test__ = False
    __tablename__ = "test_report"
    __table_args__ = (sa.UniqueConstraint("product_id", "report_no"),)

    product_id: int = Field(foreign_key="product.id", index=True)
    report_no: str = Field(max_length=80)
    laboratory: str = Field(max_length=200)
    cma_no: str = Field(max_length=40)
    standard: str = Field(max_length=80)
    outcome: TestOutcome = enum_column(TestOutcome)
    results: dict[str, Any] = json_column()
    issued_on: date = day_column()
    valid_until: date = day_column()
    use_id: int | None = Field(default=None, foreign_key="file_use.id")
    recorded_by: int | None = None
    recorded_at: datetime = instant_column()


class ProductDecision(Row, table=True):
    """One decision on a product with its reasons; `snapshot` is what was judged."""

    __tablename__ = "product_decision"

    product_id: int = Field(foreign_key="product.id", index=True)
    verdict: ProductVerdict = enum_column(ProductVerdict)
    reason_codes: dict[str, Any] = json_column()
    note: str | None = Field(default=None, max_length=1000)
    decided_by: int | None = None
    decided_at: datetime = instant_column()
    valid_until: date | None = day_column(nullable=True)
    rulebook_sha256: str = Field(max_length=64)
    snapshot: dict[str, Any] = json_column()


class Lapse(VersionedRow, table=True):
    """A recorded fact that took a product out; closed only by a decision naming it."""

    __tablename__ = "lapse"
    __table_args__ = (
        sa.Index(
            "uq_lapse_open",
            "product_id",
            "reason",
            "cause",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )

    product_id: int = Field(foreign_key="product.id", index=True)
    reason: LapseReason = enum_column(LapseReason)
    cause: str = Field(max_length=80)
    at: datetime = instant_column()
    closed_at: datetime | None = instant_column(nullable=True)
    closed_by_decision_id: int | None = Field(default=None, foreign_key="product_decision.id")
