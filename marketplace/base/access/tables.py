"""Accounts, what they may see, and how they prove who they are."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.access.actor import Role
from marketplace.base.db.columns import Row, VersionedRow, enum_column, instant_column


class AccountStatus(StrEnum):
    """Whether an account may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class Capacity(StrEnum):
    """In which capacity a person acts for an operator."""

    HEAD = "head"  # 负责人
    AGENT = "agent"  # 代办人


class Account(VersionedRow, table=True):
    """A named person."""

    __tablename__ = "account"

    login: str = Field(max_length=80, unique=True)
    name: str = Field(max_length=80)
    role: Role = enum_column(Role)
    status: AccountStatus = enum_column(AccountStatus)
    created_at: datetime = instant_column()


class AccountProgram(Row, table=True):
    """A program an account works in; no district means all of them."""

    __tablename__ = "account_program"
    __table_args__ = (sa.UniqueConstraint("account_id", "program", "district"),)

    account_id: int = Field(foreign_key="account.id", index=True)
    program: str = Field(max_length=60)
    district: str | None = Field(default=None, max_length=40)


class AccountOperator(Row, table=True):
    """An operator an owner's account acts for."""

    __tablename__ = "account_operator"
    __table_args__ = (sa.UniqueConstraint("account_id", "operator_id"),)

    account_id: int = Field(foreign_key="account.id", index=True)
    operator_id: int = Field(index=True)
    capacity: Capacity = enum_column(Capacity)


class Password(VersionedRow, table=True):
    """A staff password as argon2id digest."""

    __tablename__ = "password"

    account_id: int = Field(foreign_key="account.id", unique=True)
    argon2: str = Field(max_length=200)
    set_at: datetime = instant_column()


class WebSession(Row, table=True):
    """A signed-in browser; only the token's digest is kept."""

    __tablename__ = "web_session"
    __table_args__ = {"info": {"housekeeping": True}}

    token_sha256: str = Field(max_length=64, unique=True)
    public_id: str = Field(max_length=64, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime = instant_column()
    last_seen_at: datetime = instant_column()
    expires_at: datetime = instant_column()
    idle_seconds: int
    revoked_at: datetime | None = instant_column(nullable=True)
    user_agent: str = Field(default="", max_length=120)


class SignInLink(VersionedRow, table=True):
    """A one-time link an officer hands to an owner in person."""

    __tablename__ = "sign_in_link"

    token_sha256: str = Field(max_length=64, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    issued_by: int | None = None
    issued_at: datetime = instant_column()
    expires_at: datetime = instant_column()
    used_at: datetime | None = instant_column(nullable=True)


class Device(Row, table=True):
    """A remembered phone with its short PIN; forgotten when it was not used for long."""

    __tablename__ = "device"
    __table_args__ = {"info": {"housekeeping": True}}

    token_sha256: str = Field(max_length=64, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    pin_argon2: str = Field(max_length=200)
    created_at: datetime = instant_column()
    expires_at: datetime = instant_column()
    revoked_at: datetime | None = instant_column(nullable=True)
    user_agent: str = Field(default="", max_length=120)
    last_used_at: datetime | None = instant_column(nullable=True)


class Throttle(Row, table=True):
    """A counted act and when it was, in one of its name's rows, kept so that processes share it.

    `tries` is always 1: what counts is how many rows are young.
    """

    __tablename__ = "throttle"
    __table_args__ = {"info": {"housekeeping": True}}

    name: str = Field(max_length=120, unique=True)
    window_start: datetime = instant_column()
    tries: int


class Installation(Row, table=True):
    """Facts of this database itself, such as that it holds the demo program."""

    __tablename__ = "installation"

    name: str = Field(max_length=60, unique=True)
    value: str = Field(max_length=200)
