"""The past: earlier records and self-disclosures. Never points, rank, featuring or credit."""

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
from marketplace.features.history.kinds import (
    DisclosureStatus,
    EarlierKind,
    QuantityBand,
    Reliability,
)


class EarlierRecord(VersionedRow, table=True):
    """既往记录 of a factory or a store."""

    __tablename__ = "earlier_record"
    __table_args__ = (
        sa.CheckConstraint("factory_id IS NOT NULL OR store_id IS NOT NULL", name="subject"),
        sa.CheckConstraint("quantity IS NULL OR quantity >= 0", name="quantity"),
        sa.UniqueConstraint("program", "kind", "reference_no", "factory_id"),
    )

    program: str = Field(max_length=60, index=True)
    factory_id: int | None = Field(default=None, foreign_key="factory.id", index=True)
    store_id: int | None = Field(default=None, foreign_key="store.id", index=True)
    kind: EarlierKind = enum_column(EarlierKind)
    period_from: date | None = day_column(nullable=True)
    period_until: date | None = day_column(nullable=True)
    quantity: int | None = None
    unit: str = Field(max_length=20)
    value_fen: int | None = Field(default=None, sa_type=sa.BigInteger)
    cause: str | None = Field(default=None, max_length=200)
    reference_no: str | None = Field(default=None, max_length=120)
    source: str = Field(max_length=200)
    reliability: Reliability = enum_column(Reliability)
    recorded_by: int | None = None
    recorded_at: datetime = instant_column()
    withdrawn_at: datetime | None = instant_column(nullable=True)


class Disclosure(VersionedRow, table=True):
    """主动申报 in bands; correctable, revocable."""

    __tablename__ = "disclosure"
    __table_args__ = (
        sa.Index(
            "uq_disclosure_current",
            "operator_id",
            unique=True,
            sqlite_where=sa.text("status = 'current'"),
            postgresql_where=sa.text("status = 'current'"),
        ),
    )

    operator_id: int = Field(foreign_key="operator.id", index=True)
    program: str = Field(max_length=60)
    quantity_band: QuantityBand = enum_column(QuantityBand)
    year_band: str = Field(max_length=40)
    made_by: int
    made_at: datetime = instant_column()
    read_notice_sha256: str = Field(max_length=64)
    status: DisclosureStatus = enum_column(DisclosureStatus)


class DisclosureView(Row, table=True):
    """Who looked at a disclosure, when and why; shown to the owner."""

    __tablename__ = "disclosure_view"

    disclosure_id: int = Field(foreign_key="disclosure.id", index=True)
    viewed_by: int
    viewed_at: datetime = instant_column()
    reason: str = Field(max_length=300)
