"""What happens to windows and slots when a product, its firm or its store changes.

What is shown is what can be bought from an enrolled firm in its own open store; a product loses
nothing but its slot by that, its verification stands.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.clock import add_working_days, today
from marketplace.base.house import House
from marketplace.features.catalog.events import ProductDecided, ProductLapsed, ProductRestored
from marketplace.features.catalog.kinds import LapseReason, ProductVerdict
from marketplace.features.catalog.queries.as_verified import looks_other_than_before
from marketplace.features.catalog.tables import Product
from marketplace.features.enforcement.events import (
    FindingDecided,
    StoreClosed,
    StoreReopened,
)
from marketplace.features.progress.events import EnrollmentChanged
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.promotion.commands.keeping import hold, vacate
from marketplace.features.promotion.commands.windows import open_window
from marketplace.features.promotion.kinds import SlotStatus
from marketplace.features.promotion.queries.gathering import Offer, gather_offers
from marketplace.features.promotion.tables import Listing, Slot
from marketplace.features.registry.events import HoldingChanged
from marketplace.features.registry.tables import Store

_GONE = {ProductVerdict.WITHDRAWN.value, ProductVerdict.RECALLED.value}


def on_product_decided(session: Session, house: House, event: ProductDecided) -> None:
    """A first verification opens the objection window; a product taken away leaves its slots."""
    rulebook = house.rulebook(event.program)
    if event.verdict == ProductVerdict.VERIFIED.value:
        ends_on = add_working_days(
            today(house.clock), rulebook.featuring.objection_working_days, rulebook.calendar
        )
        open_window(
            session,
            clock=house.clock,
            product_id=event.product_id,
            program=event.program,
            ends_on=ends_on,
            looks_other=looks_other_than_before(session, event.product_id),
        )
        _resume(session, house, event.program, [event.product_id])
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
    _resume(session, house, event.program, [event.product_id])


def on_enrollment_changed(session: Session, house: House, event: EnrollmentChanged) -> None:
    """A paused firm's slots are held; one that comes back in time has them again."""
    rulebook = house.rulebook(event.program)
    ids = _slotted(session, col(Product.operator_id) == event.operator_id)
    if event.status == EnrollmentStatus.ENROLLED.value:
        _resume(session, house, event.program, ids)
    if event.status == EnrollmentStatus.PAUSED.value:
        for product_id in ids:
            for slot in _slots(session, product_id):
                hold(session, rulebook, clock=house.clock, slot=slot)


def on_store_changed(
    session: Session,
    house: House,
    event: HoldingChanged | FindingDecided | StoreClosed | StoreReopened,
) -> None:
    """What is on sale in no open store of its firm any more leaves its slots."""
    store = session.get(Store, event.store_id)
    if store is None:
        return
    rulebook = house.rulebook(store.program)
    listed = sa.select(col(Listing.product_id)).where(col(Listing.store_id) == store.key)
    ids = _slotted(session, col(Product.id).in_(listed))
    offers = gather_offers(session, rulebook, clock=house.clock, product_ids=ids)
    for offer in offers.values():
        if not _holds(offer, {"store_open"}):
            for slot in _slots(session, offer.product_id):
                vacate(session, rulebook, clock=house.clock, slot=slot, reason="store_open")


def _resume(session: Session, house: House, program: str, product_ids: Sequence[int]) -> None:
    offers = gather_offers(
        session, house.rulebook(program), clock=house.clock, product_ids=product_ids
    )
    for offer in offers.values():
        if not _holds(offer, {"product_live", "objection_window", "enrolled", "store_open"}):
            continue
        for slot in _slots(session, offer.product_id):
            in_time = slot.held_until is None or slot.held_until > house.clock.now()
            if slot.status is SlotStatus.HELD and in_time:
                slot.status = SlotStatus.ACTIVE
                slot.held_until = None


def _holds(offer: Offer, criteria: set[str]) -> bool:
    return all(line.ok for line in offer.lines if line.key in criteria)


def _slotted(session: Session, condition: sa.ColumnElement[bool]) -> list[int]:
    return list(
        session.execute(
            sa.select(col(Slot.product_id))
            .join(Product, col(Product.id) == col(Slot.product_id))
            .where(condition, col(Slot.status) != SlotStatus.REMOVED)
            .distinct()
            .order_by(col(Slot.product_id))
        ).scalars()
    )


def _slots(session: Session, product_id: int) -> list[Slot]:
    return list(
        session.execute(
            select(Slot)
            .where(Slot.product_id == product_id, col(Slot.status) != SlotStatus.REMOVED)
            .order_by(col(Slot.id))
        ).scalars()
    )
