"""Read models' own rows: search index, where factories stand and are listed, views, drafts."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.db.columns import SORTED_NAME, Row, day_column, instant_column


class SearchEntry(Row, table=True):
    """What a thing can be found by; `tokens` is what `desk.search` makes of its names.

    `made_by` is the version of that making: an older one is made again. `desk.ddl` keeps a
    full-text index over `tokens` on each engine.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        sa.UniqueConstraint("kind", "entity_id"),
        {"info": {"housekeeping": True}},
    )

    kind: str = Field(max_length=20)
    entity_id: int
    program: str = Field(max_length=60)
    operator_id: int | None = None
    tokens: str
    made_by: int = 0


class FactoryStanding(Row, table=True):
    """Where one factory of the lists stands, worked out when one of its facts changed.

    `counted_on` is the civil day it was worked out for and `rules_sha256` the program file it
    was judged by: when either is another one now, the row is due. An archived factory has none.

    The keys order a list from an index: an open day is the last of all, and what stands greatest
    first is kept below zero, so that names go up beside it.
    """

    __tablename__ = "factory_standing"
    __table_args__ = (
        sa.Index("ix_factory_standing_name", "program", "name_key", "factory_id"),
        sa.Index("ix_factory_standing_place", "program", "district", "name_key", "factory_id"),
        sa.Index("ix_factory_standing_due", "counted_on"),
        *(
            sa.Index(
                f"ix_factory_standing_by_{order}",
                "program",
                f"{order}_key",
                "name_key",
                "factory_id",
            )
            for order in ("due", "enrolled", "points", "progress")
        ),
        {"info": {"housekeeping": True}},
    )

    factory_id: int = Field(unique=True)
    program: str = Field(max_length=60)
    operator_id: int = Field(index=True)
    name: str = Field(max_length=200)
    name_key: str = Field(sa_type=SORTED_NAME)
    uscc: str | None = Field(default=None, max_length=18)
    district: str | None = Field(default=None, max_length=40)
    stage: str = Field(max_length=60)
    status: str = Field(max_length=40)
    next_step: str | None = Field(default=None, max_length=60)
    holder: str = Field(max_length=40)
    due_on: date | None = day_column(nullable=True)
    done: int
    total: int
    points: int
    band: str = Field(max_length=40)
    officer_id: int | None = None
    enrolled_on: date | None = day_column(nullable=True)
    counted_on: date = day_column()
    rules_sha256: str = Field(max_length=64)
    due_key: date = day_column()
    enrolled_key: date = day_column()
    points_key: int
    progress_key: int


class FactoryAnchor(Row, table=True):
    """Who stands at place `n` × 100, counted from 0, of a program's factories in one order.

    `desk.anchors` drops an order's when a factory comes, goes or moves in it.
    """

    __tablename__ = "factory_anchor"
    __table_args__ = (
        sa.UniqueConstraint("program", "sort", "n"),
        {"info": {"housekeeping": True}},
    )

    program: str = Field(max_length=60)
    sort: str = Field(max_length=20)
    n: int
    factory_id: int


class FactoryCount(Row, table=True):
    """How many factories share one district, stage, status, points band and officer.

    Kept in step with `factory_standing`; `district` is empty and `officer_id` 0 where open.
    """

    __tablename__ = "factory_count"
    __table_args__ = (
        sa.UniqueConstraint(
            "program", "district", "stage", "status", "band", "officer_id",
            name="uq_factory_count_all",
        ),
        sa.CheckConstraint("n > 0", name="some"),
        {"info": {"housekeeping": True}},
    )  # fmt: skip

    program: str = Field(max_length=60)
    district: str = Field(max_length=40)
    stage: str = Field(max_length=60)
    status: str = Field(max_length=40)
    band: str = Field(max_length=40)
    officer_id: int
    n: int


class SavedView(Row, table=True):
    """A filter somebody keeps under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "page", "name"),
        {"info": {"housekeeping": True}},
    )

    account_id: int
    page: str = Field(max_length=40)
    name: str = Field(max_length=60)
    query: str = Field(max_length=1000)
    saved_at: datetime = instant_column()


class FormDraft(Row, table=True):
    """A form somebody has begun; kept on the server so that a phone call loses nothing."""

    __tablename__ = "form_draft"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "form"),
        {"info": {"housekeeping": True}},
    )

    account_id: int
    form: str = Field(max_length=80)
    content: str
    saved_at: datetime = instant_column()
