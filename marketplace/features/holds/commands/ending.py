"""Lets money go, extends a hold at its review, ends holds whose term is over or whose case fell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, select

from marketplace.base import audit
from marketplace.base.access import SYSTEM, Actor, Scope, require
from marketplace.base.clock import Clock, FixedClock, today
from marketplace.base.db import announce
from marketplace.base.db.idempotency import once
from marketplace.base.errors import Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize_prose
from marketplace.features.enforcement.kinds import MeasureEnd
from marketplace.features.holds import rules
from marketplace.features.holds.commands import booking, stating
from marketplace.features.holds.commands.placing import LEAST_REASON, decline
from marketplace.features.holds.events import HoldExtended
from marketplace.features.holds.kinds import HoldStatus, MovementKind
from marketplace.features.holds.queries.facts import hold_of_statement, load_hold
from marketplace.features.holds.settlement import OF_THE_HOUSE, SettlementPort
from marketplace.features.holds.tables import HoldExtension, PaymentHold


def release_hold(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    hold_id: int,
    amount_fen: int,
    reason: str,
    token: str | None = None,
    settlement: SettlementPort = OF_THE_HOUSE,
) -> str:
    """Let a part or the whole of a hold go; return the receipt's number.

    Raises:
        Refused: it does not run, less than that is held, or no reason in words.
    """
    row = load_hold(session, actor, hold_id, "holds.release_hold")
    clock = FixedClock(clock.now())
    said = _reason(reason)

    def work() -> Mapping[str, Any]:
        receipt = booking.let_go(
            session, clock=clock, by=actor, hold=row, kind=MovementKind.RELEASE,
            amount_fen=amount_fen, reason=said, settlement=settlement,
        )  # fmt: skip
        return {"receipt": receipt}

    body = {"hold": hold_id, "amount": amount_fen, "reason": said}
    scope = f"holds.release_hold:{actor.account_id}"
    found = once(session, clock=clock, token=token, scope=scope, body=body, work=work)
    return str(found["receipt"])


def extend_hold(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    hold_id: int,
    reason: str,
) -> None:
    """Let a hold go on after its review, with a statement of its own.

    Raises:
        Refused: it does not run, by who placed it, before its review day, at its longest, or no
            reason in words.
    """
    row = load_hold(session, actor, hold_id, "holds.extend_hold")
    clock = FixedClock(clock.now())
    if row.status is not HoldStatus.RUNNING:
        raise Refused("hold_not_running")
    if actor.account_id is None or actor.account_id == row.placed_by:
        raise Refused("author_never_decides")
    said = _reason(reason)
    basis = rulebook.holds.basis(row.basis)
    if basis is None:
        raise Refused("hold_basis_unknown")
    now = rules.Term(row.review_on, row.until_on)
    term = rules.next_term(
        rulebook.holds, basis, now=now, day=today(clock), last=row.longest_until_on
    )
    booking.end_measures_of(session, clock=clock, hold=row, why=MeasureEnd.REPLACED)
    row.review_on, row.until_on = term.review_on, term.until_on
    statement = stating.state(
        session, rulebook, clock=clock, by=actor, hold=row, basis=basis, reason=said
    )
    session.add(
        HoldExtension(
            hold_id=row.key, statement_id=statement.key, review_on=term.review_on,
            until_on=term.until_on, reason=said, extended_by=actor.account_id,
            extended_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="holds.extend_hold",
        subject=f"hold:{row.key}",
        program=row.program,
        operator_id=row.operator_id,
        reason=said,
        facts={"review_on": term.review_on, "until_on": term.until_on},
    )
    announce(session, HoldExtended(row.key, row.program, row.store_id, row.operator_id))


def expire_holds(
    session: Session,
    *,
    clock: Clock,
    program: str,
    actor: Actor,
    settlement: SettlementPort = OF_THE_HOUSE,
) -> int:
    """Let everything go that nobody extended in time; return how many holds ended.

    One that the settlement account does not pay out now goes on and is tried again by the next
    minute; the others end.
    """
    require(actor, "holds.expire_holds", Scope(program=program))
    rows = session.execute(
        select(PaymentHold).where(
            PaymentHold.program == program,
            PaymentHold.status == HoldStatus.RUNNING,
            PaymentHold.until_on <= today(clock),
        )
    ).scalars()
    ended = 0
    for row in list(rows):
        announced = len(session.info["events"])
        try:
            with session.begin_nested():
                ended += _all_go(
                    session, clock, actor, [row], MovementKind.EXPIRY, "", settlement
                )
        except Refused as refusal:
            if refusal.code != "settlement_unavailable":
                raise
            # The savepoint took back what was written; what was announced about it goes too.
            del session.info["events"][announced:]
            session.refresh(row)
    return ended


def reverse_holds_of_finding(
    session: Session, *, clock: Clock, finding_id: int, by: Actor = SYSTEM
) -> int:
    """Let everything go that was held of a finding that fell; a step of reacting."""
    rows = session.execute(
        select(PaymentHold).where(
            PaymentHold.finding_id == finding_id, PaymentHold.status != HoldStatus.ENDED
        )
    ).scalars()
    return _all_go(session, clock, by, rows, MovementKind.REVERSAL, "", OF_THE_HOUSE)


def reverse_hold_of(
    session: Session, *, clock: Clock, by: Actor, statement_id: int, reason: str
) -> None:
    """Let everything go that is still held on a statement; a step of an upheld appeal."""
    row = hold_of_statement(session, statement_id)
    if row is None or row.status is not HoldStatus.RUNNING:
        return
    _all_go(session, clock, by, [row], MovementKind.REVERSAL, reason, OF_THE_HOUSE)


def _all_go(
    session: Session,
    clock: Clock,
    by: Actor,
    rows: Iterable[PaymentHold],
    kind: MovementKind,
    reason: str,
    settlement: SettlementPort,
) -> int:
    found = list(rows)
    for row in found:
        if row.status is HoldStatus.PENDING:
            decline(session, clock=clock, by=by, hold=row, reason=reason)
            continue
        booking.let_go(
            session, clock=clock, by=by, hold=row, kind=kind, amount_fen=row.remaining_fen,
            reason=reason, settlement=settlement,
        )  # fmt: skip
    return len(found)


def _reason(text: str) -> str:
    said = normalize_prose(text)
    if len(said) < LEAST_REASON:
        raise Refused("hold_reason_too_short", least=LEAST_REASON)
    return said[:1000]
