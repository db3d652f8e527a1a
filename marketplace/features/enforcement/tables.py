"""Findings, the points ledger, statements of reasons and measures, reports from the public."""

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
    metadata,
)
from marketplace.features.enforcement.kinds import (
    EntryKind,
    FindingBasis,
    FindingStatus,
    Intent,
    Measure,
    MeasureEnd,
    MeasureKind,
    Origin,
    ReportStatus,
    StatementBasis,
    ViolationKind,
)


def _one_where(name: str, column: str, where: str) -> sa.Index:
    """Return an index that lets a value stand once among the rows of a condition."""
    told = sa.text(where)
    return sa.Index(name, column, unique=True, sqlite_where=told, postgresql_where=told)


class Finding(VersionedRow, table=True):
    """发现: what was seen, by whom, how; counts `listings` 侵权商品."""

    __tablename__ = "finding"
    __table_args__ = (
        sa.CheckConstraint("listings >= 1", name="listings"),
        sa.Index("ix_finding_month", "store_id", "found_month"),
        sa.UniqueConstraint("program", "reference"),
    )

    program: str = Field(max_length=60, index=True)
    reference: str = Field(max_length=120)
    store_id: int = Field(foreign_key="store.id", index=True)
    factory_id: int | None = Field(default=None, foreign_key="factory.id", index=True)
    operator_id: int | None = Field(default=None, index=True)
    basis: FindingBasis = enum_column(FindingBasis)
    origin: Origin = enum_column(Origin)
    brand: str | None = Field(default=None, max_length=80)
    listings: int
    found_on: date = day_column()
    found_month: int
    statement: str = Field(max_length=1000)
    status: FindingStatus = enum_column(FindingStatus, index=True)
    recorded_by: int | None = None
    recorded_at: datetime = instant_column()
    heard_at: datetime | None = instant_column(nullable=True)
    hearing: str | None = Field(default=None, max_length=2000)
    decided_by: int | None = None
    decided_at: datetime | None = instant_column(nullable=True)
    reason: str | None = Field(default=None, max_length=1000)
    rulebook_sha256: str | None = Field(default=None, max_length=64)


class FindingProduct(Row, table=True):
    """The products a finding names."""

    __tablename__ = "finding_product"
    __table_args__ = (sa.UniqueConstraint("finding_id", "product_id"),)

    finding_id: int = Field(foreign_key="finding.id", index=True)
    product_id: int = Field(foreign_key="product.id", index=True)


class PointsEntry(Row, table=True):
    """One entry of the points ledger; append-only, a correction points to its original."""

    __tablename__ = "points_entry"
    __table_args__ = (
        _one_where("uq_points_entry_scored_once", "finding_id", "kind = 'score'"),
        _one_where("uq_points_entry_reversed_once", "reverses_id", "reverses_id IS NOT NULL"),
        sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal"),
        sa.CheckConstraint(
            "(kind = 'score') <= (finding_id IS NOT NULL)", name="score_has_finding"
        ),
        _one_where("uq_points_entry_complaint_once", "complaint_ref", "kind = 'complaint'"),
    )

    store_id: int = Field(foreign_key="store.id", index=True)
    finding_id: int | None = Field(default=None, foreign_key="finding.id", index=True)
    complaint_ref: str | None = Field(default=None, max_length=120)
    brand: str | None = Field(default=None, max_length=80)
    kind: EntryKind = enum_column(EntryKind)
    offense: int | None = None
    points: int
    measure: Measure | None = enum_column(Measure, nullable=True)
    reverses_id: int | None = Field(default=None, foreign_key="points_entry.id")
    at: datetime = instant_column()
    decided_by: int | None = None
    rulebook_sha256: str = Field(max_length=64)


class StoreClosure(VersionedRow, table=True):
    """关闭店铺; at most one open closure a store."""

    __tablename__ = "store_closure"
    __table_args__ = (_one_where("uq_store_closure_open", "store_id", "reopened_at IS NULL"),)

    store_id: int = Field(foreign_key="store.id", index=True)
    factory_id: int | None = Field(default=None, foreign_key="factory.id")
    finding_id: int | None = Field(default=None, foreign_key="finding.id")
    balance: int
    closed_at: datetime = instant_column()
    closed_by: int | None = None
    reopened_at: datetime | None = instant_column(nullable=True)


