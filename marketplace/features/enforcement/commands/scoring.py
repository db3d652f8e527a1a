"""Writes the points ledger: scores findings, counts complaints, takes entries back.

What an entry means is decided by `rules` alone. The ledger only grows; `at` is the instant of the
decision, given by the clock of the server.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session, select

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, FixedClock, today
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.enforcement import rules
from marketplace.features.enforcement.commands import clearing, closing, reasons
from marketplace.features.enforcement.commands.clearing import enter
from marketplace.features.enforcement.commands.courses import assign_with
from marketplace.features.enforcement.commands.outcome import (
    measures_of_finding,
    rules_of_finding,
)
from marketplace.features.enforcement.kinds import (
    EntryKind,
    FindingStatus,
    Measure,
    MeasureEnd,
    MeasureKind,
    StatementBasis,
)
from marketplace.features.enforcement.queries import (
    ledger_of,
    load_finding,
    scope_of_store,
    versions_of,
)
from marketplace.features.enforcement.statement import MeasureSaid
from marketplace.features.enforcement.tables import (
    Finding,
    PointsEntry,
    StatementOfReasons,
    StoreSuspension,
)
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.queries import holder_on


def score_finding(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    finding_id: int,
    course: str | None = None,
) -> Measure | None:
    """Score an upheld finding and do to the store what follows, with its statement of reasons.

    Raises:
        Refused: not upheld: a suspicion is never scored.
    """
    finding, scope = load_finding(session, finding_id)
    require(actor, "enforcement.score_finding", scope)
    clock = FixedClock(clock.now())  # one instant for all that follows
    if finding.status is not FindingStatus.UPHELD:
        raise Refused("not_upheld")
    store = closing.locked(session, finding.store_id)
    clearing.clear_year(session, rulebook, clock=clock, by=actor, store_id=store.key)
    lines = ledger_of(session, store.key)
    versions = versions_of(session, rulebook, lines)
    score = rules.score_next(rulebook, lines, clock.now(), versions)
    conclude(
        session, rulebook, clock=clock, by=actor, finding=finding, score=score, course=course
    )
    enter(
        session, rulebook, clock, actor, store.key, EntryKind.SCORE, score.points,
        finding_id=finding.key, offense=score.offense, measure=score.measure,
    )  # fmt: skip
    if store.status is StoreStatus.CLOSED:
        return score.measure
    if score.closes:
        closing.close(
            session, clock=clock, by=actor, store=store, holder=_holder_of(finding),
            finding_id=finding.key, balance=score.balance,
        )  # fmt: skip
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


def conclude(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    by: Actor,
    finding: Finding,
    score: rules.Score | None,
    course: str | None,
) -> StatementOfReasons:
    """Write the statement of an upheld finding with all that follows; a step of commands."""
    store = closing.locked(session, finding.store_id)
    row = reasons.issue(
        session, rulebook, clock=clock, by=by, store=store, holder=_holder_of(finding),
        finding=finding,
        grounds=reasons.Grounds(
            basis=StatementBasis.FINDING,
            reason=finding.reason or "",
            rules=rules_of_finding(rulebook, score, course),
            measures=measures_of_finding(rulebook, clock, finding, score, course),
            offense=score.offense if score else None,
            balance=score.balance if score else None,
        ),
    )  # fmt: skip
    if course is not None:
        assign_with(session, rulebook, clock=clock, by=by, statement=row, course=course)
    return row


def count_complaint(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    store_id: int,
    brand: str,
    complaint_ref: str,
    reason: str = "",
    on: date | None = None,
) -> rules.Counted:
    """Count an upheld complaint of a brand; the one that fills the number closes the store.

    The complaint itself is decided by the caller; `reason` goes into the statement of a closure,
    which is of whoever held the store on the day `on` (today without it): he was complained of and
    heard, whoever took it over since was not. The same reference counts once.

    Raises:
        Invalid: without a brand: nothing could be counted.
    """
    if not normalize(brand):
        raise Invalid([Fault("brand", "field_missing")])
    clock = FixedClock(clock.now())  # one instant for all that follows
    store = closing.locked(session, store_id)
    holder = holder_on(session, store_id=store_id, day=on or today(clock))
    require(actor, "enforcement.count_complaint", scope_of_store(session, store, holder))
    clearing.clear_year(session, rulebook, clock=clock, by=actor, store_id=store_id)
    lines = ledger_of(session, store_id)
    versions = versions_of(session, rulebook, lines)
    counted = rules.count_next(rulebook, lines, brand=brand, at=clock.now(), versions=versions)
    closes = counted.closes and store.status is not StoreStatus.CLOSED
    if closes:
        needed = rulebook.points.brand_complaints_to_close
        reasons.issue(
            session, rulebook, clock=clock, by=actor, store=store, holder=holder,
            grounds=reasons.Grounds(
                basis=StatementBasis.COMPLAINTS,
                reason=normalize_prose(reason) or complaint_ref,
                rules=(
                    reasons.cite(
                        rulebook, "complaints", "points.brand_complaints_to_close", needed=needed
                    ),
                ),
                measures=(MeasureSaid(MeasureKind.CLOSURE, {}),),
                brand=normalize(brand),
                count=needed,
                complaint_ref=complaint_ref,
            ),
        )  # fmt: skip
    enter(
        session, rulebook, clock, actor, store_id, EntryKind.COMPLAINT, 0,
        complaint_ref=complaint_ref, brand=normalize(brand),
        measure=Measure.CLOSURE if counted.closes else None,
    )  # fmt: skip
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
    if closes:
        closing.close(
            session, clock=clock, by=actor, store=store, holder=holder, finding_id=None,
            balance=rules.balance_of(lines),
        )  # fmt: skip
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
    reasons.end_measures(
        session, at=clock.now(), why=MeasureEnd.REVERSED, finding_id=finding.key
    )
    scored = session.execute(
        select(PointsEntry).where(
            PointsEntry.finding_id == finding.key, PointsEntry.kind == EntryKind.SCORE
        )
    ).scalar()
    if scored is None:
        return 0
    return _take_back(session, rulebook, clock, actor, scored)


def reverse_complaint(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor, complaint_ref: str
) -> None:
    """Take a counted complaint back.

    Raises:
        NotFound: the reference was never counted.
        Refused: by whoever counted it; whose complaint it was, the caller knows.
    """
    counted = session.execute(
        select(PointsEntry).where(
            PointsEntry.complaint_ref == complaint_ref,
            PointsEntry.kind == EntryKind.COMPLAINT,
        )
    ).scalar()
    if counted is None:
        raise NotFound("complaint_not_counted")
    store = closing.locked(session, counted.store_id)
    holder = holder_on(session, store_id=store.key, day=today(clock))
    require(actor, "enforcement.reverse_complaint", scope_of_store(session, store, holder))
    if actor.account_id is None or actor.account_id == counted.decided_by:
        raise Refused("author_never_decides")
    clock = FixedClock(clock.now())  # one instant for all that follows
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


def _holder_of(finding: Finding) -> tuple[int, int] | None:
    """Return the factory and operator that held the store on the day of a finding."""
    if finding.factory_id is None or finding.operator_id is None:
        return None
    return finding.factory_id, finding.operator_id


def _take_back(
    session: Session, rulebook: Rulebook, clock: Clock, actor: Actor, entry: PointsEntry
) -> int:
    store = closing.locked(session, entry.store_id)
    clearing.clear_year(session, rulebook, clock=clock, by=actor, store_id=store.key)
    lines = ledger_of(session, store.key)
    versions = versions_of(session, rulebook, lines)
    undone = rules.take_back(
        rulebook, lines, entry_id=entry.key, at=clock.now(), versions=versions
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
            rulebook_sha256=rulebook.sha256,
        )
    )
    closing.lift_groundless(
        session, clock=clock, by=actor, store=store, suspending=undone.suspending
    )
    if undone.reopens and store.status is StoreStatus.CLOSED:
        closing.undo_closure(session, clock=clock, by=actor, store=store)
    return undone.points
