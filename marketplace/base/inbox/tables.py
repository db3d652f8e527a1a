"""Messages as code and facts; sentences are made when they are read."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from marketplace.base.db.columns import Row, instant_column, json_column


class Message(Row, table=True):
    __tablename__ = "message"
    __table_args__ = {"info": {"housekeeping": True}}

    account_id: int = Field(index=True)
    program: str | None = Field(default=None, max_length=60)
    code: str = Field(max_length=80)
    facts: dict[str, Any] = json_column()
    subject: str = Field(max_length=80, index=True)
    at: datetime = instant_column()
    read_at: datetime | None = instant_column(nullable=True)
