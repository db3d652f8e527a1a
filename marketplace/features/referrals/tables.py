"""Referrals, the findings they rest on, and what came of them."""

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
from marketplace.features.referrals.kinds import OutcomeKind, ReferralStatus


class Referral(VersionedRow, table=True):
    """A lead for an agency; the package is frozen when it is signed, never before."""

    __tablename__ = "referral"
    __table_args__ = (
        sa.UniqueConstraint("program", "number"),
        sa.CheckConstraint(
            "(status IN ('draft', 'dropped')) = (signed_at IS NULL)", name="sent_when_signed"
        ),
        sa.CheckConstraint("signed_by IS NULL OR signed_by <> prepared_by", name="two_people"),
    )

    program: str = Field(max_length=60, index=True)
    district: str | None = Field(default=None, max_length=40)
    number: str = Field(max_length=40)
    operator_id: int = Field(foreign_key="operator.id", index=True)
    factory_id: int = Field(foreign_key="factory.id", index=True)
    agency: str = Field(max_length=40, index=True)
    title: str = Field(max_length=120)
    statement: str = Field(max_length=2000)
    left_out: dict[str, Any] = json_column()
    status: ReferralStatus = enum_column(ReferralStatus, index=True)
    prepared_by: int | None = None
    prepared_at: datetime = instant_column()
    package: dict[str, Any] = json_column()
    package_sha256: str | None = Field(default=None, max_length=64)
    signature: str | None = Field(default=None, max_length=128)
    signed_by: int | None = None
    signed_at: datetime | None = instant_column(nullable=True)
    ack_due_on: date | None = day_column(nullable=True)
    answered_on: date | None = day_column(nullable=True)
    answer_ref: str | None = Field(default=None, max_length=120)
    answer_note: str | None = Field(default=None, max_length=500)


class ReferralFinding(Row, table=True):
    """A finding a lead rests on."""

    __tablename__ = "referral_finding"
    __table_args__ = (sa.UniqueConstraint("referral_id", "finding_id"),)

    referral_id: int = Field(foreign_key="referral.id", index=True)
    finding_id: int = Field(foreign_key="finding.id", index=True)


class ReferralOutcome(Row, table=True):
    """One thing an agency told; a mistake is taken back by an entry that names it."""

    __tablename__ = "referral_outcome"
    __table_args__ = (
        sa.UniqueConstraint("reverses_id"),
        sa.CheckConstraint("count BETWEEN 1 AND 100000", name="count"),
    )

    referral_id: int = Field(foreign_key="referral.id", index=True)
    kind: OutcomeKind = enum_column(OutcomeKind)
    count: int
    happened_on: date = day_column()
    source: str = Field(max_length=200)
    reverses_id: int | None = Field(default=None, foreign_key="referral_outcome.id")
    recorded_by: int | None = None
    recorded_at: datetime = instant_column()
