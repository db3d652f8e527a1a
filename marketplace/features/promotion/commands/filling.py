"""Fills open slots and reserves by rotation, as one act that can be undone."""

from __future__ import annotations

from collections import Counter

from sqlmodel import Session, select

from marketplace.base.access import Actor
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Product
from marketplace.features.promotion import rules
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
from marketplace.features.promotion.queries.gathering import Offer, gather_offers
from marketplace.features.promotion.tables import Collection, Fill, Slot


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
    row = load_draft(session, actor, "promotion.fill_by_rotation", collection_id)
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
    leave_trail(
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
    row = load_draft(session, actor, "promotion.undo_fill", fill.collection_id)
    if fill.undone_at is not None:
        raise Refused("decided_already")
    fill.undone_at = clock.now()
    slots = [s for s in standing_slots(session, row.key) if s.fill_id == fill_id]
    for slot in slots:
        take_out(clock, slot, "fill_undone")
    leave_trail(
        session, clock, actor, "promotion.undo_fill", row,
        facts={"fill_id": fill_id, "slots": len(slots)},
    )  # fmt: skip
    return len(slots)


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
