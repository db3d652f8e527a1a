"""Issued reports, of every kind."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.db.columns import (
    Row,
    day_column,
    enum_column,
    instant_column,
    json_column,
)
from marketplace.desk.issues.kinds import IssueKind


class ReportIssue(Row, table=True):
    """A report as it was issued; never changed. `period` is a day, or a quarter as `2026Q3`.

    A later edition has the same number, its own content and the reason it was issued for.
    """

    __tablename__ = "report_issue"
    __table_args__ = (
        sa.UniqueConstraint("program", "district", "kind", "number", "edition"),
        sa.UniqueConstraint("program", "district", "kind", "period", "edition"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("edition >= 1", name="edition"),
        sa.CheckConstraint("(edition > 1) = (reason <> '')", name="edition_reason"),
    )

    program: str = Field(max_length=60)
    district: str = Field(default="", max_length=40)
    kind: IssueKind = enum_column(IssueKind)
    period: str = Field(max_length=20)
    number: int
    issued_on: date = day_column()
    as_of: datetime = instant_column()
    content: dict[str, Any] = json_column()
    content_sha256: str = Field(max_length=64)
    issued_by: int | None = None
    edition: int = 1
    reason: str = Field(default="", max_length=1000)
