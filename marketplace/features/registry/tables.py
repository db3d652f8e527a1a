"""Operators, factories, stores, who holds which, and where each field's value came from."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.db.columns import (
    EnumText,
    Row,
    VersionedRow,
    day_column,
    enum_column,
    instant_column,
    json_column,
)
from marketplace.base.text import fold_name
from marketplace.features.registry.kinds import (
    ChangeStatus,
    EntityKind,
    FactoryStatus,
    HoldingStatus,
    ImportStatus,
    StoreStatus,
    ValueStatus,
)


class Operator(VersionedRow, table=True):
    """经营主体: the legal entity; without USCC it is a draft (待补代码)."""

    __tablename__ = "operator"
    __table_args__ = (
        sa.Index(
            "uq_operator_uscc",
            "program",
            "uscc",
            unique=True,
            sqlite_where=sa.text("uscc IS NOT NULL"),
            postgresql_where=sa.text("uscc IS NOT NULL"),
        ),
        sa.CheckConstraint("uscc IS NULL OR length(uscc) = 18", name="uscc_length"),
    )

    program: str = Field(max_length=60, index=True)
    name: str = Field(max_length=200)
    name_fold: str = Field(max_length=200, index=True)
    uscc: str | None = Field(default=None, max_length=18)
    legal_representative: str | None = Field(default=None, max_length=80)
    phone: str | None = Field(default=None, max_length=40)
    created_at: datetime = instant_column()


class Factory(VersionedRow, table=True):
    """鞋企/工厂."""

    __tablename__ = "factory"
    __table_args__ = (
        sa.CheckConstraint(
            "capacity_pairs_per_year IS NULL OR capacity_pairs_per_year >= 0", name="capacity"
        ),
        sa.CheckConstraint("staff IS NULL OR staff >= 0", name="staff"),
    )

    operator_id: int = Field(foreign_key="operator.id", index=True)
    program: str = Field(max_length=60, index=True)
    name: str = Field(max_length=200)
    name_fold: str = Field(max_length=200, index=True)
    name_en: str | None = Field(default=None, max_length=200)
    district: str | None = Field(default=None, max_length=40, index=True)
    address: str | None = Field(default=None, max_length=300)
    category: str | None = Field(default=None, max_length=60)
    capacity_pairs_per_year: int | None = None
    staff: int | None = None
    above_scale: bool | None = None
    founded_year: int | None = None
    note: str | None = Field(default=None, max_length=1000)
    status: FactoryStatus = enum_column(FactoryStatus, index=True)
    officer_id: int | None = Field(default=None, index=True)
    created_at: datetime = instant_column()
    updated_at: datetime = instant_column()


class Store(VersionedRow, table=True):
    """店铺 on a platform.

    `no_fold` and `name_fold` are what it is found by when somebody writes it; kept in step below.
    """

    __tablename__ = "store"
    __table_args__ = (
        sa.UniqueConstraint("program", "platform", "store_no"),
        sa.Index("ix_store_no_fold", "program", "no_fold"),
        sa.Index("ix_store_name_fold", "program", "name_fold"),
    )

    program: str = Field(max_length=60, index=True)
    platform: str = Field(max_length=40)
    store_no: str = Field(max_length=60)
    name: str = Field(max_length=200)
    url: str | None = Field(default=None, max_length=300)
    status: StoreStatus = enum_column(StoreStatus)
    created_at: datetime = instant_column()
    no_fold: str = Field(default="", max_length=60)
    name_fold: str = Field(default="", max_length=200)


@sa.event.listens_for(Store, "before_insert")
@sa.event.listens_for(Store, "before_update")
def _keep_folds(_mapper: Any, _connection: sa.Connection, store: Store) -> None:
    """Fold number and name at every write: no command can forget it."""
    store.no_fold, store.name_fold = fold_name(store.store_no), fold_name(store.name)


class StoreHolding(VersionedRow, table=True):
    """A store is operated by a factory from–until (exclusive), on a stated basis."""

    __tablename__ = "store_holding"
    __table_args__ = (
        sa.Index(
            "uq_store_holding_now",
            "store_id",
            unique=True,
            sqlite_where=sa.text("until_on IS NULL AND status = 'confirmed'"),
            postgresql_where=sa.text("until_on IS NULL AND status = 'confirmed'"),
        ),
        sa.CheckConstraint("until_on IS NULL OR until_on > from_on", name="span"),
    )

    store_id: int = Field(foreign_key="store.id", index=True)
    factory_id: int = Field(foreign_key="factory.id", index=True)
    from_on: date = day_column()
    until_on: date | None = day_column(nullable=True)
    basis: str = Field(max_length=200)
    status: HoldingStatus = enum_column(HoldingStatus)
    confirmed_by: int | None = None
    confirmed_at: datetime | None = instant_column(nullable=True)


class Affiliate(VersionedRow, table=True):
    """关联企业 the operator declared."""

    __tablename__ = "affiliate"

    operator_id: int = Field(foreign_key="operator.id", index=True)
    name: str = Field(max_length=200)
    uscc: str | None = Field(default=None, max_length=18)
    relation: str = Field(max_length=120)
    declared_at: datetime = instant_column()
    declared_by: int | None = (
        None  # whoever of the office told the same later; None before 0034
    )


class ContractWork(VersionedRow, table=True):
    """代工 history: legitimate contract manufacturing; no brand names are asked."""

    __tablename__ = "contract_work"

    factory_id: int = Field(foreign_key="factory.id", index=True)
    from_year: int
    until_year: int | None = None
    kind: str = Field(max_length=120)
    pairs_per_year: int | None = None
    note: str | None = Field(default=None, max_length=300)


class FieldValue(Row, table=True):
    """One value one source gave for one field; losing values are kept."""

    __tablename__ = "field_value"
    __table_args__ = (sa.Index("ix_field_value_of", "entity", "entity_id", "field"),)

    entity: EntityKind = enum_column(EntityKind)
    entity_id: int
    program: str = Field(max_length=60)
    field: str = Field(max_length=60)
    value: str | None = Field(default=None, max_length=1000)
    source: str = Field(max_length=200)
    source_on: date | None = day_column(nullable=True)
    recorded_at: datetime = instant_column()
    status: ValueStatus = enum_column(ValueStatus, index=True)


class ChangeRequest(VersionedRow, table=True):
    """An owner's edit of the profile, approved or returned by an officer."""

    __tablename__ = "change_request"

    factory_id: int = Field(foreign_key="factory.id", index=True)
    operator_id: int = Field(index=True)
    program: str = Field(max_length=60)
    submitted_by: int
    submitted_at: datetime = instant_column()
    due_on: date = day_column()
    changes: dict[str, Any] = json_column()
    status: ChangeStatus = enum_column(ChangeStatus, index=True)
    decided_by: int | None = None
    decided_at: datetime | None = instant_column(nullable=True)
    reason: str | None = Field(default=None, max_length=500)


