"""Where a store stands, now or on any past day, and why, by replaying its events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, require
from marketplace.base.clock import civil_day
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.features.enforcement import rules
from marketplace.features.enforcement.kinds import (
    MeasureKind,
    StatementBasis,
)
from marketplace.features.enforcement.ledger import LedgerEntry
from marketplace.features.enforcement.queries.facts import (
    holder_or_last,
    ledger_of,
    scope_of_store,
    versions_of,
)
from marketplace.features.enforcement.tables import (
    InterimSuspension,
    MeasurePause,
    MeasureTaken,
    PointsEntry,
    StatementOfReasons,
    StoreSuspension,
)
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Store


@dataclass(frozen=True, slots=True)
class LedgerStep:
    """One entry of the ledger: what it did then, what it counts for now, and its paper.

    `now` is None for what was taken back since, and for a reversal itself.
    """

    entry: LedgerEntry
    now: LedgerEntry | None
    finding_id: int | None
    statement_id: int | None
    statement_number: str | None


@dataclass(frozen=True, slots=True)
class StoreState:
    """A store as it stood at an instant: status, points, offenses, complaints, every step."""

    store_id: int
    store_name: str
    at: datetime
    status: StoreStatus
    balance: int
    offenses: int
    complaints: dict[str, int]
    suspended_until: datetime | None
    steps: tuple[LedgerStep, ...]
    closed_by: LedgerEntry | None
    versions: tuple[str, ...]


def state_of_store_at(
    session: Session, actor: Actor, rulebook: Rulebook, *, store_id: int, at: datetime
) -> StoreState:
    """Return where a store stood at an instant (inclusive) and why, by replaying its events.

    Each event is judged by the version of the rules that was in force when it was decided.

    Raises:
        NotFound: when there is no such store, or this actor may not know of it.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    holder = holder_or_last(session, store_id=store_id, day=civil_day(at))
    require(actor, "enforcement.state_of_store_at", scope_of_store(session, store, holder))
    lines = ledger_of(session, store_id)
    state = rules.state_at(rulebook, lines, at, versions_of(session, rulebook, lines))
    until = None if state.closed else _suspended_until(session, store_id, at)
    status = StoreStatus.OPEN
    if state.closed:
        status = StoreStatus.CLOSED
    elif until is not None:
        status = StoreStatus.SUSPENDED
    return StoreState(
        store_id=store_id,
        store_name=store.name,
        at=at,
        status=status,
        balance=state.balance,
        offenses=state.offenses,
        complaints=dict(state.complaints),
        suspended_until=until,
        steps=_steps(session, store_id, state),
        closed_by=state.closed_by,
        versions=tuple(dict.fromkeys(x.rules_sha256 for x in lines if x.at <= at)),
    )


def _steps(session: Session, store_id: int, state: rules.StateThen) -> tuple[LedgerStep, ...]:
    rows = session.execute(
        sa.select(
            col(PointsEntry.id), col(PointsEntry.finding_id), col(PointsEntry.complaint_ref)
        ).where(col(PointsEntry.store_id) == store_id)
    ).all()
    of_entry = {row[0]: (row[1], row[2]) for row in rows}
    papers = session.execute(
        sa.select(
            col(StatementOfReasons.finding_id), col(StatementOfReasons.complaint_ref),
            col(StatementOfReasons.id), col(StatementOfReasons.number),
        )
        .where(
            col(StatementOfReasons.store_id) == store_id,
            col(StatementOfReasons.basis).in_(
                (StatementBasis.FINDING, StatementBasis.COMPLAINTS)
            ),
        )
        .order_by(col(StatementOfReasons.id))
    ).all()  # fmt: skip
    paper_of = {(p[0], p[1]): (p[2], p[3]) for p in papers}
    standing = {one.event.ref: one for one in state.standing}
    found = []
    for entry in state.entries:
        finding_id, ref = of_entry.get(int(entry.event.ref), (None, None))
        key = (finding_id, None) if finding_id is not None else (None, ref)
        statement_id, number = paper_of.get(key, (None, None))
        now = standing.get(entry.event.ref)
        found.append(LedgerStep(entry, now, finding_id, statement_id, number))
    return tuple(found)


def _suspended_until(session: Session, store_id: int, at: datetime) -> datetime | None:
    """Return until when a store was suspended at an instant, or None where it was not.

    A suspension whose term is over holds until somebody, or the minute's work, ends it.
    """
    rectifying = session.execute(
        select(StoreSuspension).where(
            StoreSuspension.store_id == store_id, StoreSuspension.from_at <= at
        )
    ).scalars()
    found = [
        s.until_at
        for s in rectifying
        if (s.lifted_at is None or s.lifted_at > at)
        and not _was_paused(
            session,
            at,
            MeasureTaken.finding_id == s.finding_id,
            MeasureTaken.kind == MeasureKind.SUSPENSION,
        )
    ]
    pending = session.execute(
        select(InterimSuspension).where(
            InterimSuspension.store_id == store_id, InterimSuspension.from_at <= at
        )
    ).scalars()
    found += [
        s.until_at
        for s in pending
        if (s.ended_at is None or s.ended_at > at)
        and not _was_paused(session, at, MeasureTaken.statement_id == s.statement_id)
    ]
    return max(found, default=None)


def _was_paused(session: Session, at: datetime, *of: Any) -> bool:
    """Tell whether one of the measures that meet these conditions was paused at an instant."""
    paused = session.execute(
        select(MeasurePause)
        .join(MeasureTaken, col(MeasureTaken.id) == col(MeasurePause.measure_id))
        .where(*of, MeasurePause.from_at <= at)
    ).scalars()
    return any(p.until_at is None or p.until_at > at for p in paused)
