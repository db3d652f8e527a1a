"""Draws of decisions, what was drawn, how it was judged; all of it only grows."""

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
from marketplace.features.oversight.kinds import DecisionKind, Judgment


class OversightDraw(Row, table=True):
    """抽查: what it was drawn from and by which seed, so that anybody can draw it again.

    `period_until` is inclusive; `frame_sha256` is over the sorted keys of the frame.
    """

    __tablename__ = "oversight_draw"
    __table_args__ = (
        sa.UniqueConstraint("program", "seed", "kinds_key", "period_from", "period_until", "wanted",
                            name="uq_oversight_draw_same"),
        sa.CheckConstraint("wanted >= 1 AND frame_size >= 1", name="some"),
        sa.CheckConstraint("period_until >= period_from", name="period"),
    )  # fmt: skip

    program: str = Field(max_length=60)
    seed: str = Field(max_length=60)
    kinds_key: str = Field(max_length=200)
    period_from: date = day_column()
    period_until: date = day_column()
    wanted: int
    algorithm: str = Field(max_length=40)
    frame_size: int
    frame_sha256: str = Field(max_length=64)
    drawn_by: int | None = None
    drawn_at: datetime = instant_column()


class OversightItem(Row, table=True):
    """One drawn decision; `position` is its place in the order of the seed, from 1."""

    __tablename__ = "oversight_item"
    __table_args__ = (
        sa.UniqueConstraint("draw_id", "position"),
        sa.UniqueConstraint("draw_id", "kind", "entity_id"),
    )

    draw_id: int = Field(foreign_key="oversight_draw.id", index=True)
    position: int
    kind: DecisionKind = enum_column(DecisionKind)
    entity_id: int
    operator_id: int | None = Field(default=None, index=True)
    factory_id: int | None = None
    decided_by: int
    decided_at: datetime = instant_column()
    outcome: str = Field(max_length=40)
    people: dict[str, Any] = json_column()


class OversightVerdict(Row, table=True):
    """How a drawn decision was judged; a correction names the verdict it stands in for."""

    __tablename__ = "oversight_verdict"
    __table_args__ = (
        sa.Index(
            "uq_oversight_verdict_first",
            "item_id",
            unique=True,
            sqlite_where=sa.text("replaces_id IS NULL"),
            postgresql_where=sa.text("replaces_id IS NULL"),
        ),
        sa.UniqueConstraint("replaces_id"),
    )

    item_id: int = Field(foreign_key="oversight_item.id", index=True)
    judgment: Judgment = enum_column(Judgment)
    reason: str = Field(max_length=1000)
    judged_by: int
    judged_at: datetime = instant_column()
    replaces_id: int | None = Field(default=None, foreign_key="oversight_verdict.id")
