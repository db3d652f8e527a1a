"""What happens to windows and slots when a product is verified, lapses or is decided away."""

from __future__ import annotations

from sqlmodel import Session, col, select

from marketplace.base.clock import add_working_days, today
from marketplace.base.house import House
from marketplace.features.catalog.events import ProductDecided, ProductLapsed, ProductRestored
from marketplace.features.catalog.kinds import LapseReason, ProductVerdict
from marketplace.features.promotion.commands.listings import open_window
from marketplace.features.promotion.commands.slots import hold, vacate
from marketplace.features.promotion.kinds import SlotStatus
from marketplace.features.promotion.tables import Slot

_GONE = {ProductVerdict.WITHDRAWN.value, ProductVerdict.RECALLED.value}


def on_product_decided(session: Session, house: House, event: ProductDecided) -> None:
    """A first verification opens the objection window; a product taken away leaves its slots."""
    rulebook = house.rulebook(event.program)
    if event.verdict == ProductVerdict.VERIFIED.value:
        ends_on = add_working_days(
            today(house.clock), rulebook.featuring.objection_working_days, rulebook.holidays
        )
        open_window(
            session,
            clock=house.clock,
            product_id=event.product_id,
            program=event.program,
            ends_on=ends_on,
        )
    if event.verdict in _GONE:
        for slot in _slots(session, event.product_id):
            vacate(session, rulebook, clock=house.clock, slot=slot, reason=event.verdict)


def on_product_lapsed(session: Session, house: House, event: ProductLapsed) -> None:
    """A lapsed product leaves its slots at once; one suspended by a person is held 48 h."""
    rulebook = house.rulebook(event.program)
    for slot in _slots(session, event.product_id):
        if event.reason == LapseReason.SUSPENDED.value:
            hold(session, rulebook, clock=house.clock, slot=slot)
        else:
            vacate(session, rulebook, clock=house.clock, slot=slot, reason=event.reason)


def on_product_restored(session: Session, house: House, event: ProductRestored) -> None:
    """A slot still held for a restored product shows it again."""
    for slot in _slots(session, event.product_id):
        if slot.status is SlotStatus.HELD and (
            slot.held_until is None or slot.held_until > house.clock.now()
        ):
            slot.status = SlotStatus.ACTIVE
            slot.held_until = None


def _slots(session: Session, product_id: int) -> list[Slot]:
    return list(
        session.execute(
            select(Slot)
            .where(Slot.product_id == product_id, col(Slot.status) != SlotStatus.REMOVED)
            .order_by(col(Slot.id))
        ).scalars()
    )