class ImportBatch(VersionedRow, table=True):
    """One file taken in: what it was, how it was read, what became of it; begun before its rows.

    What became of each row stands in `ImportRow`; `report` holds it for imports before that.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        sa.Index(
            "uq_import_batch_running",
            "program",
            "kind",
            "file_sha256",
            unique=True,
            sqlite_where=sa.text("status = 'running'"),
            postgresql_where=sa.text("status = 'running'"),
        ),
    )

    program: str = Field(max_length=60, index=True)
    kind: str = Field(max_length=40)
    file_name: str = Field(max_length=200)
    file_sha256: str = Field(max_length=64)
    source: str = Field(max_length=200)
    mapping: dict[str, Any] = json_column()
    counts: dict[str, Any] = json_column()
    report: dict[str, Any] = json_column()
    imported_by: int | None = None
    imported_at: datetime = instant_column()
    status: ImportStatus = Field(
        default=ImportStatus.FINISHED,
        sa_type=EnumText(ImportStatus),
        nullable=False,
        sa_column_kwargs={"server_default": "finished"},
    )
    undone_by: int | None = None
    undone_at: datetime | None = instant_column(nullable=True)
    undo_reason: str | None = Field(default=None, max_length=500)


class ImportRow(Row, table=True):
    """What became of one row of a file, and what it wrote, so that it can be taken back.

    `traces` name rows and their plain values before and after; nothing personal is among them.
    `undo` says what an undo did with the row.
    """

    __tablename__ = "import_row"
    __table_args__ = (sa.UniqueConstraint("batch_id", "row"),)

    batch_id: int = Field(foreign_key="import_batch.id")
    row: int
    outcome: str = Field(max_length=40)
    lines: dict[str, Any] = json_column()
    traces: dict[str, Any] = json_column()
    undone: bool = False
    undo: dict[str, Any] = json_column()


class ImportLease(Row, table=True):
    """Who is working at an import or its undo just now, how far, and until when he is believed."""

    __tablename__ = "import_lease"
    __table_args__ = ({"info": {"housekeeping": True}},)

    batch_id: int = Field(unique=True)
    token: str = Field(max_length=40)
    until: datetime = instant_column()
    done: int = 0
    total: int = 0


class ImportMapping(VersionedRow, table=True):
    """The columns last used for a source, proposed again next time."""

    __tablename__ = "import_mapping"
    __table_args__ = (
        sa.UniqueConstraint("program", "kind", "source"),
        {"info": {"housekeeping": True}},
    )

    program: str = Field(max_length=60)
    kind: str = Field(max_length=40)
    source: str = Field(max_length=200)
    mapping: dict[str, Any] = json_column()
    saved_at: datetime = instant_column()
