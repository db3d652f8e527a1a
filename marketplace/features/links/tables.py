"""Links, the facts about stores they are derived from, and the reviews they open."""

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
from marketplace.features.links.kinds import (
    LinkOutcome,
    LinkReason,
    LinkReviewStatus,
    LinkSource,
    LinkStatus,
    LinkTrigger,
    TraitKind,
)


class StoreTrait(Row, table=True):
    """A fact about a store: a phone, payee, warehouse … as a keyed commitment."""

    __tablename__ = "store_trait"
    __table_args__ = (sa.UniqueConstraint("store_id", "kind", "value_mac"),)

    program: str = Field(max_length=60, index=True)
    store_id: int = Field(foreign_key="store.id", index=True)
    kind: TraitKind = enum_column(TraitKind)
    value_mac: str = Field(max_length=64)
    shown: str = Field(max_length=200)
    source: LinkSource = enum_column(LinkSource)
    source_text: str = Field(max_length=200)
    recorded_by: int | None = None
    recorded_at: datetime = instant_column()


class StoreLink(VersionedRow, table=True):
    """One reason that ties two subjects; `left_ref` < `right_ref`. A cut one is never made again."""

    __tablename__ = "store_link"
    __table_args__ = (
        sa.UniqueConstraint("program", "left_ref", "right_ref", "reason", "via_mac"),
        sa.CheckConstraint("left_ref < right_ref", name="in_order"),
        sa.CheckConstraint("strength BETWEEN 1 AND 100", name="strength"),
        sa.CheckConstraint("(status = 'cut') = (cut_at IS NOT NULL)", name="cut_when"),
    )

    program: str = Field(max_length=60, index=True)
    left_ref: str = Field(max_length=60, index=True)
    right_ref: str = Field(max_length=60, index=True)
    reason: LinkReason = enum_column(LinkReason)
    via_mac: str = Field(max_length=64)
    via_shown: str = Field(max_length=200)
    strength: int
    source: LinkSource = enum_column(LinkSource)
    source_text: str = Field(max_length=200)
    status: LinkStatus = enum_column(LinkStatus, index=True)
    first_seen_at: datetime = instant_column()
    changed_at: datetime = instant_column()
    cut_by: int | None = None
    cut_at: datetime | None = instant_column(nullable=True)
    cut_reason: str | None = Field(default=None, max_length=500)


class LinkReview(VersionedRow, table=True):
    """Somebody looks at a subject because a store it is tied to was dealt with."""

    __tablename__ = "link_review"
    __table_args__ = (
        sa.Index(
            "uq_link_review_open",
            "subject_ref",
            "because_store_id",
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        ),
        sa.CheckConstraint(
            "(status = 'decided') = (outcome IS NOT NULL)", name="decided_with_outcome"
        ),
    )

    program: str = Field(max_length=60, index=True)
    district: str | None = Field(default=None, max_length=40)
    subject_ref: str = Field(max_length=60, index=True)
    because_store_id: int = Field(foreign_key="store.id", index=True)
    trigger: LinkTrigger = enum_column(LinkTrigger)
    trigger_ref: str = Field(max_length=60)
    way: dict[str, Any] = json_column()
    opened_at: datetime = instant_column()
    due_on: date = day_column()
    status: LinkReviewStatus = enum_column(LinkReviewStatus, index=True)
    outcome: LinkOutcome | None = enum_column(LinkOutcome, nullable=True)
    reason: str | None = Field(default=None, max_length=1000)
    decided_by: int | None = None
    decided_at: datetime | None = instant_column(nullable=True)


class LinkPicture(Row, table=True):
    """The perceptual hash of a stored picture, computed once; empty where it shows nothing."""

    __tablename__ = "link_picture"

    file_id: int = Field(foreign_key="stored_file.id", unique=True)
    bits: str = Field(max_length=16)
