"""Pauses measures while an appeal is open, where the program says so, and lets them run again.

Steps of commands above: who may is asked before. The time of a pause does not count: what is left
of a term is left afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor
from marketplace.base.clock import Clock, civil_day
from marketplace.base.db import announce
from marketplace.features.enforcement.commands import closing
from marketplace.features.enforcement.events import MeasuresPaused
from marketplace.features.enforcement.kinds import MeasureKind
from marketplace.features.enforcement.tables import (
    CourseAssignment,
    InterimSuspension,
    MeasurePause,
    MeasureTaken,
    StatementOfReasons,
    StoreSuspension,
)
from marketplace.features.registry.kinds import StoreStatus

_STOPPING = (MeasureKind.SUSPENSION, MeasureKind.INTERIM_SUSPENSION)


def pause_measures(
    session: Session,
    *,
    clock: Clock,
    by: Actor,
    statement_id: int,
    kinds: Sequence[MeasureKind],
) -> tuple[MeasureKind, ...]:
    """Pause the running measures of a statement that are of these kinds; return which."""
    running = session.execute(
        select(MeasureTaken)
        .where(
            MeasureTaken.statement_id == statement_id,
            col(MeasureTaken.kind).in_(kinds),
            col(MeasureTaken.ended_at).is_(None),
            col(MeasureTaken.id).not_in(
                select(MeasurePause.measure_id).where(col(MeasurePause.until_at).is_(None))
            ),
        )
        .order_by(col(MeasureTaken.id))
    ).scalars()
    paused = list(running)
    for measure in paused:
        session.add(MeasurePause(measure_id=measure.key, from_at=clock.now()))
    session.flush()
    if paused:
        _settle(session, clock, by, statement_id, "enforcement.pause_measures", paused)
    return tuple(m.kind for m in paused)


def resume_measures(
    session: Session, *, clock: Clock, by: Actor, statement_id: int
) -> tuple[MeasureKind, ...]:
    """Let the paused measures of a statement run again for what was left of them."""
    rows = session.execute(
        select(MeasurePause, MeasureTaken)
        .join(MeasureTaken, col(MeasureTaken.id) == col(MeasurePause.measure_id))
        .where(MeasureTaken.statement_id == statement_id, col(MeasurePause.until_at).is_(None))
        .order_by(col(MeasureTaken.id))
    ).all()
    resumed = []
    for pause, measure in rows:
        pause.until_at = clock.now()
        if measure.ended_at is None:
            _shift(session, measure, pause.from_at, clock.now())
            resumed.append(measure)
    session.flush()
    if resumed:
        _settle(session, clock, by, statement_id, "enforcement.resume_measures", resumed)
    return tuple(m.kind for m in resumed)


def _shift(session: Session, measure: MeasureTaken, since: datetime, now: datetime) -> None:
    waited = now - since
    if measure.until_at is not None:
        measure.until_at += waited
    if measure.kind is MeasureKind.SUSPENSION:
        for row in session.execute(
            select(StoreSuspension).where(
                StoreSuspension.finding_id == measure.finding_id,
                col(StoreSuspension.lifted_at).is_(None),
            )
        ).scalars():
            row.until_at += waited
    if measure.kind is MeasureKind.INTERIM_SUSPENSION:
        for pending in session.execute(
            select(InterimSuspension).where(
                InterimSuspension.statement_id == measure.statement_id,
                col(InterimSuspension.ended_at).is_(None),
            )
        ).scalars():
            pending.until_at += waited
    if measure.kind is MeasureKind.COURSE:
        for course in session.execute(
            select(CourseAssignment).where(
                CourseAssignment.statement_id == measure.statement_id
            )
        ).scalars():
            course.due_on += civil_day(now) - civil_day(since)


def _settle(
    session: Session,
    clock: Clock,
    by: Actor,
    statement_id: int,
    action: str,
    measures: Sequence[MeasureTaken],
) -> None:
    """Open or stop the store as its suspensions now say, leave the trail, tell who follows."""
    statement = session.get(StatementOfReasons, statement_id)
    store = closing.locked(session, measures[0].store_id)
    if any(m.kind in _STOPPING for m in measures):
        if store.status is StoreStatus.SUSPENDED:
            closing.reopen(session, clock=clock, by=by, store=store)
        elif store.status is StoreStatus.OPEN and closing.is_stopped(session, store):
            store.status = StoreStatus.SUSPENDED
    audit.record(
        session,
        clock=clock,
        actor=by,
        action=action,
        subject=f"statement:{statement_id}",
        program=store.program,
        operator_id=statement.operator_id if statement else None,
        facts={"measures": [m.kind for m in measures], "store_status": store.status},
    )
    announce(
        session,
        MeasuresPaused(
            store_id=store.key,
            program=store.program,
            factory_id=statement.factory_id if statement else None,
            operator_id=statement.operator_id if statement else None,
        ),
    )
