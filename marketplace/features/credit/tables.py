"""Disputes of the compliance score; an accepted one takes its event out of the count."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.db.columns import VersionedRow, day_column, enum_column, instant_column
from marketplace.features.credit.kinds import DisputeStatus


class CreditDispute(VersionedRow, table=True):
    """An owner says that an event of a component should not count."""

    __tablename__ = "credit_dispute"
    __table_args__ = (
        sa.Index(
            "uq_credit_dispute_open",
            "operator_id",
            "event_ref",
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        ),
        sa.CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_when"),
    )

    program: str = Field(max_length=60, index=True)
    district: str | None = Field(default=None, max_length=40)
    operator_id: int = Field(foreign_key="operator.id", index=True)
    component: str = Field(max_length=40)
    event_ref: str = Field(max_length=60)
    statement: str = Field(max_length=1000)
    filed_by: int | None = None
    filed_at: datetime = instant_column()
    due_on: date = day_column()
    status: DisputeStatus = enum_column(DisputeStatus, index=True)
    decided_by: int | None = None
    decided_at: datetime | None = instant_column(nullable=True)
    reason: str | None = Field(default=None, max_length=1000)
