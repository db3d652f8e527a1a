"""Right holders and their rights, notices, complaints, cases and what happened in them."""

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
from marketplace.features.complaints.kinds import (
    CaseEvent,
    CaseStatus,
    ComplaintStatus,
    HearingWay,
    NoticeState,
    PublicState,
    RefusalCode,
    RightKind,
    RightStatus,
    SellerAnswer,
)
from marketplace.features.enforcement.kinds import Origin


class RightHolder(VersionedRow, table=True):
    """权利人; who it is stays with the office and with himself."""

    __tablename__ = "right_holder"
    __table_args__ = (
        sa.Index(
            "uq_right_holder_account",
            "program",
            "account_id",
            unique=True,
            sqlite_where=sa.text("account_id IS NOT NULL"),
            postgresql_where=sa.text("account_id IS NOT NULL"),
        ),
    )

    program: str = Field(max_length=60, index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    name: str = Field(max_length=200)
    contact: str | None = Field(default=None, max_length=200)
    created_by: int | None = None
    created_at: datetime = instant_column()


class IpRight(VersionedRow, table=True):
    """A right registered once and used in every notice."""

    __tablename__ = "ip_right"
    __table_args__ = (sa.UniqueConstraint("holder_id", "kind", "number"),)

    holder_id: int = Field(foreign_key="right_holder.id", index=True)
    program: str = Field(max_length=60, index=True)
    kind: RightKind = enum_column(RightKind)
    mark: str = Field(max_length=80)
    number: str = Field(max_length=60)
    nice_classes: str = Field(default="", max_length=80)
    valid_until: date | None = day_column(nullable=True)
    status: RightStatus = enum_column(RightStatus, index=True)
    registered_by: int | None = None
    registered_at: datetime = instant_column()
    decided_by: int | None = None
    decided_at: datetime | None = instant_column(nullable=True)
    reason: str | None = Field(default=None, max_length=1000)


class Notice(Row, table=True):
    """通知: up to 300 listings filed at once; `lines` keeps what became of each."""

    __tablename__ = "notice"

    program: str = Field(max_length=60, index=True)
    number: str = Field(max_length=40, unique=True)
    holder_id: int = Field(foreign_key="right_holder.id", index=True)
    right_id: int = Field(foreign_key="ip_right.id", index=True)
    statement: str = Field(max_length=2000)
    filed_by: int | None = None
    filed_at: datetime = instant_column()
    accepted: int
    lines: dict[str, Any] = json_column()


class InfringementCase(VersionedRow, table=True):
    """案件: one listing we look at; at most one open case a listing but for split-off ones."""

    __tablename__ = "infringement_case"
    __table_args__ = (
        sa.Index(
            "uq_infringement_case_open",
            "program",
            "listing_key",
            unique=True,
            sqlite_where=sa.text("status = 'open' AND split_from_id IS NULL"),
            postgresql_where=sa.text("status = 'open' AND split_from_id IS NULL"),
        ),
    )

    program: str = Field(max_length=60, index=True)
    number: str = Field(max_length=40, index=True)
    origin: Origin = enum_column(Origin)
    store_id: int = Field(foreign_key="store.id", index=True)
    factory_id: int | None = Field(default=None, foreign_key="factory.id", index=True)
    operator_id: int | None = Field(default=None, index=True)
    listing_key: str = Field(max_length=160, index=True)
    item_no: str = Field(max_length=120)
    url: str | None = Field(default=None, max_length=300)
    statement: str = Field(max_length=1000)
    status: CaseStatus = enum_column(CaseStatus, index=True)
    officer_id: int | None = Field(default=None, index=True)
    opened_at: datetime = instant_column()
    opened_by: int | None = None
    due_on: date = day_column()
    split_from_id: int | None = Field(default=None, foreign_key="infringement_case.id")
    finding_id: int | None = Field(default=None, foreign_key="finding.id", index=True)
    hearing_due_on: date | None = day_column(nullable=True)
    heard_how: HearingWay | None = enum_column(HearingWay, nullable=True)
    closed_at: datetime | None = instant_column(nullable=True)
    closed_by: int | None = None
    reason: str | None = Field(default=None, max_length=1000)


class Complaint(VersionedRow, table=True):
    """投诉: somebody says a listing infringes; answered by a person, counted when upheld."""

    __tablename__ = "complaint"
    __table_args__ = (
        sa.Index(
            "uq_complaint_open",
            "holder_id",
            "right_id",
            "listing_key",
            unique=True,
            sqlite_where=sa.text("status = 'open' AND holder_id IS NOT NULL"),
            postgresql_where=sa.text("status = 'open' AND holder_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_complaint_source",
            "program",
            "source_ref",
            unique=True,
            sqlite_where=sa.text("source_ref IS NOT NULL"),
            postgresql_where=sa.text("source_ref IS NOT NULL"),
        ),
        sa.Index("ix_complaint_wait", "state", "wait_until"),
        sa.Index("ix_complaint_received", "program", "received_at"),
    )

    program: str = Field(max_length=60, index=True)
    number: str = Field(max_length=40, index=True)
    thread_id: int | None = Field(default=None, foreign_key="complaint.id", index=True)
    case_id: int = Field(foreign_key="infringement_case.id", index=True)
    origin: Origin = enum_column(Origin)
    notice_id: int | None = Field(default=None, foreign_key="notice.id", index=True)
    holder_id: int | None = Field(default=None, foreign_key="right_holder.id", index=True)
    right_id: int | None = Field(default=None, foreign_key="ip_right.id", index=True)
    report_id: int | None = Field(default=None, foreign_key="public_report.id", unique=True)
    source_ref: str | None = Field(default=None, max_length=160)
    store_id: int = Field(foreign_key="store.id", index=True)
    operator_id: int | None = Field(default=None, index=True)
    listing_key: str = Field(max_length=160, index=True)
    brand: str = Field(default="", max_length=80)
    text: str = Field(max_length=2000)
    received_at: datetime = instant_column()
    received_by: int | None = None
    due_on: date = day_column()
    status: ComplaintStatus = enum_column(ComplaintStatus, index=True)
    state: NoticeState | None = enum_column(NoticeState, nullable=True)
    forwarded_at: datetime | None = instant_column(nullable=True)
    seller_due_on: date | None = day_column(nullable=True)
    seller_answer: SellerAnswer | None = enum_column(SellerAnswer, nullable=True)
    seller_text: str | None = Field(default=None, max_length=2000)
    seller_answered_at: datetime | None = instant_column(nullable=True)
    passed_on_at: datetime | None = instant_column(nullable=True)
    wait_until: datetime | None = instant_column(nullable=True)
    proceedings: str | None = Field(default=None, max_length=500)
    ended_at: datetime | None = instant_column(nullable=True)
    answered_at: datetime | None = instant_column(nullable=True)
    answered_by: int | None = None
    refusal: RefusalCode | None = enum_column(RefusalCode, nullable=True)
    reason: str | None = Field(default=None, max_length=1000)
    next_step: str | None = Field(default=None, max_length=500)
    counted: bool = False
    malicious_at: datetime | None = instant_column(nullable=True)
    malicious_by: int | None = None
    malicious_reason: str | None = Field(default=None, max_length=1000)


class PublicComplaint(VersionedRow, table=True):
    """投诉 from the public form, before an officer takes it up; followed by its receipt code."""

    __tablename__ = "public_complaint"

    program: str = Field(max_length=60, index=True)
    code: str = Field(max_length=40, unique=True)
    shop: str = Field(max_length=200)
    item: str = Field(max_length=300)
    brand: str = Field(default="", max_length=80)
    text: str = Field(max_length=2000)
    contact: str | None = Field(default=None, max_length=120)
    at: datetime = instant_column()
    state: PublicState = enum_column(PublicState, index=True)
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id", unique=True)
    decided_at: datetime | None = instant_column(nullable=True)
    decided_by: int | None = None
    reason: str | None = Field(default=None, max_length=1000)
    next_step: str | None = Field(default=None, max_length=500)


class CaseEntry(Row, table=True):
    """What happened in a case, in order; it only grows."""

    __tablename__ = "case_entry"

    case_id: int = Field(foreign_key="infringement_case.id", index=True)
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id")
    kind: CaseEvent = enum_column(CaseEvent)
    at: datetime = instant_column()
    by_account: int | None = None
    text: str | None = Field(default=None, max_length=2000)
