"""Keeps which column of a source is which field, so that its next file is read the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import Fault, Invalid, NotFound
from marketplace.exchange.fields import FIELDS
from marketplace.exchange.kinds import ImportKind
from marketplace.features.registry.tables import ImportMapping


@dataclass(frozen=True, slots=True)
class SavedColumns:
    """The columns of one source: field → heading."""

    number: int
    kind: ImportKind
    source: str
    columns: Mapping[str, str]
    saved_at: datetime


def list_saved_columns(session: Session, actor: Actor, *, program: str) -> list[SavedColumns]:
    """Return the columns of every source, the last used first."""
    require(actor, "exchange.list_saved_columns", Scope(program=program))
    rows = session.execute(
        select(ImportMapping)
        .where(ImportMapping.program == program)
        .order_by(col(ImportMapping.saved_at).desc(), col(ImportMapping.id).desc())
    ).scalars()
    return [
        SavedColumns(row.key, ImportKind(row.kind), row.source, dict(row.mapping), row.saved_at)
        for row in rows
    ]


def change_saved_columns(
    session: Session, *, clock: Clock, actor: Actor, number: int, columns: Mapping[str, str]
) -> None:
    """Change the columns kept for a source; none at all forgets the source.

    Raises:
        Invalid: for a field its kind does not have, or one column for two fields.
    """
    row = session.get(ImportMapping, number)
    if row is None:
        raise NotFound("saved_columns_not_found", number=number)
    require(actor, "exchange.change_saved_columns", Scope(program=row.program))
    wanted = {f: h.strip() for f, h in columns.items() if h.strip()}
    known = {spec.name for spec in FIELDS[ImportKind(row.kind)]}
    faults = [Fault(field, "field_unknown") for field in wanted if field not in known]
    seen: dict[str, str] = {}
    for field, heading in wanted.items():
        if seen.setdefault(heading, field) != field:
            faults.append(Fault(field, "column_used_twice", {"heading": heading}))
    if faults:
        raise Invalid(faults)
    if not wanted:
        session.delete(row)
        return
    row.mapping = wanted
    row.saved_at = clock.now()


def saved_columns(
    session: Session, *, program: str, kind: ImportKind, source: str
) -> dict[str, str]:
    """Return the columns last used for a source: field → heading."""
    row = _saved(session, program, kind, source)
    return {} if row is None else {str(f): str(h) for f, h in row.mapping.items()}


def save_columns(
    session: Session,
    *,
    clock: Clock,
    program: str,
    kind: ImportKind,
    source: str,
    columns: Mapping[str, str],
) -> None:
    """Keep the columns used for a source; the next file of it is proposed the same way."""
    row = _saved(session, program, kind, source)
    if row is None:
        row = ImportMapping(
            program=program, kind=kind.value, source=source, mapping={}, saved_at=clock.now()
        )
        session.add(row)
    row.mapping = dict(columns)
    row.saved_at = clock.now()


def _saved(
    session: Session, program: str, kind: ImportKind, source: str
) -> ImportMapping | None:
    found: ImportMapping | None = session.execute(
        select(ImportMapping).where(
            ImportMapping.program == program,
            ImportMapping.kind == kind.value,
            ImportMapping.source == source,
        )
    ).scalar()
    return found
