"""Places holds: a person, a finding, a basis, an amount that is disputed, and reasons in words.

Above the program's threshold a second person agrees first; until then nothing is held.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base import audit
from marketplace.base.access import Actor, Role, require
from marketplace.base.clock import Clock, FixedClock, today
from marketplace.base.db import announce
from marketplace.base.db.idempotency import once
from marketplace.base.errors import Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.rulebook.holds import HoldBasis
from marketplace.base.text import normalize_prose
from marketplace.features.enforcement.commands import closing
from marketplace.features.enforcement.kinds import FindingStatus, MeasureKind
from marketplace.features.enforcement.queries.facts import imposed, load_finding
from marketplace.features.enforcement.tables import Finding, FindingEvidence
from marketplace.features.holds import rules
from marketplace.features.holds.commands import booking, stating
from marketplace.features.holds.events import HoldPlaced, HoldProposed
from marketplace.features.holds.kinds import HoldEnd, HoldStatus, MovementKind
from marketplace.features.holds.queries.facts import load_hold, room_of
from marketplace.features.holds.settlement import OF_THE_HOUSE, SettlementPort
from marketplace.features.holds.tables import PaymentHold

LEAST_REASON = 10  # characters; the seller reads it


def place_hold(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    finding_id: int,
    basis: str,
    amount_fen: int,
    reason: str,
    disputed_fen: int | None = None,
    token: str | None = None,
    settlement: SettlementPort = OF_THE_HOUSE,
) -> int:
    """Hold a disputed amount; return the hold's number.

    `disputed_fen` is what a person states where the finding names no value. The same token with
    the same content places once.

    Raises:
        Refused: no person acts, no such basis, no reason in words, the finding fell or rests on no
            evidence yet, or more than is disputed or available.
    """
    finding, scope = load_finding(session, finding_id)
    require(actor, "holds.place_hold", scope)
    clock = FixedClock(clock.now())  # one instant for all that follows
    chosen = _checked(session, rulebook, actor, finding, basis, reason)

    def work() -> Mapping[str, Any]:
        room = room_of(session, finding, stated_fen=disputed_fen, settlement=settlement)
        rules.check_hold(room, amount_fen)
        row = _row(
            session, rulebook, clock, actor, finding, chosen, room, amount_fen,
            normalize_prose(reason)[:1000],
        )  # fmt: skip
        announce(session, imposed(session, finding, MeasureKind.PAYMENT_HOLD))
        if rules.needs_second(rulebook.holds, room, amount_fen):
            announce(session, HoldProposed(row.key, row.program, row.store_id, amount_fen))
        else:
            _take_effect(session, rulebook, clock, actor, row, chosen, settlement)
        return {"hold_id": row.key}

    body = {
        "finding": finding_id, "basis": basis, "amount": amount_fen, "reason": normalize_prose(reason),
        "disputed": disputed_fen,
    }  # fmt: skip
    scope_name = f"holds.place_hold:{actor.account_id}"
    found = once(session, clock=clock, token=token, scope=scope_name, body=body, work=work)
    return int(found["hold_id"])


def confirm_hold(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    hold_id: int,
    accept: bool,
    reason: str,
    settlement: SettlementPort = OF_THE_HOUSE,
) -> None:
    """Agree to a hold above the threshold, or decline it; by somebody who did not place it.

    Raises:
        Refused: not waiting, by who placed it, without a reason, or the finding fell meanwhile.
    """
    row = load_hold(session, actor, hold_id, "holds.confirm_hold")
    clock = FixedClock(clock.now())
    if row.status is not HoldStatus.PENDING:
        raise Refused("decided_already")
    if actor.account_id is None or actor.account_id == row.placed_by:
        raise Refused("author_never_decides")
    if len(normalize_prose(reason)) < LEAST_REASON:
        raise Refused("hold_reason_too_short", least=LEAST_REASON)
    row.confirmed_by, row.confirmed_at = actor.account_id, clock.now()
    if not accept:
        decline(session, clock=clock, by=actor, hold=row, reason=normalize_prose(reason))
        return
    finding, _scope = load_finding(session, row.finding_id)
    basis = _checked(session, rulebook, actor, finding, row.basis, reason)
    # The term begins when the money is held, not when it was proposed.
    _set_term(row, rulebook, basis, clock)
    _take_effect(session, rulebook, clock, actor, row, basis, settlement)


def decline(
    session: Session, *, clock: Clock, by: Actor, hold: PaymentHold, reason: str
) -> None:
    """End a hold that never took effect; a step of commands and reactions."""
    hold.status, hold.end_reason = HoldStatus.ENDED, HoldEnd.DECLINED
    hold.ended_at, hold.ended_by, hold.end_note = clock.now(), by.account_id, reason[:1000]
    _trail(session, clock, by, hold, "decline", reason)


def _checked(
    session: Session, rulebook: Rulebook, who: Actor, finding: Finding, basis: str, reason: str
) -> HoldBasis:
    if who.account_id is None or who.role is Role.SYSTEM:
        raise Refused("hold_by_a_person")
    chosen = rulebook.holds.basis(basis)
    if chosen is None:
        raise Refused("hold_basis_unknown")
    if len(normalize_prose(reason)) < LEAST_REASON:
        raise Refused("hold_reason_too_short", least=LEAST_REASON)
    if finding.status not in {FindingStatus.SUSPECTED, FindingStatus.UPHELD}:
        raise Refused("finding_fell")
    if finding.status is FindingStatus.SUSPECTED and not _has_evidence(session, finding):
        raise Refused("hold_evidence_missing")
    return chosen


def _row(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    who: Actor,
    finding: Finding,
    basis: HoldBasis,
    room: rules.Room,
    amount_fen: int,
    reason: str,
) -> PaymentHold:
    day = today(clock)
    term = rules.first_term(rulebook.holds, basis, day)
    row = PaymentHold(
        program=finding.program,
        number=_number(session, finding.program, day.year),
        finding_id=finding.key,
        store_id=finding.store_id,
        factory_id=finding.factory_id,
        operator_id=finding.operator_id,
        basis=basis.key,
        disputed_fen=room.disputed_fen or 0,
        amount_fen=amount_fen,
        remaining_fen=0,
        reason=reason,
        status=HoldStatus.PENDING,
        placed_by=who.account_id or 0,
        placed_at=clock.now(),
        review_on=term.review_on,
        until_on=term.until_on,
        longest_until_on=day + timedelta(days=basis.max_days),
        rulebook_sha256=rulebook.sha256,
    )
    session.add(row)
    _trail(session, clock, who, row, "place_hold", reason)
    return row


def _set_term(row: PaymentHold, rulebook: Rulebook, basis: HoldBasis, clock: Clock) -> None:
    day = today(clock)
    term = rules.first_term(rulebook.holds, basis, day)
    row.review_on, row.until_on = term.review_on, term.until_on
    row.longest_until_on = day + timedelta(days=basis.max_days)


def _take_effect(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    who: Actor,
    row: PaymentHold,
    basis: HoldBasis,
    settlement: SettlementPort,
) -> None:
    closing.locked(session, row.store_id)
    statement = stating.state(session, rulebook, clock=clock, by=who, hold=row, basis=basis)
    row.statement_id, row.status = statement.key, HoldStatus.RUNNING
    row.remaining_fen = row.amount_fen
    session.flush()
    receipt = settlement.freeze(
        session, clock=clock, token=f"hold:{row.key}:freeze", store_id=row.store_id,
        amount_fen=row.amount_fen,
    )  # fmt: skip
    booking.move(
        session, clock=clock, by=who, kind=MovementKind.HOLD, program=row.program,
        store_id=row.store_id, amount_fen=row.amount_fen, receipt=receipt, reason=row.reason,
        hold_id=row.key,
    )  # fmt: skip
    _trail(session, clock, who, row, "hold", row.reason)
    announce(
        session,
        HoldPlaced(row.key, row.program, row.store_id, row.operator_id, row.amount_fen),
    )


def _trail(
    session: Session, clock: Clock, who: Actor, row: PaymentHold, name: str, reason: str
) -> None:
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=who,
        action=f"holds.{name}",
        subject=f"hold:{row.key}",
        program=row.program,
        operator_id=row.operator_id,
        reason=reason,
        facts={
            "number": row.number,
            "finding_id": row.finding_id,
            "amount_fen": row.amount_fen,
            "disputed_fen": row.disputed_fen,
            "basis": row.basis,
            "until": row.until_on,
        },
    )


def _has_evidence(session: Session, finding: Finding) -> bool:
    wanted = sa.select(col(FindingEvidence.id)).where(
        col(FindingEvidence.finding_id) == finding.key
    )
    return session.execute(wanted).first() is not None


def _number(session: Session, program: str, year: int) -> str:
    """Number holds of a program through a year; writers queue, so no two are alike."""
    prefix = f"ZH{year}-"
    count = session.execute(
        sa.select(sa.func.count())
        .select_from(PaymentHold)
        .where(col(PaymentHold.program) == program, col(PaymentHold.number).startswith(prefix))
    ).scalar_one()
    return f"{prefix}{int(count) + 1:05d}"
