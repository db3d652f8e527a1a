"""Says before a decision what the points rule will make of it, worked out by the rule itself."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, civil_day
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import fold_name
from marketplace.features.complaints.queries.facts import load_case
from marketplace.features.enforcement.kinds import EntryKind, Measure
from marketplace.features.enforcement.queries import ledger_of, load_finding, versions_of
from marketplace.features.enforcement.rules import (
    LedgerLine,
    balance_of,
    count_next,
    offenses_standing,
    score_next,
)
from marketplace.features.progress.queries import time_zero


@dataclass(frozen=True, slots=True)
class IfFound:
    """What upholding the finding now would do; `scored` is False before enrollment."""

    scored: bool
    balance: int
    offenses: int
    offense: int
    points: int
    balance_after: int
    measure: Measure | None
    suspension_days: int
    closes: bool
    closure_balance: int


@dataclass(frozen=True, slots=True)
class IfUpheld:
    """What upholding a complaint of a brand now would do."""

    counted: bool
    standing: int
    to_close: int
    closes: bool
    too_soon: bool


def foresee_finding(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, case_id: int
) -> IfFound:
    """Return what an upheld finding in this case would bring, by the ledger as it is."""
    case, scope = load_case(session, case_id)
    require(actor, "desk.foresee_finding", scope)
    return _if_found(session, rulebook, clock, case.store_id, case.operator_id)


def foresee_decision(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, finding_id: int
) -> IfFound:
    """Return what upholding this finding would bring, by the ledger as it is."""
    finding, scope = load_finding(session, finding_id)
    require(actor, "desk.foresee_decision", scope)
    return _if_found(session, rulebook, clock, finding.store_id, finding.operator_id)


def _if_found(
    session: Session, rulebook: Rulebook, clock: Clock, store_id: int, operator_id: int | None
) -> IfFound:
    lines = ledger_of(session, store_id)
    score = score_next(rulebook, lines, clock.now(), versions_of(session, rulebook, lines))
    return IfFound(
        scored=_enrolled(session, clock, operator_id),
        balance=balance_of(lines),
        offenses=offenses_standing(lines),
        offense=score.offense,
        points=score.points,
        balance_after=score.balance,
        measure=score.measure,
        suspension_days=score.suspension_days,
        closes=score.closes,
        closure_balance=rulebook.points.closure_balance,
    )


def foresee_complaint(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    case_id: int,
    brand: str,
) -> IfUpheld:
    """Return what upholding a complaint of a brand in this case would bring."""
    case, scope = load_case(session, case_id)
    require(actor, "desk.foresee_complaint", scope)
    lines = ledger_of(session, case.store_id)
    counts = bool(brand) and _enrolled(session, clock, case.operator_id)
    versions = versions_of(session, rulebook, lines)
    counted = (
        count_next(rulebook, lines, brand=brand, at=clock.now(), versions=versions)
        if counts
        else None
    )
    too_soon = counted is not None and counted.reason == "complaint_too_soon"
    return IfUpheld(
        counted=counts and not too_soon,
        standing=_standing(lines, brand),
        to_close=rulebook.points.brand_complaints_to_close,
        closes=counted is not None and counted.closes,
        too_soon=too_soon,
    )


def _standing(lines: list[LedgerLine], brand: str) -> int:
    undone = {line.reverses for line in lines}
    return sum(
        1
        for line in lines
        if line.kind is EntryKind.COMPLAINT
        and fold_name(line.brand) == fold_name(brand)
        and line.entry_id not in undone
    )


def _enrolled(session: Session, clock: Clock, operator_id: int | None) -> bool:
    zero = time_zero(session, operator_id) if operator_id is not None else None
    return zero is not None and civil_day(clock.now()) >= zero
