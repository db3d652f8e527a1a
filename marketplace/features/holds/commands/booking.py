"""Writes the books: both sides of a movement, against a receipt of the settlement account.

Steps of commands: who may is asked before. Nothing here decides whether money should move.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor
from marketplace.base.clock import Clock
from marketplace.base.db import announce
from marketplace.base.errors import Refused
from marketplace.base.money import format_amount
from marketplace.features.enforcement.commands import reasons
from marketplace.features.enforcement.kinds import MeasureEnd, MeasureKind
from marketplace.features.holds import rules
from marketplace.features.holds.events import HoldReleased
from marketplace.features.holds.kinds import HoldEnd, HoldStatus, MovementKind
from marketplace.features.holds.queries.facts import books_of
from marketplace.features.holds.settlement import SettlementPort
from marketplace.features.holds.tables import (
    HoldExtension,
    HoldMovement,
    HoldPosting,
    PaymentHold,
)

_ENDS = {
    MovementKind.RELEASE: (HoldEnd.RELEASED, MeasureEnd.LIFTED),
    MovementKind.EXPIRY: (HoldEnd.EXPIRED, MeasureEnd.EXPIRED),
    MovementKind.REVERSAL: (HoldEnd.REVERSED, MeasureEnd.REVERSED),
}


def move(
    session: Session,
    *,
    clock: Clock,
    by: Actor,
    kind: MovementKind,
    program: str,
    store_id: int,
    amount_fen: int,
    receipt: str,
    reason: str,
    hold_id: int | None = None,
) -> int:
    """Write a movement and its two postings.

    Raises:
        Refused: an account of the store would fall below zero.
    """
    rules.check_movement(books_of(session, store_id), kind, amount_fen)
    row = HoldMovement(
        program=program, store_id=store_id, hold_id=hold_id, kind=kind, amount_fen=amount_fen,
        receipt=receipt, reason=reason[:1000], moved_by=by.account_id, moved_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    for side in rules.postings(kind, amount_fen):
        session.add(
            HoldPosting(
                movement_id=row.key, store_id=store_id, account=side.account,
                amount_fen=side.amount_fen,
            )
        )  # fmt: skip
    session.flush()
    return row.key


def let_go(
    session: Session,
    *,
    clock: Clock,
    by: Actor,
    hold: PaymentHold,
    kind: MovementKind,
    amount_fen: int,
    reason: str,
    settlement: SettlementPort,
) -> str:
    """Let an amount of a running hold go and pay it out; end the hold when nothing is left.

    Raises:
        Refused: not above zero, it does not run, or less than that is held.
    """
    if amount_fen <= 0:
        raise Refused("amount_not_positive")
    if hold.status is not HoldStatus.RUNNING:
        raise Refused("hold_not_running")
    if amount_fen > hold.remaining_fen:
        raise Refused("more_than_held", held=format_amount(hold.remaining_fen))
    left = hold.remaining_fen - amount_fen
    # What is left names the call: asked again, the settlement account gives the same receipt.
    receipt = settlement.pay_out(
        session, clock=clock, token=f"hold:{hold.key}:left:{left}", store_id=hold.store_id,
        amount_fen=amount_fen,
    )  # fmt: skip
    for step in (kind, MovementKind.PAYOUT):
        move(
            session, clock=clock, by=by, kind=step, program=hold.program,
            store_id=hold.store_id, amount_fen=amount_fen, receipt=receipt, reason=reason,
            hold_id=hold.key,
        )  # fmt: skip
    hold.remaining_fen = left
    if left == 0:
        _end(session, clock, by, hold, kind, reason)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=by,
        action=f"holds.{kind.value}",
        subject=f"hold:{hold.key}",
        program=hold.program,
        operator_id=hold.operator_id,
        reason=reason,
        facts={"amount_fen": amount_fen, "left_fen": left, "receipt": receipt},
    )
    announce(
        session,
        HoldReleased(
            hold.key, hold.program, hold.store_id, hold.operator_id, amount_fen, kind, receipt,
            left == 0,
        ),
    )  # fmt: skip
    return receipt


def end_measures_of(
    session: Session, *, clock: Clock, hold: PaymentHold, why: MeasureEnd
) -> None:
    """End the measure in every statement that was given for a hold."""
    extended = session.execute(
        select(HoldExtension.statement_id).where(HoldExtension.hold_id == hold.key)
    ).scalars()
    for statement_id in (hold.statement_id, *extended):
        if statement_id is not None:
            reasons.end_measures(
                session, at=clock.now(), why=why, statement_id=statement_id,
                kinds=(MeasureKind.PAYMENT_HOLD,),
            )  # fmt: skip


def _end(
    session: Session,
    clock: Clock,
    by: Actor,
    hold: PaymentHold,
    kind: MovementKind,
    reason: str,
) -> None:
    why, measure_why = _ENDS[kind]
    hold.status, hold.end_reason = HoldStatus.ENDED, why
    hold.ended_at, hold.ended_by, hold.end_note = clock.now(), by.account_id, reason[:1000]
    end_measures_of(session, clock=clock, hold=hold, why=measure_why)


def next_serial(session: Session, store_id: int) -> int:
    """Return the number of the next movement of a store, from 1; writers queue."""
    count = session.execute(
        sa.select(sa.func.count()).where(col(HoldMovement.store_id) == store_id)
    ).scalar_one()
    return int(count) + 1
