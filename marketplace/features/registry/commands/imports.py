"""Begins, keeps and closes an import, so that it is finished whole or taken back whole.

Rows are kept in the unit of work that took them in: an import that was cut short goes on where it
stopped. Who works at it holds a lease; a second sender of the same file is told so.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import Conflict, NotFound, Refused
from marketplace.features.registry.kinds import ImportStatus
from marketplace.features.registry.tables import ImportBatch, ImportLease, ImportRow

# A unit of work takes seconds; who has not kept one for this long is believed to be gone.
LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class KeptRow:
    """What became of one row: its outcome, report lines as stored, and traces as stored."""

    row: int
    outcome: str
    lines: Sequence[Mapping[str, Any]]
    traces: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to work at an import; `done` are the rows an earlier attempt has kept."""

    batch_id: int
    token: str
    done: Mapping[int, KeptRow]


def begin_import(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    program: str,
    kind: str,
    file_name: str,
    file_sha256: str,
    source: str,
    mapping: Mapping[str, Any],
    total: int,
) -> Ticket:
    """Begin an import, or go on with one of the same file that was cut short.

    Raises:
        Refused: `import_busy` while somebody is at it, `import_unfinished` when it was begun
            from another source or with other columns.
    """
    require(actor, "registry.begin_import", Scope(program=program))
    batch = session.execute(
        select(ImportBatch).where(
            ImportBatch.program == program,
            ImportBatch.kind == kind,
            ImportBatch.file_sha256 == file_sha256,
            col(ImportBatch.status) == ImportStatus.RUNNING,
        )
    ).scalar()
    if batch is None:
        batch = ImportBatch(
            program=program,
            kind=kind,
            file_name=file_name[:200],
            file_sha256=file_sha256,
            source=source,
            mapping=dict(mapping),
            counts={},
            report={},
            imported_by=actor.account_id,
            imported_at=clock.now(),
            status=ImportStatus.RUNNING,
        )
        session.add(batch)
        session.flush()
    elif batch.source != source or batch.mapping != dict(mapping):
        raise Refused("import_unfinished", number=batch.key)
    token = take_lease(session, clock, batch.key, total=total)
    done = _kept_rows(session, batch.key)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.begin_import",
        subject=f"import_batch:{batch.key}",
        program=program,
        facts={"kind": kind, "file_sha256": file_sha256, "rows": total, "goes_on": len(done)},
    )
    return Ticket(batch.key, token, done)


def keep_import_rows(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    batch_id: int,
    token: str,
    rows: Sequence[KeptRow],
) -> None:
    """Keep what became of some rows, in the unit of work that took them in.

    Raises:
        Conflict: when somebody else has taken the import over.
    """
    batch = load_batch(session, batch_id)
    require(actor, "registry.keep_import_rows", Scope(program=batch.program))
    hold_lease(session, clock, batch_id, token, more=len(rows))
    if rows:
        session.execute(
            sa.insert(ImportRow),
            [
                {
                    "batch_id": batch_id,
                    "row": row.row,
                    "outcome": row.outcome,
                    "lines": {"lines": [dict(line) for line in row.lines]},
                    "traces": {"traces": [dict(trace) for trace in row.traces]},
                    "undone": False,
                    "undo": {},
                }
                for row in rows
            ],
        )
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.keep_import_rows",
        subject=f"import_batch:{batch_id}",
        program=batch.program,
        facts={"rows": len(rows)},
    )


def finish_import(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    batch_id: int,
    token: str,
    counts: Mapping[str, int],
) -> None:
    """Close an import: from now on it stands as a whole."""
    batch = load_batch(session, batch_id)
    require(actor, "registry.finish_import", Scope(program=batch.program))
    hold_lease(session, clock, batch_id, token)
    batch.counts = dict(counts)
    batch.status = ImportStatus.FINISHED
    drop_lease(session, batch_id)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.finish_import",
        subject=f"import_batch:{batch_id}",
        program=batch.program,
        facts={
            "kind": batch.kind,
            "file_sha256": batch.file_sha256,
            "counts": dict(counts),
        },
    )


def load_batch(session: Session, batch_id: int) -> ImportBatch:
    """Return an import for writing.

    Raises:
        NotFound: when there is none of that number.
    """
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound("import_not_found", number=batch_id)
    return batch


def take_lease(
    session: Session, clock: Clock, batch_id: int, *, total: int, done: int = 0
) -> str:
    """Begin to work at an import; return the token that shows it.

    Raises:
        Refused: `import_busy` while somebody else is at it.
    """
    lease = _lease(session, batch_id)
    if lease is not None and lease.until > clock.now():
        raise Refused("import_busy", number=batch_id, done=lease.done, total=lease.total)
    token = secrets.token_hex(16)
    row = lease or ImportLease(batch_id=batch_id, token=token, until=clock.now())
    row.token, row.until, row.total, row.done = token, clock.now() + LEASE, total, done
    session.add(row)
    session.flush()
    return token


def hold_lease(
    session: Session, clock: Clock, batch_id: int, token: str, *, more: int = 0
) -> None:
    """Show that the work goes on.

    Raises:
        Conflict: when somebody else has taken it over.
    """
    lease = _lease(session, batch_id)
    if lease is None or lease.token != token:
        raise Conflict("import_taken_over", number=batch_id)
    lease.until = clock.now() + LEASE
    lease.done += more


def drop_lease(session: Session, batch_id: int) -> None:
    """Say that nobody works at it any more."""
    session.execute(sa.delete(ImportLease).where(col(ImportLease.batch_id) == batch_id))


def _lease(session: Session, batch_id: int) -> ImportLease | None:
    found: ImportLease | None = session.execute(
        select(ImportLease).where(ImportLease.batch_id == batch_id)
    ).scalar()
    return found


def _kept_rows(session: Session, batch_id: int) -> dict[int, KeptRow]:
    rows = session.execute(
        select(ImportRow.row, ImportRow.outcome, ImportRow.lines).where(
            ImportRow.batch_id == batch_id
        )
    )
    return {
        int(row): KeptRow(int(row), str(outcome), tuple(lines["lines"]))
        for row, outcome, lines in rows
    }