class StoreSuspension(VersionedRow, table=True):
    """限期整改（店铺暂停经营）, at most 21 days."""

    __tablename__ = "store_suspension"

    store_id: int = Field(foreign_key="store.id", index=True)
    finding_id: int = Field(foreign_key="finding.id")
    from_at: datetime = instant_column()
    until_at: datetime = instant_column()
    plan: str | None = Field(default=None, max_length=2000)
    plan_at: datetime | None = instant_column(nullable=True)
    plan_accepted_by: int | None = None
    plan_accepted_at: datetime | None = instant_column(nullable=True)
    plan_answer: str | None = Field(default=None, max_length=1000)
    escalated_at: datetime | None = instant_column(nullable=True)
    lifted_at: datetime | None = instant_column(nullable=True)
    lifted_by: int | None = None
    lift_reason: str | None = Field(default=None, max_length=1000)


class NearMiss(Row, table=True):
    """发布前改正: a warning heeded before release; never a violation."""

    __tablename__ = "near_miss"

    program: str = Field(max_length=60)
    store_id: int = Field(foreign_key="store.id", index=True)
    listings: int
    month: int
    recorded_at: datetime = instant_column()
    source: str = Field(max_length=200)


class PublicReport(VersionedRow, table=True):
    """举报 from the public form; identity optional and protected."""

    __tablename__ = "public_report"

    program: str = Field(max_length=60)
    number: str = Field(max_length=40, unique=True)
    product_code: str | None = Field(default=None, max_length=20)
    text: str = Field(max_length=2000)
    contact: str | None = Field(default=None, max_length=120)
    at: datetime = instant_column()
    status: ReportStatus = enum_column(ReportStatus)
    seen_by: int | None = None


class FindingDetail(VersionedRow, table=True):
    """What a finding is about beyond its count: kind, intent as alleged and as decided, value."""

    __tablename__ = "finding_detail"
    __table_args__ = (sa.CheckConstraint("value_fen IS NULL OR value_fen >= 0", name="value"),)

    finding_id: int = Field(foreign_key="finding.id", unique=True)
    category: ViolationKind | None = enum_column(ViolationKind, nullable=True)
    intent: Intent | None = enum_column(Intent, nullable=True)
    decided_intent: Intent | None = enum_column(Intent, nullable=True)
    value_fen: int | None = Field(default=None, sa_type=sa.BigInteger)


class FindingEvidence(Row, table=True):
    """A piece of evidence by its digest; it never changes, its custody is kept beside it."""

    __tablename__ = "finding_evidence"
    __table_args__ = (sa.UniqueConstraint("finding_id", "sha256"),)

    finding_id: int = Field(foreign_key="finding.id", index=True)
    name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    use_id: int | None = Field(default=None, foreign_key="file_use.id")
    added_by: int | None = None
    added_at: datetime = instant_column()


class CustodyStep(VersionedRow, table=True):
    """Who held a piece of evidence from-until (exclusive); one holder at a time."""

    __tablename__ = "custody_step"
    __table_args__ = (
        _one_where("uq_custody_step_holder", "evidence_id", "until_at IS NULL"),
        sa.CheckConstraint("until_at IS NULL OR until_at >= from_at", name="order"),
    )

    evidence_id: int = Field(foreign_key="finding_evidence.id", index=True)
    holder: str = Field(max_length=120)
    from_at: datetime = instant_column()
    until_at: datetime | None = instant_column(nullable=True)
    recorded_by: int | None = None


