"""Read models' own rows: the search index and saved views."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.db.columns import Row, instant_column


class SearchEntry(Row, table=True):
    """What a thing can be found by; `tokens` is what `desk.search` makes of its names."""

    __tablename__ = "search_entry"
    __table_args__ = (
        sa.UniqueConstraint("kind", "entity_id"),
        {"info": {"housekeeping": True}},
    )

    kind: str = Field(max_length=20)
    entity_id: int
    program: str = Field(max_length=60)
    operator_id: int | None = None
    tokens: str


class SavedView(Row, table=True):
    """A filter somebody keeps under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "page", "name"),
        {"info": {"housekeeping": True}},
    )

    account_id: int
    page: str = Field(max_length=40)
    name: str = Field(max_length=60)
    query: str = Field(max_length=1000)
    saved_at: datetime = instant_column()


class FormDraft(Row, table=True):
    """A form somebody has begun; kept on the server so that a phone call loses nothing."""

    __tablename__ = "form_draft"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "form"),
        {"info": {"housekeeping": True}},
    )

    account_id: int
    form: str = Field(max_length=80)
    content: str
    saved_at: datetime = instant_column()
