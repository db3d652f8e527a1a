"""Draws of listings, what was drawn, what was seen; all of it only grows."""

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
from marketplace.features.sampling.kinds import SampleOutcome


class SampleDraw(Row, table=True):
    """抽样: one a quarter, so that nobody draws again until the outcome pleases.

    `strata` keeps the size, rate and number drawn of each category; `frame_sha256` is over the
    sorted keys of the frame. `seed_proof` is the installation's signature of program and quarter
    that the seed follows from; empty where somebody still chose it, before it was derived.
    """

    __tablename__ = "sample_draw"
    __table_args__ = (
        sa.UniqueConstraint("program", "quarter_from"),
        sa.CheckConstraint("frame_size >= 1", name="some"),
    )

    program: str = Field(max_length=60)
    quarter_from: date = day_column()
    seed: str = Field(max_length=60)
    algorithm: str = Field(max_length=40)
    frame_size: int
    frame_sha256: str = Field(max_length=64)
    strata: dict[str, Any] = json_column()
    rulebook_sha256: str = Field(max_length=64)
    due_on: date = day_column()
    drawn_by: int | None = None
    drawn_at: datetime = instant_column()
    seed_proof: str = Field(default="", max_length=128)


class SampleItem(Row, table=True):
    """One drawn listing as it stood then, in the order of the draw, from 1."""

    __tablename__ = "sample_item"
    __table_args__ = (
        sa.UniqueConstraint("draw_id", "position"),
        sa.UniqueConstraint("draw_id", "listing_id"),
    )

    draw_id: int = Field(foreign_key="sample_draw.id", index=True)
    position: int
    category: str = Field(max_length=60)
    listing_id: int
    product_id: int
    store_id: int = Field(foreign_key="store.id", index=True)
    factory_id: int = Field(foreign_key="factory.id", index=True)
    operator_id: int = Field(index=True)
    platform: str = Field(max_length=40)
    item_no: str = Field(max_length=60)
    url: str = Field(max_length=300)


class SampleLook(Row, table=True):
    """What was seen of a drawn listing; a case names the one opened or joined.

    A correction is a row of its own with its reason: it `corrects` the one before it, each at
    most once, so that the entries of a listing are one line of which the last one counts.
    """

    __tablename__ = "sample_look"
    __table_args__ = (
        sa.UniqueConstraint("corrects"),
        sa.Index(
            "uq_sample_look_first",
            "item_id",
            unique=True,
            sqlite_where=sa.text("corrects IS NULL"),
            postgresql_where=sa.text("corrects IS NULL"),
        ),
        sa.CheckConstraint(
            "(outcome = 'case_opened') = (case_id IS NOT NULL)", name="case_of_outcome"
        ),
        sa.CheckConstraint("(corrects IS NULL) = (reason = '')", name="reason_of_correction"),
    )

    item_id: int = Field(foreign_key="sample_item.id", index=True)
    outcome: SampleOutcome = enum_column(SampleOutcome)
    note: str = Field(max_length=1000)
    case_id: int | None = Field(default=None, foreign_key="infringement_case.id")
    looked_by: int
    looked_at: datetime = instant_column()
    corrects: int | None = Field(default=None, foreign_key="sample_look.id")
    reason: str = Field(default="", max_length=1000)
