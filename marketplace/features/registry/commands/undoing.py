"""Marks what an undo of an import did, row by row, and closes it; the taking back is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import Refused
from marketplace.features.registry.commands.imports import (
    drop_lease,
    hold_lease,
    load_batch,
    take_lease,
)
from marketplace.features.registry.kinds import ImportStatus
from marketplace.features.registry.tables import ImportRow


def begin_undo(
    session: Session, *, clock: Clock, actor: Actor, batch_id: int, reason: str, total: int
) -> str:
    """Begin to take an import back, or go on with it; return the token of who is at it.

    An import that was cut short can be taken back as well as a finished one.

    Raises:
        Refused: without a reason, when it was taken back before, or while somebody is at it.
    """
    batch = load_batch(session, batch_id)
    require(actor, "registry.begin_undo", Scope(program=batch.program))
    if len(reason.strip()) < 4:
        raise Refused("reason_missing")
    if batch.status is ImportStatus.UNDONE:
        raise Refused("import_undone_already", number=batch_id)
    token = take_lease(session, clock, batch_id, total=total)
    batch.status = ImportStatus.UNDOING
    batch.undo_reason = reason.strip()[:500]
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.begin_undo",
        subject=f"import_batch:{batch_id}",
        program=batch.program,
        reason=batch.undo_reason,
    )
    return token


def keep_undone_rows(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    batch_id: int,
    token: str,
    told: Mapping[int, Mapping[str, Any]],
) -> None:
    """Keep what the undo did with some rows, in the unit of work that took them back."""
    batch = load_batch(session, batch_id)
    require(actor, "registry.keep_undone_rows", Scope(program=batch.program))
    hold_lease(session, clock, batch_id, token, more=len(told))
    for row, undo in told.items():
        session.execute(
            sa.update(ImportRow)
            .where(col(ImportRow.batch_id) == batch_id, col(ImportRow.row) == row)
            .values(undone=True, undo=dict(undo))
        )
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.keep_undone_rows",
        subject=f"import_batch:{batch_id}",
        program=batch.program,
        facts={"rows": len(told)},
    )


def finish_undo(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    batch_id: int,
    token: str,
    counts: Mapping[str, int],
) -> None:
    """Close the undo; the import stays listed as taken back, with what could not be.

    While rows are left it is not over: whoever they are within reach of goes on with it.
    """
    batch = load_batch(session, batch_id)
    require(actor, "registry.finish_undo", Scope(program=batch.program))
    hold_lease(session, clock, batch_id, token)
    left = _left(session, batch_id)
    if left == 0:
        batch.status = ImportStatus.UNDONE
        batch.undone_by = actor.account_id
        batch.undone_at = clock.now()
    drop_lease(session, batch_id)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.finish_undo",
        subject=f"import_batch:{batch_id}",
        program=batch.program,
        reason=batch.undo_reason,
        facts={"counts": dict(counts), **({"left": left} if left else {})},
    )


def _left(session: Session, batch_id: int) -> int:
    """Return how many rows of an import nobody has dealt with."""
    counted = sa.select(sa.func.count()).where(
        col(ImportRow.batch_id) == batch_id, col(ImportRow.undone).is_(False)
    )
    return int(session.execute(counted).scalar_one())
