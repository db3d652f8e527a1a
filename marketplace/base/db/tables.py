"""Idempotency keys: the same key with the same content returns the same result."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from marketplace.base.db.columns import Row, instant_column, json_column


class IdempotencyKey(Row, table=True):
    __tablename__ = "idempotency_key"
    __table_args__ = {"info": {"audit": True}}

    token: str = Field(max_length=240, unique=True)
    scope: str = Field(max_length=120)
    body_digest: str = Field(max_length=64)
    result: dict[str, Any] = json_column()
    at: datetime = instant_column()
