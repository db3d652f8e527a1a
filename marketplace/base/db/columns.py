"""The table base and its column kinds.

Tables have their own registry and metadata, so that nothing else in the process can add to them
and a reloaded source starts clean.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import declared_attr, registry
from sqlmodel import Field, SQLModel

_registry = registry()
_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_registry.metadata.naming_convention = _NAMING


class Row(SQLModel, registry=_registry):
    """Base of every table: an integer key that grows."""

    id: int | None = Field(default=None, primary_key=True)

    @property
    def key(self) -> int:
        """The primary key of a row that has been written.

        Raises:
            ValueError: before the first flush.
        """
        if self.id is None:
            msg = f"{type(self).__name__} has not been flushed"
            raise ValueError(msg)
        return self.id


class VersionedRow(Row, registry=_registry):
    """Base of every table whose rows change: a stale write is refused."""

    version: int = Field(default=1, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> Mapping[str, Any]:  # noqa: N805
        """Let SQLAlchemy compare and raise the version at every update."""
        table = getattr(cls, "__table__", None)
        return {} if table is None else {"version_id_col": table.c.version}


metadata: sa.MetaData = _registry.metadata

# A name to sort by: compared byte by byte on both engines, so that a page has the same rows on each.
SORTED_NAME = sa.String(200).with_variant(postgresql.VARCHAR(200, collation="C"), "postgresql")


class UtcInstant(sa.types.TypeDecorator[datetime]):
    """An aware instant; kept in UTC, refused when naive."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: sa.Dialect
    ) -> datetime | None:
        """Turn an aware instant into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "naive datetime refused"
            raise ValueError(msg)
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self, value: datetime | None, dialect: sa.Dialect
    ) -> datetime | None:
        """Give back an aware instant in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EnumText(sa.types.TypeDecorator[StrEnum]):
    """A StrEnum kept by its value as text; an unknown value is an error in both directions."""

    impl = sa.String(40)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        """Remember the enum."""
        super().__init__()
        self.kind = kind
        self._members = {str(member.value): member for member in kind}

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        """Turn a member, or the value of one, into text."""
        del dialect
        if type(value) is self.kind:
            return value.value
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> StrEnum | None:
        """Turn text into the member."""
        del dialect
        return None if value is None else self._members.get(value) or self.kind(value)


def enum_column(kind: type[StrEnum], *, nullable: bool = False, index: bool = False) -> Any:
    """Return a field holding a StrEnum by value."""
    return Field(sa_type=EnumText(kind), nullable=nullable, index=index)


def big_column() -> Any:
    """Return a field holding a whole number of up to 63 bits."""
    return Field(sa_type=sa.BigInteger, nullable=False)


def instant_column(*, nullable: bool = False, index: bool = False, default: Any = ...) -> Any:
    """Return a field holding an aware instant."""
    if nullable and default is ...:
        default = None
    return Field(default, sa_type=UtcInstant, nullable=nullable, index=index)


def day_column(*, nullable: bool = False, index: bool = False) -> Any:
    """Return a field holding a civil day."""
    default: date | None = None
    if nullable:
        return Field(default, sa_type=sa.Date, nullable=True, index=index)
    return Field(sa_type=sa.Date, nullable=False, index=index)


def json_column(*, nullable: bool = False) -> Any:
    """Return a field holding plain JSON."""
    if nullable:
        return Field(default=None, sa_type=sa.JSON, nullable=True)
    return Field(default_factory=dict, sa_type=sa.JSON, nullable=False)
