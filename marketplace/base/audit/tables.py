"""What the audit trail is kept in: the chain, its head, sealed personal values, anchors.

All tables are marked `audit`: writing them is no domain write that would need an entry itself.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.db import Row, instant_column

_AUDIT: dict[str, Any] = {"info": {"audit": True}}


class AuditEntry(Row, table=True):
    # `id` is given, never drawn: it equals `seq`, so that a rolled-back unit leaves no gap.
    __tablename__ = "audit_entry"
    __table_args__ = (sa.CheckConstraint("id = seq", name="id_is_seq"), _AUDIT)

    seq: int = Field(unique=True)
    prev: str = Field(max_length=64, unique=True)  # a second entry on one parent is a fork
    at: datetime = instant_column(index=True)
    actor_id: int | None = Field(default=None)
    actor_login: str = Field(max_length=120, index=True)
    actor_role: str = Field(max_length=40)
    action: str = Field(max_length=120, index=True)
    subject: str = Field(max_length=160, index=True)
    program: str | None = Field(default=None, max_length=60)
    operator_id: int | None = Field(default=None, index=True)
    payload: str = Field(sa_type=sa.Text)
    mac: str = Field(max_length=64)


class AuditHead(Row, table=True):
    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single"), _AUDIT)

    seq: int
    mac: str = Field(max_length=64)


class PersonKey(Row, table=True):
    # `wrapped` is emptied when the person is erased; what it sealed is then beyond reach.
    __tablename__ = "person_key"
    __table_args__ = (
        sa.Index(
            "uq_person_key_living",
            "person",
            unique=True,
            sqlite_where=sa.text("wrapped IS NOT NULL"),
            postgresql_where=sa.text("wrapped IS NOT NULL"),
        ),
        sa.CheckConstraint(
            "(wrapped IS NULL) = (erased_at IS NOT NULL)", name="erased_without_key"
        ),
        _AUDIT,
    )

    person: str = Field(max_length=160, index=True)
    wrapped: str | None = Field(default=None, max_length=300)
    made_at: datetime = instant_column()
    erased_at: datetime | None = instant_column(nullable=True)


class AuditDetail(Row, table=True):
    __tablename__ = "audit_detail"
    __table_args__ = _AUDIT

    seq: int = Field(foreign_key="audit_entry.seq", unique=True)
    key_id: int = Field(foreign_key="person_key.id", index=True)
    ciphertext: str = Field(sa_type=sa.Text)


class AuditAnchor(Row, table=True):
    __tablename__ = "audit_anchor"
    __table_args__ = _AUDIT

    seq: int = Field(index=True)
    mac: str = Field(max_length=64)
    size: int
    at: datetime = instant_column()
    signature: str = Field(max_length=64)
