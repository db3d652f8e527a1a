"""Platform listings, featured collections with their slots, re-checks, objection windows."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.db.columns import (
    Row,
    VersionedRow,
    big_column,
    day_column,
    enum_column,
    instant_column,
    json_column,
)
from marketplace.features.promotion.kinds import (
    CollectionStatus,
    RecheckKind,
    SlotKind,
    SlotStatus,
    WindowStatus,
)


class Listing(VersionedRow, table=True):
    """A product on a platform."""

    __tablename__ = "listing"
    __table_args__ = (
        sa.UniqueConstraint("platform", "item_no"),
        sa.CheckConstraint("price_fen > 0", name="price"),
        sa.CheckConstraint("stock >= 0", name="stock"),
    )

    product_id: int = Field(foreign_key="product.id", index=True)
    store_id: int = Field(foreign_key="store.id", index=True)
    program: str = Field(max_length=60)
    platform: str = Field(max_length=40)
    item_no: str = Field(max_length=60, index=True)
    url: str = Field(max_length=300)
    price_fen: int
    stock: int
    stock_as_of: datetime = instant_column()
    ended_at: datetime | None = instant_column(nullable=True)


class Collection(VersionedRow, table=True):
    """推荐专场."""

    __tablename__ = "collection"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="span"),
        sa.CheckConstraint("slot_count BETWEEN 1 AND 200", name="slots"),
    )

    program: str = Field(max_length=60, index=True)
    slug: str = Field(max_length=80, unique=True)
    title_zh: str = Field(max_length=80)
    title_en: str = Field(max_length=120)
    intro_zh: str | None = Field(default=None, max_length=500)
    intro_en: str | None = Field(default=None, max_length=1000)
    category: str | None = Field(default=None, max_length=60)
    status: CollectionStatus = enum_column(CollectionStatus, index=True)
    starts_at: datetime = instant_column()
    ends_at: datetime = instant_column()
    slot_count: int
    cap_per_group: int
    created_by: int | None = None
    created_at: datetime = instant_column()
    published_by: int | None = None
    published_at: datetime | None = instant_column(nullable=True)


class Fill(VersionedRow, table=True):
    """One rotation act that filled open slots; undoable as one."""

    __tablename__ = "fill"

    collection_id: int = Field(foreign_key="collection.id", index=True)
    seed: int
    filled_by: int | None = None
    filled_at: datetime = instant_column()
    undone_at: datetime | None = instant_column(nullable=True)
    inputs: dict[str, Any] = json_column()


class Slot(VersionedRow, table=True):
    """展位; position 0-based, reserves have positions of their own."""

    __tablename__ = "slot"
    __table_args__ = (
        sa.Index(
            "uq_slot_position",
            "collection_id",
            "position",
            unique=True,
            sqlite_where=sa.text("status <> 'removed' AND kind <> 'reserve'"),
            postgresql_where=sa.text("status <> 'removed' AND kind <> 'reserve'"),
        ),
        sa.Index(
            "uq_slot_product",
            "collection_id",
            "product_id",
            unique=True,
            sqlite_where=sa.text("status <> 'removed'"),
            postgresql_where=sa.text("status <> 'removed'"),
        ),
        sa.CheckConstraint("kind <> 'pinned' OR reason IS NOT NULL", name="pin_reason"),
    )

    collection_id: int = Field(foreign_key="collection.id", index=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    position: int
    kind: SlotKind = enum_column(SlotKind)
    status: SlotStatus = enum_column(SlotStatus)
    reason: str | None = Field(default=None, max_length=300)
    fill_id: int | None = Field(default=None, foreign_key="fill.id")
    placed_by: int | None = None
    placed_at: datetime = instant_column()
    held_until: datetime | None = instant_column(nullable=True)
    removed_at: datetime | None = instant_column(nullable=True)
    removed_reason: str | None = Field(default=None, max_length=60)


class Recheck(Row, table=True):
    """The check of every slot at T-24 h and T-1 h."""

    __tablename__ = "recheck"
    __table_args__ = (sa.UniqueConstraint("collection_id", "kind"),)

    collection_id: int = Field(foreign_key="collection.id", index=True)
    kind: RecheckKind = enum_column(RecheckKind)
    done_at: datetime = instant_column()
    outcome: dict[str, Any] = json_column()


class ObjectionWindow(VersionedRow, table=True):
    """异议期: right holders have N working days before a product is first featured."""

    __tablename__ = "objection_window"

    product_id: int = Field(foreign_key="product.id", unique=True)
    program: str = Field(max_length=60)
    opened_at: datetime = instant_column()
    ends_on: date = day_column()
    status: WindowStatus = enum_column(WindowStatus)
    note: str | None = Field(default=None, max_length=500)
    objector: str | None = Field(default=None, max_length=120)
    objected_by: int | None = None
    objected_at: datetime | None = instant_column(nullable=True)
    decided_by: int | None = None
    decided_at: datetime | None = instant_column(nullable=True)
    decision_note: str | None = Field(default=None, max_length=500)


class ScanCount(Row, table=True):
    """How often a code was looked up on a day; no person is recorded."""

    __tablename__ = "scan_count"
    __table_args__ = (
        sa.UniqueConstraint("product_id", "day", "outcome"),
        {"info": {"housekeeping": True}},
    )

    product_id: int
    day: date = day_column()
    outcome: str = Field(max_length=20)
    scans: int


class OfferRank(Row, table=True):
    """Where one product that was ever verified stands in rotation, kept in step with its facts.

    `ready` is 1 where every criterion that no clock and no program file changes holds: live,
    window cleared, enrolled, on sale in its firm's open store. What time changes is kept as it
    is and compared when asked: `until_day` is the ordinal of the first day it is not verified
    any more, `stock` and `stock_as_of_us` are of its best listing. Instants are microseconds since
    1970, 0 for never. `kept_on` is the day it was worked out for.
    """

    __tablename__ = "offer_rank"
    __table_args__ = (
        sa.Index(
            "ix_offer_rank_walk",
            *("program", "ready", "last_featured_us", "draw", "product_id", "group_id"),
            *("category", "until_day", "stock", "stock_as_of_us"),
        ),
        sa.Index("ix_offer_rank_until", "program", "until_day", "product_id"),
        sa.Index("ix_offer_rank_price", "program", "price_fen", "product_id"),
        {"info": {"housekeeping": True}},
    )

    product_id: int = Field(unique=True)
    program: str = Field(max_length=60)
    operator_id: int = Field(index=True)
    group_id: int
    category: str = Field(max_length=60)
    ready: int
    last_featured_us: int = big_column()
    draw: int = big_column()
    until_day: int
    stock: int
    stock_as_of_us: int = big_column()
    price_fen: int = big_column()
    kept_on: date = day_column()
