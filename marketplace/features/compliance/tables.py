"""Exposure by store, month and kind; summaries of conduct kept beside it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.db.columns import (
    SORTED_NAME,
    Row,
    big_column,
    enum_column,
    instant_column,
    json_column,
)
from marketplace.features.compliance.kinds import ExposureKind


class Exposure(Row, table=True):
    """One revision of one quantity; a missing month has no row and is a gap, never 0."""

    __tablename__ = "exposure"
    __table_args__ = (
        sa.CheckConstraint("quantity >= 0", name="quantity"),
        sa.Index(
            "uq_exposure_current",
            "store_id",
            "month",
            "kind",
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        ),
    )

    program: str = Field(max_length=60, index=True)
    store_id: int = Field(foreign_key="store.id", index=True)
    month: int
    kind: ExposureKind = enum_column(ExposureKind)
    quantity: int
    source: str = Field(max_length=200)
    revision: int
    current: bool
    recorded_by: int | None = None
    recorded_at: datetime = instant_column()


class OperatorMonth(Row, table=True):
    """What one operator's month comes to; kept in step with its facts, never written by hand.

    Measured columns (`exposure` to `overturned`) end with the month of exit and hold one kind of
    exposure with what the same looking found; what it cannot have found is `outside` the rates.
    `cohort` is the month of enrollment, 0 without; `whole` rows add up to the program, rows of a
    `district` to that district. `opened` counts stores first reported in the window, `closed`
    those no longer due since the month of exit.
    """

    __tablename__ = "operator_month"
    __table_args__ = (
        sa.UniqueConstraint("operator_id", "program", "month", "whole", "district"),
        {"info": {"housekeeping": True}},
    )

    program: str = Field(max_length=60)
    operator_id: int
    month: int
    whole: bool
    district: str = Field(default="", max_length=40)
    cohort: int
    exposure: int
    stores: int
    operators: int
    findings: int
    listings: int
    overturned: int
    inspections: int
    near_misses: int
    complaints: int
    offered: int = big_column()
    offered_stores: int
    seen_inspections: int
    seen_complaints: int
    opened: int
    closed: int
    outside_findings: int
    outside_listings: int


class OperatorYear(Row, table=True):
    """What one operator's last twelve whole months come to, so that a list is read in any order.

    Sums of its rows of `operator_month` up to `until_month`, an index; `place` is empty for the
    whole program, else a district. `months` counts those in which it was observed, `factories`
    what it runs there; the first of them gives `factory_id` and the name. `rank` is findings per
    10^9 checked, -1 under the volume `ranked_from` from which a rate may order a list.
    """

    __tablename__ = "operator_year"
    __table_args__ = (
        sa.UniqueConstraint("operator_id", "program", "place"),
        sa.Index("ix_operator_year_name", "program", "place", "name_key", "operator_id"),
        sa.Index("ix_operator_year_exposure", "program", "place", "exposure", "operator_id"),
        sa.Index("ix_operator_year_findings", "program", "place", "findings", "operator_id"),
        sa.Index("ix_operator_year_listings", "program", "place", "listings", "operator_id"),
        sa.Index("ix_operator_year_rank", "program", "place", "rank", "operator_id"),
        {"info": {"housekeeping": True}},
    )

    program: str = Field(max_length=60)
    operator_id: int
    place: str = Field(max_length=40)
    factory_id: int
    name_key: str = Field(sa_type=SORTED_NAME)
    factories: int
    status: str = Field(max_length=40)
    exit_month: int
    until_month: int
    ranked_from: int
    months: int
    exposure: int
    findings: int
    listings: int
    overturned: int
    inspections: int
    near_misses: int
    complaints: int
    rank: int = big_column()
    outside_findings: int
    outside_listings: int


class CohortMonth(Row, table=True):
    """The sums of `operator_month` over everybody who entered in one month.

    `district` is empty for the whole program, `cohort` 0 for those not enrolled.
    """

    __tablename__ = "cohort_month"
    __table_args__ = (
        sa.UniqueConstraint("program", "district", "cohort", "month"),
        sa.Index(
            "ix_cohort_month_due",
            "program",
            "district",
            "cohort",
            sqlite_where=sa.text("opened <> closed"),
            postgresql_where=sa.text("opened <> closed"),
        ),
        {"info": {"housekeeping": True}},
    )

    program: str = Field(max_length=60)
    district: str = Field(max_length=40)
    cohort: int
    month: int
    exposure: int = big_column()
    stores: int
    operators: int
    findings: int
    listings: int
    overturned: int
    inspections: int
    near_misses: int
    complaints: int
    offered: int = big_column()
    offered_stores: int
    seen_inspections: int
    seen_complaints: int
    opened: int
    closed: int
    outside_findings: int
    outside_listings: int


class CohortOffset(Row, table=True):
    """The sums of `operator_month` by months since enrollment, over everybody enrolled.

    All months within the window are in it, those of the running month too; whoever reads up to an
    earlier month takes away the rows of `cohort_month` beyond it.
    """

    __tablename__ = "cohort_offset"
    __table_args__ = (
        sa.UniqueConstraint("program", "district", "offset_months"),
        {"info": {"housekeeping": True}},
    )

    program: str = Field(max_length=60)
    district: str = Field(max_length=40)
    offset_months: int
    exposure: int = big_column()
    stores: int
    operators: int
    findings: int
    listings: int
    overturned: int
    inspections: int
    near_misses: int
    complaints: int
    offered: int = big_column()
    offered_stores: int
    seen_inspections: int
    seen_complaints: int
    opened: int
    closed: int
    outside_findings: int
    outside_listings: int


class CohortSide(Row, table=True):
    """What was looked at, of how many operators, in one calendar month before, or after, entry.

    `side` is -1 before and 1 after; months are those of `cohort_offset`.
    """

    __tablename__ = "cohort_side"
    __table_args__ = (
        sa.UniqueConstraint("program", "district", "side", "month"),
        {"info": {"housekeeping": True}},
    )

    program: str = Field(max_length=60)
    district: str = Field(max_length=40)
    side: int
    month: int
    exposure: int = big_column()
    operators: int


class CohortOperator(Row, table=True):
    """What one operator adds beside its months: exit, spread of listings, sums for a leaver.

    Sums are those of the window around enrollment. `exit_month` is 0 while nobody left;
    `residual` and `expected` are millionths of `rules.dispersion.Spread`. `kind` is the kind of
    exposure it was worked out for: another one in the program file makes the row due.
    """

    __tablename__ = "cohort_operator"
    __table_args__ = (
        sa.UniqueConstraint("operator_id", "program", "whole", "district"),
        sa.Index("ix_cohort_operator_left", "program", "exit_month"),
        {"info": {"housekeeping": True}},
    )

    program: str = Field(max_length=60)
    operator_id: int
    whole: bool
    district: str = Field(default="", max_length=40)
    cohort: int
    status: str = Field(max_length=40)
    exit_month: int
    residual: int = big_column()
    expected: int = big_column()
    months: int
    last_seen: int
    exposure: int
    before_listings: int
    before_exposure: int
    after_listings: int
    after_exposure: int
    kind: str = Field(max_length=40)
    sources: dict[str, Any] = json_column()


class CohortCount(Row, table=True):
    """How many entered in one month and stand or left alike, with their spread of listings."""

    __tablename__ = "cohort_count"
    __table_args__ = (
        sa.UniqueConstraint("program", "district", "cohort", "status", "exit_month"),
        {"info": {"housekeeping": True}},
    )

    program: str = Field(max_length=60)
    district: str = Field(max_length=40)
    cohort: int
    status: str = Field(max_length=40)
    exit_month: int
    operators: int
    residual: int = big_column()
    expected: int = big_column()


class CohortSource(Row, table=True):
    """How many of those who entered in one month have exposure from one source."""

    __tablename__ = "cohort_source"
    __table_args__ = (
        sa.UniqueConstraint("program", "district", "cohort", "source"),
        {"info": {"housekeeping": True}},
    )

    program: str = Field(max_length=60)
    district: str = Field(max_length=40)
    cohort: int
    source: str = Field(max_length=200)
    operators: int
