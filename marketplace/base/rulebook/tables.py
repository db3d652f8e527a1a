"""Program versions: the text of every program file that decisions were judged by."""

from datetime import datetime

from sqlmodel import Field

from marketplace.base.db.columns import Row, instant_column


class ProgramVersion(Row, table=True):
    __tablename__ = "program_version"

    program: str = Field(max_length=60, index=True)
    sha256: str = Field(max_length=64, unique=True)
    number: int
    text: str
    in_force_from: datetime = instant_column()
