"""Pins, moves and removes products by hand; a pin has a reason."""

from __future__ import annotations

from collections import Counter

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.promotion.commands.standing import (
    leave_trail,
    load_draft,
    standing_slots,
    take_out,
)
from marketplace.features.promotion.kinds import (
    SlotKind,
    SlotStatus,
)
from marketplace.features.promotion.queries.gathering import gather_offers
from marketplace.features.promotion.tables import Slot


def pin_product(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    collection_id: int,
    product_id: int,
    position: int,
    reason: str,
) -> int:
    """Put a product into a slot by hand, with a reason; return the slot. `position` is 0-based.

    Raises:
        Refused: a slot that is taken or does not exist, a product that may not be featured or is
            there already, the group's cap reached, or no reason.
    """
    row = load_draft(session, actor, "promotion.pin_product", collection_id)
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    if not 0 <= position < row.slot_count:
        raise Refused("slot_not_there", position=position + 1)
    standing = standing_slots(session, collection_id)
    shown = [s for s in standing if s.kind is not SlotKind.RESERVE]
    if any(s.position == position for s in shown):
        raise Refused("slot_taken", position=position + 1)
    for reserve in standing:
        if reserve.product_id == product_id:
            if reserve.kind is not SlotKind.RESERVE:
                raise Refused("product_there")
            take_out(clock, reserve, "pinned")
    offers = gather_offers(
        session,
        rulebook,
        clock=clock,
        product_ids=[product_id, *(s.product_id for s in shown)],
        within=row.category,
    )
    offer = offers.get(product_id)
    if offer is None:
        raise NotFound("product_not_found", product_id=product_id)
    if not offer.eligible:
        line = next(line for line in offer.lines if not line.ok)
        raise Refused("not_eligible", criterion=line.key, **dict(line.facts))
    held = Counter(offers[s.product_id].facts.group for s in shown)
    if held[offer.facts.group] >= row.cap_per_group:
        raise Refused("group_cap", cap=row.cap_per_group)
    session.flush()
    slot = Slot(
        collection_id=collection_id,
        product_id=product_id,
        position=position,
        kind=SlotKind.PINNED,
        status=SlotStatus.ACTIVE,
        reason=normalize_prose(reason),
        placed_by=actor.account_id,
        placed_at=clock.now(),
    )
    session.add(slot)
    session.flush()
    leave_trail(
        session, clock, actor, "promotion.pin_product", row, reason=slot.reason,
        facts={"product_id": product_id, "position": position + 1},
    )  # fmt: skip
    return slot.key


def remove_slot(session: Session, *, clock: Clock, actor: Actor, slot_id: int) -> None:
    """Take a product out of a draft's slot."""
    slot = session.get(Slot, slot_id)
    if slot is None:
        raise NotFound("slot_not_found", slot_id=slot_id)
    row = load_draft(session, actor, "promotion.remove_slot", slot.collection_id)
    if slot.status is SlotStatus.REMOVED:
        return
    take_out(clock, slot, "by_hand")
    leave_trail(
        session, clock, actor, "promotion.remove_slot", row,
        facts={"product_id": slot.product_id, "position": slot.position + 1},
    )  # fmt: skip


def move_slot(
    session: Session, *, clock: Clock, actor: Actor, slot_id: int, position: int
) -> None:
    """Move a product to another slot of a draft; what stands there changes places with it."""
    slot = session.get(Slot, slot_id)
    if slot is None or slot.status is SlotStatus.REMOVED or slot.kind is SlotKind.RESERVE:
        raise NotFound("slot_not_found", slot_id=slot_id)
    row = load_draft(session, actor, "promotion.move_slot", slot.collection_id)
    if not 0 <= position < row.slot_count:
        raise Refused("slot_not_there", position=position + 1)
    if slot.position == position:
        return
    before = slot.position
    other = next(
        (
            s
            for s in standing_slots(session, row.key)
            if s.position == position and s.kind is not SlotKind.RESERVE
        ),
        None,
    )
    if other is not None:
        other.position = (
            -1 - other.key
        )  # parked: two slots never share a place, not even briefly
        session.flush()
    slot.position = position
    session.flush()
    if other is not None:
        other.position = before
    leave_trail(
        session, clock, actor, "promotion.move_slot", row,
        before={"position": before + 1}, after={"position": position + 1},
    )  # fmt: skip
