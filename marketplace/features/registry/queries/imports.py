"""Reads the imports: what was sent, by whom, what became of it, and what is open to be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound
from marketplace.features.registry.kinds import ImportStatus
from marketplace.features.registry.tables import ImportBatch, ImportLease, ImportRow


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One import. `done` of `total` while somebody is at it, which is so until `held_until`.

    `counts` has outcome → rows; of one that was cut short, of the rows kept so far.
    """

    number: int
    kind: str
    file_name: str
    file_sha256: str
    source: str
    imported_by: int | None
    imported_at: datetime
    status: ImportStatus
    counts: Mapping[str, int]
    mapping: Mapping[str, str]
    undone_by: int | None
    undone_at: datetime | None
    undo_reason: str | None
    held_until: datetime | None
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One data row: its outcome, its report lines as stored, and what an undo did with it."""

    row: int
    outcome: str
    lines: tuple[Mapping[str, Any], ...]
    undone: bool
    undo: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A row whose writes are not taken back yet; `traces` in the order they were written."""

    row: int
    traces: tuple[Mapping[str, Any], ...]


def list_import_batches(
    session: Session, actor: Actor, *, program: str, limit: int = 200
) -> list[BatchRow]:
    """Return the latest imports of a program, newest first."""
    require(actor, "registry.list_import_batches", Scope(program=program))
    return _batches(
        session,
        sa.and_(col(ImportBatch.program) == program),
        limit=limit,
    )


def get_import_batch(session: Session, actor: Actor, *, batch_id: int) -> BatchRow:
    """Return one import.

    Raises:
        NotFound: when there is none of that number.
    """
    require(actor, "registry.get_import_batch", _scope(session, batch_id))
    return _batches(session, col(ImportBatch.id) == batch_id, limit=1)[0]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The rows of an import in file order; `elsewhere` counts those this reader is not shown."""

    rows: tuple[ImportedRow, ...]
    elsewhere: int


class RowsInReach(Protocol):
    """Tells which rows wrote something, all of it within a person's reach.

    Later features know what a row wrote; this one must not know them.
    """

    def __call__(
        self,
        session: Session,
        who: Actor,
        *,
        clock: Clock,
        program: str,
        traces: Mapping[int, Sequence[Mapping[str, Any]]],
    ) -> set[int]:
        """Return the numbers of those rows."""
        ...


def list_import_rows(
    session: Session,
    actor: Actor,
    *,
    clock: Clock,
    batch_id: int,
    in_reach: RowsInReach,
) -> ImportReport:
    """Return what became of each row of an import, in file order.

    Somebody of some districts gets every row of a file he sent himself; of another's only those
    that wrote something, all of it within his reach: a row that was refused may name any firm.
    """
    scope = _scope(session, batch_id)
    require(actor, "registry.list_import_rows", scope)
    rows = _rows_of(session, batch_id)
    program = str(scope.program)
    sender = session.execute(
        select(ImportBatch.imported_by).where(ImportBatch.id == batch_id)
    ).scalar()
    if not actor.districts_in(program) or (sender and sender == actor.account_id):
        return ImportReport(tuple(rows), 0)
    traces = {
        int(row): tuple(kept.get("traces", ()))
        for row, kept in session.execute(
            select(ImportRow.row, ImportRow.traces).where(ImportRow.batch_id == batch_id)
        )
    }
    mine = in_reach(session, actor, clock=clock, program=program, traces=traces)
    shown = tuple(row for row in rows if row.row in mine)
    return ImportReport(shown, len(rows) - len(shown))


def open_import_rows(
    session: Session, actor: Actor, *, batch_id: int, below: int | None = None, limit: int = 200
) -> list[OpenRow]:
    """Return rows that wrote something and are not taken back yet, the last of the file first."""
    require(actor, "registry.open_import_rows", _scope(session, batch_id))
    statement = (
        select(ImportRow.row, ImportRow.traces)
        .where(ImportRow.batch_id == batch_id, col(ImportRow.undone).is_(False))
        .order_by(col(ImportRow.row).desc())
        .limit(limit)
    )
    if below is not None:
        statement = statement.where(col(ImportRow.row) < below)
    return [
        OpenRow(int(row), tuple(traces.get("traces", ())))
        for row, traces in session.execute(statement)
    ]


def _rows_of(session: Session, batch_id: int) -> list[ImportedRow]:
    rows = session.execute(
        sa.select(
            col(ImportRow.row),
            col(ImportRow.outcome),
            col(ImportRow.lines),
            col(ImportRow.undone),
            col(ImportRow.undo),
        )
        .where(col(ImportRow.batch_id) == batch_id)
        .order_by(col(ImportRow.row))
    ).all()
    if rows:
        return [
            ImportedRow(int(r), str(o), tuple(kept["lines"]), bool(undone), undo)
            for r, o, kept, undone, undo in rows
        ]
    # An import of before rows were kept: its report stands in one piece.
    report = session.execute(
        select(ImportBatch.report).where(ImportBatch.id == batch_id)
    ).scalar_one()
    by_row: dict[int, list[Mapping[str, Any]]] = {}
    for line in report.get("lines", ()):
        by_row.setdefault(int(line["row"]), []).append(line)
    return [
        ImportedRow(row, str(lines[0]["outcome"]), tuple(lines), undone=False, undo={})
        for row, lines in by_row.items()
    ]


def _batches(session: Session, which: Any, *, limit: int) -> list[BatchRow]:
    batch = ImportBatch.__table__  # type: ignore[attr-defined]
    columns = [c for c in batch.columns if c.name not in {"report", "version", "program"}]
    lease = ImportLease.__table__  # type: ignore[attr-defined]
    rows = session.execute(
        sa.select(*columns, lease.c.until, lease.c.done, lease.c.total)
        .select_from(batch.outerjoin(lease, lease.c.batch_id == batch.c.id))
        .where(which)
        .order_by(batch.c.id.desc())
        .limit(limit)
    ).all()
    open_ones = [r.id for r in rows if r.status is ImportStatus.RUNNING]
    so_far = _counts(session, open_ones)
    return [
        BatchRow(
            number=r.id,
            kind=r.kind,
            file_name=r.file_name,
            file_sha256=r.file_sha256,
            source=r.source,
            imported_by=r.imported_by,
            imported_at=r.imported_at,
            status=r.status,
            counts=so_far.get(r.id, {}) if r.id in open_ones else r.counts,
            mapping=r.mapping,
            undone_by=r.undone_by,
            undone_at=r.undone_at,
            undo_reason=r.undo_reason,
            held_until=r.until,
            done=r.done or 0,
            total=r.total or 0,
        )
        for r in rows
    ]


def _counts(session: Session, batch_ids: list[int]) -> dict[int, dict[str, int]]:
    counted: dict[int, dict[str, int]] = {}
    if batch_ids:
        for batch_id, outcome, count in session.execute(
            select(ImportRow.batch_id, ImportRow.outcome, sa.func.count())
            .where(col(ImportRow.batch_id).in_(batch_ids))
            .group_by(col(ImportRow.batch_id), col(ImportRow.outcome))
        ):
            counted.setdefault(int(batch_id), {})[str(outcome)] = int(count)
    return counted


def _scope(session: Session, batch_id: int) -> Scope:
    program = session.execute(
        select(ImportBatch.program).where(ImportBatch.id == batch_id)
    ).scalar()
    if program is None:
        raise NotFound("import_not_found", number=batch_id)
    return Scope(program=str(program))
