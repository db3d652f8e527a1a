"""Exposure by store, month and kind."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.db.columns import (
    Row,
    enum_column,
    instant_column,
)
from marketplace.features.compliance.kinds import ExposureKind


class Exposure(Row, table=True):
    """One revision of one quantity; a missing month has no row and is a gap, never 0."""

    __tablename__ = "exposure"
    __table_args__ = (
        sa.CheckConstraint("quantity >= 0", name="quantity"),
        sa.Index(
            "uq_exposure_current",
            "store_id",
            "month",
            "kind",
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        ),
    )

    program: str = Field(max_length=60, index=True)
    store_id: int = Field(foreign_key="store.id", index=True)
    month: int
    kind: ExposureKind = enum_column(ExposureKind)
    quantity: int
    source: str = Field(max_length=200)
    revision: int
    current: bool
    recorded_by: int | None = None
    recorded_at: datetime = instant_column()
