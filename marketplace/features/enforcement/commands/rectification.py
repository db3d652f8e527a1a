"""Suspensions for rectification: the plan, its answer, and the end that comes by itself.

An accepted plan opens the store at the end of the term; without one the suspension escalates: the
store stays suspended until a plan is accepted. Nobody closes a store here.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, FixedClock, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.enforcement.commands import closing, reasons
from marketplace.features.enforcement.commands.interim import end_due_interim
from marketplace.features.enforcement.events import PlanAnswered, PlanSubmitted, SuspensionEnded
from marketplace.features.enforcement.kinds import (
    MeasureEnd,
    MeasureKind,
    StatementBasis,
)
from marketplace.features.enforcement.queries.facts import holder_or_last, load_finding
from marketplace.features.enforcement.statement import MeasureSaid
from marketplace.features.enforcement.tables import (
    Finding,
    MeasureTaken,
    StoreSuspension,
)
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Store

LEAST_PLAN = 20  # characters; a sentence on what is changed


def submit_plan(
    session: Session, *, clock: Clock, actor: Actor, suspension_id: int, plan: str
) -> None:
    """Hand in, or replace, the rectification plan of a running suspension.

    Raises:
        Refused: the suspension ended, or its plan was accepted already.
        Invalid: for a plan of fewer than 20 characters.
    """
    row, scope = load_suspension(session, suspension_id)
    require(actor, "enforcement.submit_plan", scope)
    _require_running(row)
    if row.plan_accepted_at is not None:
        raise Refused("plan_accepted")
    said = normalize_prose(plan)
    if not LEAST_PLAN <= len(said) <= 2000:
        raise Invalid([Fault("plan", "text_length", {"low": LEAST_PLAN, "high": 2000})])
    row.plan, row.plan_at, row.plan_answer = said, clock.now(), None
    _trail(session, clock, actor, "enforcement.submit_plan", row, scope)
    announce(session, PlanSubmitted(row.key, scope.program or "", row.store_id))


def answer_plan(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    suspension_id: int,
    accepted: bool,
    answer: str,
) -> None:
    """Accept a plan, or give it back with what is missing.

    Accepting one after the suspension escalated opens the store at once.

    Raises:
        Refused: no plan, answered already, the suspension ended, or no answer in words.
    """
    row, scope = load_suspension(session, suspension_id)
    require(actor, "enforcement.answer_plan", scope)
    _require_running(row)
    if row.plan is None or row.plan_answer is not None:
        raise Refused("plan_missing")
    if len(normalize(answer)) < 4:
        raise Refused("reason_missing")
    row.plan_answer = normalize_prose(answer)
    if accepted:
        row.plan_accepted_at, row.plan_accepted_by = clock.now(), actor.account_id
    _trail(
        session, clock, actor, "enforcement.answer_plan", row, scope,
        reason=row.plan_answer, facts={"accepted": accepted},
    )  # fmt: skip
    announce(
        session,
        PlanAnswered(row.key, scope.program or "", row.store_id, scope.operator_id, accepted),
    )
    if accepted and row.escalated_at is not None:
        _lift(session, clock, actor, row, scope)


def lift_suspension(
    session: Session, *, clock: Clock, actor: Actor, suspension_id: int, reason: str
) -> None:
    """Lift a suspension by a person's decision, whatever its plan; an upheld appeal does this.

    Raises:
        Refused: it ended, or without a reason.
    """
    row, scope = load_suspension(session, suspension_id)
    require(actor, "enforcement.lift_suspension", scope)
    _require_running(row)
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    _lift(
        session, FixedClock(clock.now()), actor, row, scope,
        reason=normalize_prose(reason), why=MeasureEnd.REVERSED,
    )  # fmt: skip


def end_due_suspensions(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor
) -> int:
    """End what ran out: lift with an accepted plan, escalate without one; return how many."""
    program = rulebook.program.key
    require(actor, "enforcement.end_due_suspensions", Scope(program=program))
    clock = FixedClock(clock.now())  # one instant for all that follows
    rows = session.execute(
        select(StoreSuspension)
        .join(Store, col(Store.id) == col(StoreSuspension.store_id))
        .where(
            Store.program == program,
            col(StoreSuspension.lifted_at).is_(None),
            col(StoreSuspension.escalated_at).is_(None),
            StoreSuspension.until_at <= clock.now(),
        )
        .order_by(col(StoreSuspension.id))
    ).scalars()
    ended = 0
    for row in list(rows):
        if _is_paused(session, row):
            continue
        _finding, scope = load_finding(session, row.finding_id)
        if row.plan_accepted_at is not None:
            _lift(session, clock, actor, row, scope)
        elif closing.locked(session, row.store_id).status is StoreStatus.CLOSED:
            continue  # nothing of it is felt; it escalates once the store is open again
        else:
            _escalate(session, rulebook, clock, actor, row, scope)
        ended += 1
    return ended + end_due_interim(session, clock=clock, by=actor, program=program)


def load_suspension(session: Session, suspension_id: int) -> tuple[StoreSuspension, Scope]:
    """Return a suspension and whose it is.

    Raises:
        NotFound: there is none with this number.
    """
    row = session.get(StoreSuspension, suspension_id)
    if row is None:
        raise NotFound("suspension_not_found", suspension_id=suspension_id)
    _finding, scope = load_finding(session, row.finding_id)
    return row, scope


def _require_running(row: StoreSuspension) -> None:
    if row.lifted_at is not None:
        raise Refused("suspension_ended")


def _is_paused(session: Session, row: StoreSuspension) -> bool:
    of = col(MeasureTaken.finding_id) == row.finding_id
    asked = sa.select(reasons.is_paused(MeasureKind.SUSPENSION, of))
    return bool(session.execute(asked).scalar_one())


def _lift(
    session: Session,
    clock: Clock,
    actor: Actor,
    row: StoreSuspension,
    scope: Scope,
    *,
    reason: str | None = None,
    why: MeasureEnd = MeasureEnd.LIFTED,
) -> None:
    row.lifted_at, row.lifted_by = clock.now(), actor.account_id
    row.lift_reason = (reason or row.plan_answer or "")[:1000] or None
    reasons.end_measures(
        session, at=clock.now(), why=why, finding_id=row.finding_id,
        kinds=(MeasureKind.SUSPENSION,),
    )  # fmt: skip
    store = closing.locked(session, row.store_id)
    if store.status is StoreStatus.SUSPENDED:
        closing.reopen(session, clock=clock, by=actor, store=store)
    _ended(session, clock, actor, row, scope, lifted=True)


def _escalate(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    actor: Actor,
    row: StoreSuspension,
    scope: Scope,
) -> None:
    store = closing.locked(session, row.store_id)
    finding = session.get(Finding, row.finding_id)
    row.escalated_at = clock.now()
    reasons.end_measures(
        session, at=clock.now(), why=MeasureEnd.SERVED, finding_id=row.finding_id,
        kinds=(MeasureKind.SUSPENSION,),
    )  # fmt: skip
    days = (row.until_at - row.from_at).days
    reasons.issue(
        session, rulebook, clock=clock, by=actor, store=store, finding=finding,
        holder=holder_or_last(session, store_id=store.key, day=today(clock)),
        grounds=reasons.Grounds(
            basis=StatementBasis.PLAN_MISSING,
            reason="",
            automated=True,
            rules=(
                reasons.cite(
                    rulebook, "suspension", _where_suspension_stands(rulebook), days=days
                ),
                reasons.cite(rulebook, "plan_missing", "enforcement.measures.plan_days"),
            ),
            measures=(MeasureSaid(MeasureKind.SUSPENSION, {}),),
        ),
    )  # fmt: skip
    _ended(session, clock, actor, row, scope, lifted=False)


def _where_suspension_stands(rulebook: Rulebook) -> str:
    """Return where the program file states the first suspension of its schedule."""
    steps = enumerate(rulebook.points.schedule)
    place = next((n for n, step in steps if step.suspension_days), 0)
    return f"points.schedule.{place}.suspension_days"


def _ended(
    session: Session,
    clock: Clock,
    actor: Actor,
    row: StoreSuspension,
    scope: Scope,
    *,
    lifted: bool,
) -> None:
    _trail(
        session, clock, actor, "enforcement.end_suspension", row, scope,
        facts={"lifted": lifted},
    )  # fmt: skip
    finding = session.get(Finding, row.finding_id)
    announce(
        session,
        SuspensionEnded(
            suspension_id=row.key,
            store_id=row.store_id,
            program=scope.program or "",
            factory_id=finding.factory_id if finding else None,
            operator_id=scope.operator_id,
            lifted=lifted,
        ),
    )


def _trail(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    row: StoreSuspension,
    scope: Scope,
    *,
    reason: str | None = None,
    facts: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"suspension:{row.key}",
        program=scope.program,
        operator_id=scope.operator_id,
        reason=reason,
        facts={"store_id": row.store_id, **(facts or {})},
    )
