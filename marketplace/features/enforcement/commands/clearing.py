"""Enters lines into the points ledger, and clears small balances where the program says so.

The turn of the year is an entry like any other: the sum of the ledger is always what is shown.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, start_of, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.enforcement import rules
from marketplace.features.enforcement.commands import closing
from marketplace.features.enforcement.kinds import EntryKind, Measure
from marketplace.features.enforcement.queries import ledger_of, versions_of
from marketplace.features.enforcement.tables import PointsEntry
from marketplace.features.registry.tables import Store


def clear_year(
    session: Session, rulebook: Rulebook, *, clock: Clock, by: Actor, store_id: int
) -> int:
    """Write what the turn of the year clears, where the program clears; a step of commands."""
    if not rulebook.points.yearly_clearing:
        return 0
    lines = ledger_of(session, store_id)
    versions = versions_of(session, rulebook, lines)
    points = rules.cleared_by_now(rulebook, lines, clock.now(), versions)
    if points:
        enter(session, rulebook, clock, by, store_id, EntryKind.CLEARING, points)
        store = closing.locked(session, store_id)
        audit.record(
            session,
            clock=clock,
            actor=by,
            action="enforcement.clear_year",
            subject=f"store:{store_id}",
            program=store.program,
            facts={"points": points},
        )
    return points


def clear_years(session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor) -> int:
    """Clear small balances at the turn of the year, where the program says so; return how many."""
    program = rulebook.program.key
    require(actor, "enforcement.clear_years", Scope(program=program))
    if not rulebook.points.yearly_clearing:
        return 0
    rows = session.execute(
        sa.select(col(PointsEntry.store_id))
        .join(Store, col(Store.id) == col(PointsEntry.store_id))
        .where(col(Store.program) == program, col(PointsEntry.at) < _year_began(clock))
        .group_by(col(PointsEntry.store_id))
        .having(sa.func.sum(col(PointsEntry.points)) > 0)
        .order_by(col(PointsEntry.store_id))
    ).scalars()
    return sum(
        clear_year(session, rulebook, clock=clock, by=actor, store_id=store_id) != 0
        for store_id in list(rows)
    )


def _year_began(clock: Clock) -> datetime:
    return start_of(today(clock).replace(month=1, day=1))


def enter(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    by: Actor,
    store_id: int,
    kind: EntryKind,
    points: int,
    *,
    finding_id: int | None = None,
    complaint_ref: str | None = None,
    brand: str | None = None,
    offense: int | None = None,
    measure: Measure | None = None,
) -> None:
    """Write one entry, judged by the rules in force; a step of commands."""
    session.add(
        PointsEntry(
            store_id=store_id,
            finding_id=finding_id,
            complaint_ref=complaint_ref,
            brand=brand,
            kind=kind,
            offense=offense,
            points=points,
            measure=measure,
            at=clock.now(),
            decided_by=by.account_id,
            rulebook_sha256=rulebook.sha256,
        )
    )
    session.flush()
