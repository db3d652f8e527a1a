"""Appeals and what was handed in with them."""

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
from marketplace.features.appeals.kinds import AppealGround, AppealStatus


class Appeal(VersionedRow, table=True):
    """申诉: one a statement and instance."""

    __tablename__ = "appeal"
    __table_args__ = (
        sa.UniqueConstraint("statement_id", "instance"),
        sa.UniqueConstraint("program", "number"),
        sa.CheckConstraint("instance >= 1", name="instance"),
        sa.CheckConstraint("(status = 'filed') = (closed_at IS NULL)", name="closed"),
        sa.CheckConstraint(
            "status NOT IN ('upheld', 'rejected') OR decided_by IS NOT NULL", name="decider"
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR filed_by IS NULL OR decided_by <> filed_by", name="other"
        ),
        sa.Index("ix_appeal_open", "program", "status"),
    )

    program: str = Field(max_length=60)
    number: str = Field(max_length=40)
    statement_id: int = Field(foreign_key="statement_of_reasons.id")
    store_id: int = Field(foreign_key="store.id", index=True)
    factory_id: int | None = Field(default=None, foreign_key="factory.id", index=True)
    operator_id: int | None = Field(default=None, index=True)
    instance: int
    ground: AppealGround = enum_column(AppealGround)
    text: str = Field(max_length=2000)
    filed_by: int | None = None
    filed_at: datetime = instant_column()
    due_on: date = day_column()
    status: AppealStatus = enum_column(AppealStatus)
    decided_by: int | None = None
    decision: str | None = Field(default=None, max_length=2000)
    closed_at: datetime | None = instant_column(nullable=True)
    rulebook_sha256: str = Field(max_length=64)


class AppealFile(Row, table=True):
    """What an owner handed in with an appeal."""

    __tablename__ = "appeal_file"
    __table_args__ = (sa.UniqueConstraint("appeal_id", "use_id"),)

    appeal_id: int = Field(foreign_key="appeal.id", index=True)
    use_id: int = Field(foreign_key="file_use.id")
