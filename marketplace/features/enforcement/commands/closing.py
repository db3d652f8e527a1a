"""Closes stores and opens them again: the steps that commands share. Who may is asked before."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import NotFound
from marketplace.features.enforcement.commands.reasons import end_measures, is_paused
from marketplace.features.enforcement.events import StoreClosed, StoreReopened
from marketplace.features.enforcement.kinds import EntryKind, MeasureEnd, MeasureKind
from marketplace.features.enforcement.tables import (
    InterimSuspension,
    MeasureTaken,
    PointsEntry,
    StoreClosure,
    StoreSuspension,
)
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.queries import holder_on
from marketplace.features.registry.tables import Store


def locked(session: Session, store_id: int) -> Store:
    """Return the store, held until the unit ends: two decisions on it follow each other."""
    store = session.get(Store, store_id, with_for_update=True)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    return store


def close(
    session: Session,
    *,
    clock: Clock,
    by: Actor,
    store: Store,
    holder: tuple[int, int] | None,
    finding_id: int | None,
    balance: int,
) -> None:
    """Close a store; the statement of this instant gives the reasons.

    `holder` is the factory and operator the statement is addressed to. What the closure takes
    away, it takes from them: whoever took the store over since can neither be heard nor appeal.
    """
    store.status = StoreStatus.CLOSED
    session.add(
        StoreClosure(
            store_id=store.key,
            factory_id=holder[0] if holder else None,
            finding_id=finding_id,
            balance=balance,
            closed_at=clock.now(),
            closed_by=by.account_id,
        )
    )
    audit.record(
        session,
        clock=clock,
        actor=by,
        action="enforcement.close_store",
        subject=f"store:{store.key}",
        program=store.program,
        operator_id=holder[1] if holder else None,
        facts={"balance": balance, "finding_id": finding_id},
    )
    announce(
        session,
        StoreClosed(
            store_id=store.key,
            program=store.program,
            factory_id=holder[0] if holder else None,
            operator_id=holder[1] if holder else None,
            finding_id=finding_id,
        ),
    )


def undo_closure(session: Session, *, clock: Clock, by: Actor, store: Store) -> None:
    """Open a closed store that nothing closes any more."""
    closure = session.execute(
        select(StoreClosure).where(
            StoreClosure.store_id == store.key, col(StoreClosure.reopened_at).is_(None)
        )
    ).scalar()
    if closure is not None:
        closure.reopened_at = clock.now()
    end_measures(
        session, at=clock.now(), why=MeasureEnd.REVERSED, store_id=store.key,
        kinds=(MeasureKind.CLOSURE,),
    )  # fmt: skip
    reopen(session, clock=clock, by=by, store=store)


def reopen(session: Session, *, clock: Clock, by: Actor, store: Store) -> None:
    """Open a store again: suspended where a suspension still runs, else active."""
    session.flush()
    stopped = is_stopped(session, store)
    status = StoreStatus.SUSPENDED if stopped else StoreStatus.OPEN
    if store.status is status:
        return
    store.status = status
    holder = holder_on(session, store_id=store.key, day=today(clock))
    audit.record(
        session,
        clock=clock,
        actor=by,
        action="enforcement.reopen_store",
        subject=f"store:{store.key}",
        program=store.program,
        operator_id=holder[1] if holder else None,
        facts={"status": store.status},
    )
    announce(
        session,
        StoreReopened(
            store_id=store.key,
            program=store.program,
            factory_id=holder[0] if holder else None,
            operator_id=holder[1] if holder else None,
        ),
    )


def is_stopped(session: Session, store: Store) -> bool:
    """Tell whether a suspension of either kind stops the store now."""
    return _rectifying(session, store) or _suspended_meanwhile(session, store)


def lift_groundless(
    session: Session, *, clock: Clock, by: Actor, store: Store, suspending: frozenset[int]
) -> None:
    """Lift suspensions whose offense, numbered anew, no longer brings one."""
    rows = session.execute(
        select(StoreSuspension, PointsEntry.id)
        .join(
            PointsEntry,
            sa.and_(
                col(PointsEntry.finding_id) == col(StoreSuspension.finding_id),
                col(PointsEntry.kind) == EntryKind.SCORE,
            ),
        )
        .where(StoreSuspension.store_id == store.key, col(StoreSuspension.lifted_at).is_(None))
    ).all()
    lifted = False
    for suspension, entry_id in rows:
        if entry_id in suspending:
            continue
        suspension.lifted_at, suspension.lifted_by = clock.now(), by.account_id
        end_measures(
            session, at=clock.now(), why=MeasureEnd.REVERSED, store_id=store.key,
            finding_id=suspension.finding_id, kinds=(MeasureKind.SUSPENSION,),
        )  # fmt: skip
        lifted = True
    if lifted and store.status is StoreStatus.SUSPENDED:
        reopen(session, clock=clock, by=by, store=store)


def _rectifying(session: Session, store: Store) -> bool:
    """Tell whether a suspension runs that no appeal has paused; its end is an act, not a date."""
    of = col(MeasureTaken.finding_id) == col(StoreSuspension.finding_id)
    paused = is_paused(MeasureKind.SUSPENSION, of)
    running = (
        sa.select(sa.func.count())
        .select_from(StoreSuspension)
        .where(
            col(StoreSuspension.store_id) == store.key,
            col(StoreSuspension.lifted_at).is_(None),
            ~paused,
        )
    )
    return int(session.execute(running).scalar_one()) > 0


def _suspended_meanwhile(session: Session, store: Store) -> bool:
    """Tell whether a suspension pending a decision runs that no appeal has paused."""
    of = col(MeasureTaken.statement_id) == col(InterimSuspension.statement_id)
    paused = is_paused(MeasureKind.INTERIM_SUSPENSION, of)
    pending = (
        sa.select(sa.func.count())
        .select_from(InterimSuspension)
        .where(
            col(InterimSuspension.store_id) == store.key,
            col(InterimSuspension.ended_at).is_(None),
            ~paused,
        )
    )
    return int(session.execute(pending).scalar_one()) > 0
