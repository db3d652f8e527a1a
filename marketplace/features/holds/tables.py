"""Payment holds, the books they are kept in, and the simulated settlement account."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.db.columns import (
    Row,
    VersionedRow,
    day_column,
    enum_column,
    instant_column,
    metadata,
)
from marketplace.features.enforcement.tables import MeasureTaken
from marketplace.features.holds.kinds import (
    Account,
    HoldEnd,
    HoldStatus,
    MovementKind,
    ReceiptKind,
)


class PaymentHold(VersionedRow, table=True):
    """货款暂缓结算: one disputed amount of one finding."""

    __tablename__ = "payment_hold"
    __table_args__ = (
        sa.UniqueConstraint("program", "number"),
        sa.CheckConstraint("amount_fen > 0 AND amount_fen <= disputed_fen", name="amount"),
        sa.CheckConstraint("remaining_fen BETWEEN 0 AND amount_fen", name="remaining"),
        sa.CheckConstraint("(status = 'running') = (remaining_fen > 0)", name="running"),
        sa.CheckConstraint("status <> 'running' OR statement_id IS NOT NULL", name="reasons"),
        sa.CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="why"),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> placed_by", name="two_people"
        ),
        sa.CheckConstraint("until_on <= longest_until_on", name="longest"),
        sa.Index("ix_payment_hold_open", "program", "status"),
    )

    program: str = Field(max_length=60)
    number: str = Field(max_length=40)
    finding_id: int = Field(foreign_key="finding.id", index=True)
    store_id: int = Field(foreign_key="store.id", index=True)
    factory_id: int | None = Field(default=None, foreign_key="factory.id", index=True)
    operator_id: int | None = Field(default=None, index=True)
    basis: str = Field(max_length=40)
    disputed_fen: int = Field(sa_type=sa.BigInteger)
    amount_fen: int = Field(sa_type=sa.BigInteger)
    remaining_fen: int = Field(sa_type=sa.BigInteger)
    reason: str = Field(max_length=1000)
    status: HoldStatus = enum_column(HoldStatus)
    statement_id: int | None = Field(
        default=None, foreign_key="statement_of_reasons.id", index=True
    )
    placed_by: int
    placed_at: datetime = instant_column()
    confirmed_by: int | None = None
    confirmed_at: datetime | None = instant_column(nullable=True)
    review_on: date = day_column()
    until_on: date = day_column()
    longest_until_on: date = day_column()
    ended_at: datetime | None = instant_column(nullable=True)
    ended_by: int | None = None
    end_reason: HoldEnd | None = enum_column(HoldEnd, nullable=True)
    end_note: str | None = Field(default=None, max_length=1000)
    rulebook_sha256: str = Field(max_length=64)


class HoldExtension(Row, table=True):
    """A review that let a hold go on, with the statement that says why; it only grows."""

    __tablename__ = "hold_extension"

    hold_id: int = Field(foreign_key="payment_hold.id", index=True)
    statement_id: int = Field(foreign_key="statement_of_reasons.id", unique=True)
    review_on: date = day_column()
    until_on: date = day_column()
    reason: str = Field(max_length=1000)
    extended_by: int
    extended_at: datetime = instant_column()


class HoldMovement(Row, table=True):
    """Money that moved between accounts of a store, against a receipt; it only grows."""

    __tablename__ = "hold_movement"
    __table_args__ = (
        sa.CheckConstraint("amount_fen > 0", name="amount"),
        sa.CheckConstraint("(kind = 'takings') = (hold_id IS NULL)", name="of_a_hold"),
    )

    program: str = Field(max_length=60, index=True)
    store_id: int = Field(foreign_key="store.id", index=True)
    hold_id: int | None = Field(default=None, foreign_key="payment_hold.id", index=True)
    kind: MovementKind = enum_column(MovementKind)
    amount_fen: int = Field(sa_type=sa.BigInteger)
    receipt: str = Field(max_length=40)
    reason: str = Field(max_length=1000)
    moved_by: int | None = None
    moved_at: datetime = instant_column()


class HoldPosting(Row, table=True):
    """One side of a movement; both sides add up to zero; it only grows."""

    __tablename__ = "hold_posting"
    __table_args__ = (
        sa.UniqueConstraint("movement_id", "account"),
        sa.CheckConstraint("amount_fen <> 0", name="amount"),
    )

    movement_id: int = Field(foreign_key="hold_movement.id", index=True)
    store_id: int = Field(foreign_key="store.id", index=True)
    account: Account = enum_column(Account)
    amount_fen: int = Field(sa_type=sa.BigInteger)


class SettlementReceipt(Row, table=True):
    """The simulated settlement account's own book: what it took, froze and paid; it only grows."""

    __tablename__ = "settlement_receipt"
    __table_args__ = (sa.CheckConstraint("amount_fen > 0", name="amount"),)

    number: str = Field(max_length=40, unique=True)
    token: str = Field(max_length=120, unique=True)
    store_id: int = Field(foreign_key="store.id", index=True)
    kind: ReceiptKind = enum_column(ReceiptKind)
    amount_fen: int = Field(sa_type=sa.BigInteger)
    at: datetime = instant_column()


# A backup is filled in again table by table: the reasons come before what is held on them.
metadata.tables["hold_movement"].add_is_dependent_on(
    metadata.tables[str(MeasureTaken.__tablename__)]
)