class StatementOfReasons(Row, table=True):
    """处理说明: why a measure was taken, in both languages, as it was said; it never changes."""

    __tablename__ = "statement_of_reasons"
    __table_args__ = (
        sa.UniqueConstraint("program", "number"),
        sa.Index("ix_statement_of_reasons_store", "store_id", "at"),
    )

    program: str = Field(max_length=60)
    number: str = Field(max_length=40)
    basis: StatementBasis = enum_column(StatementBasis)
    store_id: int = Field(foreign_key="store.id")
    factory_id: int | None = Field(default=None, foreign_key="factory.id", index=True)
    operator_id: int | None = Field(default=None, index=True)
    finding_id: int | None = Field(default=None, foreign_key="finding.id", index=True)
    complaint_ref: str | None = Field(default=None, max_length=120)
    facts: dict[str, Any] = json_column()
    text_zh: list[Any] = json_column()
    text_en: list[Any] = json_column()
    sha256: str = Field(max_length=64)
    rulebook_sha256: str = Field(max_length=64)
    automated: bool = False
    decided_by: int | None = None
    decided_role: str = Field(max_length=40)
    at: datetime = instant_column()
    appeal_until: date = day_column()


class MeasureTaken(VersionedRow, table=True):
    """处理措施: what was done; there is none without a statement of reasons."""

    __tablename__ = "measure_taken"
    __table_args__ = (
        sa.UniqueConstraint("statement_id", "kind"),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended"),
    )

    statement_id: int = Field(foreign_key="statement_of_reasons.id", index=True)
    kind: MeasureKind = enum_column(MeasureKind)
    store_id: int = Field(foreign_key="store.id", index=True)
    finding_id: int | None = Field(default=None, foreign_key="finding.id", index=True)
    from_at: datetime = instant_column()
    until_at: datetime | None = instant_column(nullable=True)
    ended_at: datetime | None = instant_column(nullable=True)
    end_reason: MeasureEnd | None = enum_column(MeasureEnd, nullable=True)


class MeasurePause(VersionedRow, table=True):
    """When a measure had no effect because an appeal was open; `until_at` is exclusive."""

    __tablename__ = "measure_pause"
    __table_args__ = (
        _one_where("uq_measure_pause_open", "measure_id", "until_at IS NULL"),
        sa.CheckConstraint("until_at IS NULL OR until_at >= from_at", name="order"),
    )

    measure_id: int = Field(foreign_key="measure_taken.id", index=True)
    from_at: datetime = instant_column()
    until_at: datetime | None = instant_column(nullable=True)


class InterimSuspension(VersionedRow, table=True):
    """A store suspended pending decision: a person's reasoned act on prima facie evidence."""

    __tablename__ = "interim_suspension"
    __table_args__ = (
        _one_where("uq_interim_suspension_open", "store_id", "ended_at IS NULL"),
        sa.CheckConstraint("until_at > from_at", name="term"),
    )

    store_id: int = Field(foreign_key="store.id", index=True)
    finding_id: int = Field(foreign_key="finding.id", index=True)
    statement_id: int = Field(foreign_key="statement_of_reasons.id")
    from_at: datetime = instant_column()
    until_at: datetime = instant_column()
    reason: str = Field(max_length=1000)
    imposed_by: int
    ended_at: datetime | None = instant_column(nullable=True)
    end_reason: MeasureEnd | None = enum_column(MeasureEnd, nullable=True)


class CourseAssignment(VersionedRow, table=True):
    """必修课: assigned, reported done by whom, confirmed by the office."""

    __tablename__ = "course_assignment"
    __table_args__ = (
        sa.CheckConstraint("confirmed_at IS NULL OR done_at IS NOT NULL", name="confirmed"),
    )

    statement_id: int = Field(foreign_key="statement_of_reasons.id", unique=True)
    store_id: int = Field(foreign_key="store.id", index=True)
    finding_id: int = Field(foreign_key="finding.id")
    course: str = Field(max_length=60)
    due_on: date = day_column()
    done_at: datetime | None = instant_column(nullable=True)
    done_by: int | None = None
    attended: str | None = Field(default=None, max_length=300)
    returned: str | None = Field(default=None, max_length=1000)
    confirmed_at: datetime | None = instant_column(nullable=True)
    confirmed_by: int | None = None
    withdrawn_at: datetime | None = instant_column(nullable=True)


# A backup is filled in again table by table: the reasons come before what needs them.
for _name in ("points_entry", "store_closure", "store_suspension"):
    metadata.tables[_name].add_is_dependent_on(metadata.tables["measure_taken"])
