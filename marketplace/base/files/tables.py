"""Files are stored once by content; a use says whose it is and what for."""

from datetime import datetime

from sqlmodel import Field

from marketplace.base.db.columns import Row, instant_column


class StoredFile(Row, table=True):
    __tablename__ = "stored_file"

    sha256: str = Field(max_length=64, unique=True)
    size_bytes: int
    media_type: str = Field(max_length=60)
    width: int | None = None
    height: int | None = None
    stored_at: datetime = instant_column()


class FileUse(Row, table=True):
    __tablename__ = "file_use"

    file_id: int = Field(foreign_key="stored_file.id", index=True)
    program: str = Field(max_length=60)
    district: str | None = Field(default=None, max_length=40)
    operator_id: int | None = Field(default=None, index=True)
    subject: str = Field(max_length=80, index=True)
    purpose: str = Field(max_length=60)
    name: str = Field(max_length=200)
    uploaded_by: int | None = None
    uploaded_at: datetime = instant_column()
    withdrawn_at: datetime | None = instant_column(nullable=True)


class FileOpening(Row, table=True):
    """Somebody of the office opened a file; kept as long as the program says, never changed."""

    __tablename__ = "file_opening"
    __table_args__ = {"info": {"housekeeping": True}}

    use_id: int = Field(foreign_key="file_use.id", index=True)
    account_id: int = Field(index=True)
    opened_at: datetime = instant_column(index=True)
