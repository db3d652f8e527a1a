"""Keeps slots true after publishing: re-checks, holds, replacements from reserves."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlmodel import Session, col, select

from marketplace.base.access import SYSTEM, Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.db import announce
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.features.promotion.commands.standing import (
    leave_trail,
    standing_slots,
    take_out,
)
from marketplace.features.promotion.events import OfferChanged, SlotVacated
from marketplace.features.promotion.kinds import (
    CollectionStatus,
    RecheckKind,
    SlotKind,
    SlotStatus,
)
from marketplace.features.promotion.queries.gathering import gather_offers
from marketplace.features.promotion.tables import Collection, Recheck, Slot


def run_recheck(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    collection_id: int,
    kind: RecheckKind,
    actor: Actor = SYSTEM,
) -> int:
    """Check every slot before the opening; return how many were replaced or emptied. Once."""
    row = session.get(Collection, collection_id)
    if row is None:
        raise NotFound("collection_not_found", collection_id=collection_id)
    require(actor, "promotion.run_recheck", Scope(program=row.program))
    done = session.execute(
        select(Recheck.id).where(Recheck.collection_id == collection_id, Recheck.kind == kind)
    ).first()
    if done is not None or row.status is not CollectionStatus.PUBLISHED:
        return 0
    vacated = []
    # A held slot waits for its decision; its own hours end it, not a re-check.
    shown = [
        slot
        for slot in standing_slots(session, collection_id)
        if slot.kind is not SlotKind.RESERVE and slot.status is not SlotStatus.HELD
    ]
    offers = gather_offers(
        session, rulebook, clock=clock, product_ids=[slot.product_id for slot in shown],
        within=row.category,
    )  # fmt: skip
    for slot in shown:
        offer = offers.get(slot.product_id)
        if offer is None or not offer.eligible:
            vacated.append(slot.product_id)
            vacate(session, rulebook, clock=clock, slot=slot, reason="recheck")
    session.add(
        Recheck(
            collection_id=collection_id,
            kind=kind,
            done_at=clock.now(),
            outcome={"vacated": vacated},
        )
    )
    leave_trail(
        session, clock, actor, "promotion.run_recheck", row,
        facts={"kind": kind, "vacated": vacated},
    )  # fmt: skip
    return len(vacated)


def release_held_slots(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor = SYSTEM
) -> int:
    """Give up slots held longer than the program allows; return how many."""
    program = rulebook.program.key
    require(actor, "promotion.release_held_slots", Scope(program=program))
    due = session.execute(
        select(Slot)
        .join(Collection, col(Collection.id) == col(Slot.collection_id))
        .where(
            Collection.program == program,
            Slot.status == SlotStatus.HELD,
            col(Slot.held_until) <= clock.now(),
        )
    ).scalars()
    count = 0
    for slot in list(due):
        vacate(session, rulebook, clock=clock, slot=slot, reason="hold_over")
        count += 1
    return count


def vacate(
    session: Session, rulebook: Rulebook, *, clock: Clock, slot: Slot, reason: str
) -> None:
    """Empty a slot and put the first fitting reserve there; for reactions and re-checks."""
    row = session.get(Collection, slot.collection_id)
    if row is None or slot.status is SlotStatus.REMOVED:
        return
    position, product_id = slot.position, slot.product_id
    take_out(clock, slot, reason)
    session.flush()
    replacement = None
    if slot.kind is not SlotKind.RESERVE:
        replacement = _promote_reserve(session, rulebook, clock, row, position)
    leave_trail(
        session, clock, SYSTEM, "promotion.vacate_slot", row,
        facts={"product_id": product_id, "position": position + 1, "reason": reason,
               "replacement": replacement},
    )  # fmt: skip
    announce(session, SlotVacated(row.key, slot.key, product_id, row.program, reason))
    if replacement is not None:
        announce(session, OfferChanged((replacement,), row.program))


def hold(session: Session, rulebook: Rulebook, *, clock: Clock, slot: Slot) -> None:
    """Keep a slot for its product for the program's hours; nothing is shown meanwhile."""
    row = session.get(Collection, slot.collection_id)
    if row is None or slot.status is not SlotStatus.ACTIVE:
        return
    slot.status = SlotStatus.HELD
    slot.held_until = clock.now() + timedelta(hours=rulebook.featuring.hold_hours)
    leave_trail(
        session, clock, SYSTEM, "promotion.hold_slot", row,
        facts={"product_id": slot.product_id, "position": slot.position + 1},
    )  # fmt: skip


def _promote_reserve(
    session: Session, rulebook: Rulebook, clock: Clock, row: Collection, position: int
) -> int | None:
    standing = standing_slots(session, row.key)
    offers = gather_offers(
        session, rulebook, clock=clock, product_ids=[s.product_id for s in standing],
        within=row.category,
    )  # fmt: skip
    shown = [s for s in standing if s.kind is not SlotKind.RESERVE]
    taken = Counter(offers[s.product_id].facts.group for s in shown)
    for reserve in standing:
        offer = offers[reserve.product_id]
        fits = offer.eligible and taken[offer.facts.group] < row.cap_per_group
        if reserve.kind is SlotKind.RESERVE and fits:
            reserve.kind = SlotKind.ROTATION
            reserve.position = position
            session.flush()
            return reserve.product_id
    return None
