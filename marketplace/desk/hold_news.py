"""Tells people of payment holds: facts first, words when they are read."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from marketplace.base.house import House
from marketplace.base.inbox import notify
from marketplace.base.money import format_amount
from marketplace.desk.measures import office, owners
from marketplace.features.holds.events import (
    HoldExtended,
    HoldPlaced,
    HoldProposed,
    HoldReleased,
)
from marketplace.features.holds.kinds import MovementKind
from marketplace.features.registry.tables import Store

_RELEASED = {
    MovementKind.RELEASE: "hold_released",
    MovementKind.EXPIRY: "hold_expired",
    MovementKind.REVERSAL: "hold_reversed",
}


def tell_proposed(session: Session, house: House, event: HoldProposed) -> None:
    """An amount above the threshold waits for a second person of the office."""
    facts = {"amount": format_amount(event.amount_fen)}
    to = office(session, event.program)
    _tell(session, house, event, to, "hold_proposed", facts)


def tell_placed(session: Session, house: House, event: HoldPlaced) -> None:
    """What is held reaches the owner, with its reasons."""
    facts = {"amount": format_amount(event.amount_fen)}
    _tell(session, house, event, owners(session, event.operator_id), "hold_placed", facts)


def tell_extended(session: Session, house: House, event: HoldExtended) -> None:
    """A hold that goes on reaches the owner, with its reasons."""
    _tell(session, house, event, owners(session, event.operator_id), "hold_extended", {})


def tell_released(session: Session, house: House, event: HoldReleased) -> None:
    """Money that was let go reaches the owner, with its receipt."""
    facts = {"amount": format_amount(event.amount_fen), "receipt": event.receipt}
    to = owners(session, event.operator_id)
    _tell(session, house, event, to, _RELEASED[event.kind], facts)


def _tell(
    session: Session,
    house: House,
    event: HoldProposed | HoldPlaced | HoldExtended | HoldReleased,
    to: Iterable[int],
    code: str,
    facts: dict[str, str],
) -> None:
    store = session.get(Store, event.store_id)
    told: dict[str, object] = {"store": store.name if store else "", **facts}
    notify(
        session, clock=house.clock, account_ids=to, code=code, facts=told,
        subject=f"hold:{event.hold_id}", program=event.program,
    )  # fmt: skip
