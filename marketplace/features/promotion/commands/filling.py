"""Fills open slots and reserves by rotation, as one act that can be undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.features.promotion.commands.ranking import refresh_ranks
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
from marketplace.features.promotion.queries.rotation import Drawn, draw_by_rotation
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
    there = {s.product_id for s in standing}
    known = gather_offers(session, rulebook, clock=clock, product_ids=sorted(there))
    taken = Counter(known[s.product_id].facts.group for s in shown)
    drawn = _draw(
        session, rulebook, clock, row, seed=seed, taken=taken, there=there,
        open_slots=len(free), spares=wanted_reserves,
    )  # fmt: skip
    if not drawn.chosen and not drawn.spare:
        raise Refused("nobody_eligible")
    fill = Fill(
        collection_id=collection_id,
        seed=seed,
        filled_by=actor.account_id,
        filled_at=clock.now(),
        inputs={
            "looked_at": list(drawn.looked_at),
            "bowls": drawn.bowls,
            "cap": row.cap_per_group,
        },
    )
    session.add(fill)
    session.flush()
    for position, product_id in zip(free, drawn.chosen, strict=False):
        _place(session, clock, actor, row, fill, product_id, position, SlotKind.ROTATION)
    base = max((s.position for s in reserves), default=-1) + 1
    for i, product_id in enumerate(drawn.spare):
        _place(session, clock, actor, row, fill, product_id, base + i, SlotKind.RESERVE)
    leave_trail(
        session, clock, actor, "promotion.fill_by_rotation", row,
        facts={"fill_id": fill.key, "seed": seed, "slots": len(drawn.chosen),
               "reserves": len(drawn.spare)},
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


def _draw(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    row: Collection,
    *,
    seed: int,
    taken: Mapping[int, int],
    there: AbstractSet[int],
    open_slots: int,
    spares: int,
) -> Drawn:
    """Draw, and ask the rules about what was drawn; draw again where a kept row was behind."""
    without = set(there)
    while True:
        drawn = draw_by_rotation(
            session, rulebook, clock=clock, seed=seed, category=row.category,
            shown_from=row.starts_at, open_slots=open_slots, spares=spares, cap_per_group=row.cap_per_group,
            taken=taken, without=without,
        )  # fmt: skip
        ids = [*drawn.chosen, *drawn.spare]
        offers = gather_offers(
            session, rulebook, clock=clock, product_ids=ids, within=row.category
        )
        behind = [i for i in ids if i not in offers or not offers[i].eligible]
        if not behind:
            return drawn
        refresh_ranks(session, row.program, clock=clock, product_ids=behind)
        without.update(behind)


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
