"""Fills slots: pins with a reason, rotation in one undoable act, replacements from reserves."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import SYSTEM, Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.db import announce
from marketplace.base.errors import NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Product
from marketplace.features.promotion import rules
from marketplace.features.promotion.events import SlotVacated
from marketplace.features.promotion.kinds import (
    CollectionStatus,
    RecheckKind,
    SlotKind,
    SlotStatus,
)
from marketplace.features.promotion.queries.offers import Offer, gather_offers
from marketplace.features.promotion.tables import Collection, Fill, Recheck, Slot


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
    row = _load_draft(session, actor, "promotion.pin_product", collection_id)
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
            _remove(clock, reserve, "pinned")
    offers = gather_offers(
        session,
        rulebook,
        clock=clock,
        product_ids=[product_id, *(s.product_id for s in shown)],
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
        reason=normalize(reason),
        placed_by=actor.account_id,
        placed_at=clock.now(),
    )
    session.add(slot)
    session.flush()
    _trail(
        session, clock, actor, "promotion.pin_product", row, reason=slot.reason,
        facts={"product_id": product_id, "position": position + 1},
    )  # fmt: skip
    return slot.key


def remove_slot(session: Session, *, clock: Clock, actor: Actor, slot_id: int) -> None:
    """Take a product out of a draft's slot."""
    slot = session.get(Slot, slot_id)
    if slot is None:
        raise NotFound("slot_not_found", slot_id=slot_id)
    row = _load_draft(session, actor, "promotion.remove_slot", slot.collection_id)
    if slot.status is SlotStatus.REMOVED:
        return
    _remove(clock, slot, "by_hand")
    _trail(
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
    row = _load_draft(session, actor, "promotion.move_slot", slot.collection_id)
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
    _trail(
        session, clock, actor, "promotion.move_slot", row,
        before={"position": before + 1}, after={"position": position + 1},
    )  # fmt: skip


def fill_by_rotation(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    collection_id: int,
    seed: int,
) -> int:
    """Fill every open slot and the reserves by rotation, as one act; return the fill.

    Raises:
        Refused: when nothing is open or nobody is eligible.
    """
    row = _load_draft(session, actor, "promotion.fill_by_rotation", collection_id)
    standing = standing_slots(session, collection_id)
    shown = [s for s in standing if s.kind is not SlotKind.RESERVE]
    reserves = [s for s in standing if s.kind is SlotKind.RESERVE]
    free = [p for p in range(row.slot_count) if p not in {s.position for s in shown}]
    wanted_reserves = rulebook.featuring.reserves - len(reserves)
    if not free and wanted_reserves <= 0:
        raise Refused("nothing_open")
    offers = _candidates(session, rulebook, clock, row)
    there = {s.product_id for s in standing}
    known = gather_offers(session, rulebook, clock=clock, product_ids=sorted(there))
    taken = Counter(known[s.product_id].facts.group for s in shown)
    pool = [o.facts for o in offers if o.product_id not in there]
    chosen = rules.choose(
        pool, seed=seed, open_slots=len(free), taken=taken, cap_per_group=row.cap_per_group
    )
    rest = [f for f in rules.rotation_order(pool, seed) if f not in chosen]
    spare = rest[: max(wanted_reserves, 0)]
    if not chosen and not spare:
        raise Refused("nobody_eligible")
    fill = Fill(
        collection_id=collection_id,
        seed=seed,
        filled_by=actor.account_id,
        filled_at=clock.now(),
        inputs={"pool": sorted(f.product_id for f in pool), "cap": row.cap_per_group},
    )
    session.add(fill)
    session.flush()
    for position, facts in zip(free, chosen, strict=False):
        _place(session, clock, actor, row, fill, facts.product_id, position, SlotKind.ROTATION)
    base = max((s.position for s in reserves), default=-1) + 1
    for i, facts in enumerate(spare):
        _place(session, clock, actor, row, fill, facts.product_id, base + i, SlotKind.RESERVE)
    _trail(
        session, clock, actor, "promotion.fill_by_rotation", row,
        facts={"fill_id": fill.key, "seed": seed, "slots": len(chosen), "reserves": len(spare)},
    )  # fmt: skip
    return fill.key


def undo_fill(session: Session, *, clock: Clock, actor: Actor, fill_id: int) -> int:
    """Take back one rotation act whole; return how many slots it frees.

    Raises:
        Refused: once published, or undone already.
    """
    fill = session.get(Fill, fill_id)
    if fill is None:
        raise NotFound("fill_not_found", fill_id=fill_id)
    row = _load_draft(session, actor, "promotion.undo_fill", fill.collection_id)
    if fill.undone_at is not None:
        raise Refused("decided_already")
    fill.undone_at = clock.now()
    slots = [s for s in standing_slots(session, row.key) if s.fill_id == fill_id]
    for slot in slots:
        _remove(clock, slot, "fill_undone")
    _trail(
        session, clock, actor, "promotion.undo_fill", row,
        facts={"fill_id": fill_id, "slots": len(slots)},
    )  # fmt: skip
    return len(slots)


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
    for slot in standing_slots(session, collection_id):
        # A held slot waits for its decision; its own hours end it, not a re-check.
        if slot.kind is SlotKind.RESERVE or slot.status is SlotStatus.HELD:
            continue
        offer = gather_offers(
            session, rulebook, clock=clock, product_ids=[slot.product_id]
        ).get(slot.product_id)
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
    _trail(
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
    _remove(clock, slot, reason)
    session.flush()
    replacement = None
    if slot.kind is not SlotKind.RESERVE:
        replacement = _promote_reserve(session, rulebook, clock, row, position)
    _trail(
        session, clock, SYSTEM, "promotion.vacate_slot", row,
        facts={"product_id": product_id, "position": position + 1, "reason": reason,
               "replacement": replacement},
    )  # fmt: skip
    announce(session, SlotVacated(row.key, slot.key, product_id, row.program, reason))


def hold(session: Session, rulebook: Rulebook, *, clock: Clock, slot: Slot) -> None:
    """Keep a slot for its product for the program's hours; nothing is shown meanwhile."""
    row = session.get(Collection, slot.collection_id)
    if row is None or slot.status is not SlotStatus.ACTIVE:
        return
    slot.status = SlotStatus.HELD
    slot.held_until = clock.now() + timedelta(hours=rulebook.featuring.hold_hours)
    _trail(
        session, clock, SYSTEM, "promotion.hold_slot", row,
        facts={"product_id": slot.product_id, "position": slot.position + 1},
    )  # fmt: skip


def standing_slots(session: Session, collection_id: int) -> list[Slot]:
    """Return the slots of a collection that have not been removed, in order."""
    return list(
        session.execute(
            select(Slot)
            .where(Slot.collection_id == collection_id, Slot.status != SlotStatus.REMOVED)
            .order_by(col(Slot.kind) == SlotKind.RESERVE, col(Slot.position))
        ).scalars()
    )


def _load_draft(session: Session, actor: Actor, action: str, collection_id: int) -> Collection:
    """Return a collection that may still be arranged, to somebody who may do the action.

    Raises:
        NotAllowed: before anything of the collection is told.
        NotFound: when there is none, or this actor may not know of it.
        Refused: once it is published or withdrawn.
    """
    row = session.get(Collection, collection_id)
    require(actor, action, Scope(program=row.program if row else None))
    if row is None:
        raise NotFound("collection_not_found", collection_id=collection_id)
    if row.status is not CollectionStatus.DRAFT:
        raise Refused("collection_fixed", status=row.status.value)
    return row


def _candidates(
    session: Session, rulebook: Rulebook, clock: Clock, row: Collection
) -> list[Offer]:
    ids = select(Product.id).where(
        Product.program == row.program, Product.status == Moderation.VERIFIED
    )
    if row.category is not None:
        ids = ids.where(Product.category == row.category)
    found = [int(i) for i in session.execute(ids).scalars() if i is not None]
    offers = gather_offers(session, rulebook, clock=clock, product_ids=found)
    return [o for o in offers.values() if o.eligible]


def _promote_reserve(
    session: Session, rulebook: Rulebook, clock: Clock, row: Collection, position: int
) -> int | None:
    standing = standing_slots(session, row.key)
    offers = gather_offers(
        session, rulebook, clock=clock, product_ids=[s.product_id for s in standing]
    )
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


def _place(
    session: Session,
    clock: Clock,
    actor: Actor,
    row: Collection,
    fill: Fill,
    product_id: int,
    position: int,
    kind: SlotKind,
) -> None:
    session.add(
        Slot(
            collection_id=row.key,
            product_id=product_id,
            position=position,
            kind=kind,
            status=SlotStatus.ACTIVE,
            fill_id=fill.key,
            placed_by=actor.account_id,
            placed_at=clock.now(),
        )
    )


def _remove(clock: Clock, slot: Slot, reason: str) -> None:
    slot.status = SlotStatus.REMOVED
    slot.removed_at = clock.now()
    slot.removed_reason = reason


def _trail(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    row: Collection,
    *,
    reason: str | None = None,
    facts: dict[str, object] | None = None,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"collection:{row.key}",
        program=row.program,
        reason=reason,
        facts=facts,
        before=before,
        after=after,
    )
