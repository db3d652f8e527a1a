"""Writes the points ledger: scores findings, counts complaints, closes and reopens stores.

What an entry means is decided by `rules` alone. The ledger only grows; `at` is the instant of the
decision, given by the clock of the server.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize
from marketplace.features.enforcement import rules
from marketplace.features.enforcement.events import (
    ComplaintCounted,
    StoreClosed,
    StoreReopened,
)
from marketplace.features.enforcement.kinds import EntryKind, FindingStatus, Measure
from marketplace.features.enforcement.queries import (
    ledger_of,
    load_finding,
    scope_of_store,
)
from marketplace.features.enforcement.tables import (
    Finding,
    PointsEntry,
    StoreClosure,
    StoreSuspension,
)
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.queries import holder_on
from marketplace.features.registry.tables import Store


def score_finding(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    finding_id: int,
) -> Measure | None:
    """Score an upheld finding and do to the store what follows.

    Raises:
        Refused: not upheld: a suspicion is never scored.
    """
    finding, scope = load_finding(session, finding_id)
    require(actor, "enforcement.score_finding", scope)
    if finding.status is not FindingStatus.UPHELD:
        raise Refused("not_upheld")
    store = _locked(session, finding.store_id)
    score = rules.score_next(rulebook, ledger_of(session, finding.store_id), clock.now())
    session.add(
        PointsEntry(
            store_id=finding.store_id,
            finding_id=finding.key,
            kind=EntryKind.SCORE,
            offense=score.offense,
            points=score.points,
            measure=score.measure,
            at=clock.now(),
            decided_by=actor.account_id,
            rulebook_sha256=rulebook.sha256,
        )
    )
    if store.status is StoreStatus.CLOSED:
        return score.measure
    if score.closes:
        _close(session, clock, actor, store, finding.key, score.balance)
    elif score.suspension_days:
        store.status = StoreStatus.SUSPENDED
        session.add(
            StoreSuspension(
                store_id=store.key,
                finding_id=finding.key,
                from_at=clock.now(),
                until_at=clock.now() + timedelta(days=score.suspension_days),
            )
        )
    return score.measure


def count_complaint(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    store_id: int,
    brand: str,
    complaint_ref: str,
) -> rules.Counted:
    """Count an upheld complaint of a brand; the one that fills the number closes the store.

    The complaint itself is decided by the caller. The same reference counts once.

    Raises:
        Invalid: without a brand: nothing could be counted.
    """
    if not normalize(brand):
        raise Invalid([Fault("brand", "field_missing")])
    store = _locked(session, store_id)
    holder = holder_on(session, store_id=store_id, day=today(clock))
    require(actor, "enforcement.count_complaint", scope_of_store(session, store, holder))
    lines = ledger_of(session, store_id)
    counted = rules.count_next(rulebook, lines, brand=brand, at=clock.now())
    session.add(
        PointsEntry(
            store_id=store_id,
            complaint_ref=complaint_ref,
            brand=normalize(brand),
            kind=EntryKind.COMPLAINT,
            points=0,
            measure=Measure.CLOSURE if counted.closes else None,
            at=clock.now(),
            decided_by=actor.account_id,
            rulebook_sha256=rulebook.sha256,
        )
    )
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="enforcement.count_complaint",
        subject=f"store:{store_id}",
        program=store.program,
        operator_id=holder[1] if holder else None,
        facts={"complaint": complaint_ref, "brand": normalize(brand), "effect": counted.reason},
    )
    announce(session, ComplaintCounted(store_id, store.program, holder[1] if holder else None))
    if counted.closes and store.status is not StoreStatus.CLOSED:
        _close(session, clock, actor, store, None, rules.balance_of(lines))
    return counted


def reverse_finding(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    finding_id: int,
) -> int:
    """Take a finding's score back and return the change of the balance in points.

    Raises:
        Refused: the finding still stands; it is overturned first.
    """
    finding, scope = load_finding(session, finding_id)
    require(actor, "enforcement.reverse_finding", scope)
    if finding.status is not FindingStatus.OVERTURNED:
        raise Refused("not_overturned")
    scored = session.execute(
        select(PointsEntry).where(
            PointsEntry.finding_id == finding.key, PointsEntry.kind == EntryKind.SCORE
        )
    ).scalar()
    if scored is None:
        return 0
    points = _take_back(session, rulebook, clock, actor, scored)
    _lift_suspension_of(session, clock, actor, finding)
    return points


def reverse_complaint(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor, complaint_ref: str
) -> None:
    """Take a counted complaint back.

    Raises:
        NotFound: the reference was never counted.
    """
    counted = session.execute(
        select(PointsEntry).where(
            PointsEntry.complaint_ref == complaint_ref,
            PointsEntry.kind == EntryKind.COMPLAINT,
        )
    ).scalar()
    if counted is None:
        raise NotFound("complaint_not_counted")
    store = _locked(session, counted.store_id)
    holder = holder_on(session, store_id=store.key, day=today(clock))
    require(actor, "enforcement.reverse_complaint", scope_of_store(session, store, holder))
    _take_back(session, rulebook, clock, actor, counted)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="enforcement.reverse_complaint",
        subject=f"store:{store.key}",
        program=store.program,
        operator_id=holder[1] if holder else None,
        facts={"complaint": complaint_ref},
    )
    announce(session, ComplaintCounted(store.key, store.program, holder[1] if holder else None))


def _take_back(
    session: Session, rulebook: Rulebook, clock: Clock, actor: Actor, entry: PointsEntry
) -> int:
    store = _locked(session, entry.store_id)
    undone = rules.take_back(
        rulebook, ledger_of(session, entry.store_id), entry_id=entry.key, at=clock.now()
    )
    session.add(
        PointsEntry(
            store_id=entry.store_id,
            finding_id=entry.finding_id,
            complaint_ref=entry.complaint_ref,
            brand=entry.brand,
            kind=EntryKind.REVERSAL,
            points=undone.points,
            reverses_id=entry.key,
            at=clock.now(),
            decided_by=actor.account_id,
            rulebook_sha256=entry.rulebook_sha256,
        )
    )
    if undone.reopens and store.status is StoreStatus.CLOSED:
        closure = session.execute(
            select(StoreClosure).where(
                StoreClosure.store_id == store.key, col(StoreClosure.reopened_at).is_(None)
            )
        ).scalar()
        if closure is not None:
            closure.reopened_at = clock.now()
        _reopen(session, clock, actor, store)
    return undone.points


def _reopen(session: Session, clock: Clock, actor: Actor, store: Store) -> None:
    """Open a store again: suspended where a suspension still runs, else active."""
    running = session.execute(
        sa.select(sa.func.count())
        .select_from(StoreSuspension)
        .where(
            col(StoreSuspension.store_id) == store.key,
            col(StoreSuspension.lifted_at).is_(None),
            sa.or_(
                col(StoreSuspension.until_at) > clock.now(),
                col(StoreSuspension.escalated_at).is_not(None),
            ),
        )
    ).scalar_one()
    store.status = StoreStatus.SUSPENDED if running else StoreStatus.OPEN
    holder = holder_on(session, store_id=store.key, day=today(clock))
    audit.record(
        session,
        clock=clock,
        actor=actor,
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


def _lift_suspension_of(session: Session, clock: Clock, actor: Actor, finding: Finding) -> None:
    suspension = session.execute(
        select(StoreSuspension).where(
            StoreSuspension.finding_id == finding.key,
            col(StoreSuspension.lifted_at).is_(None),
        )
    ).scalar()
    if suspension is None:
        return
    suspension.lifted_at = clock.now()
    suspension.lifted_by = actor.account_id
    session.flush()
    store = session.get(Store, finding.store_id)
    if store is not None and store.status is StoreStatus.SUSPENDED:
        _reopen(session, clock, actor, store)


def _close(
    session: Session,
    clock: Clock,
    actor: Actor,
    store: Store,
    finding_id: int | None,
    balance: int,
) -> None:
    store.status = StoreStatus.CLOSED
    holder = holder_on(session, store_id=store.key, day=today(clock))
    session.add(
        StoreClosure(
            store_id=store.key,
            factory_id=holder[0] if holder else None,
            finding_id=finding_id,
            balance=balance,
            closed_at=clock.now(),
            closed_by=actor.account_id,
        )
    )
    audit.record(
        session,
        clock=clock,
        actor=actor,
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


def _locked(session: Session, store_id: int) -> Store:
    """Return the store, held until the unit ends: two decisions on it follow each other."""
    store = session.get(Store, store_id, with_for_update=True)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    return store
