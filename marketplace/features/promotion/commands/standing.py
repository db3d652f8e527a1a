"""What all changes of slots share: the standing slots, the draft, removal, the trail."""

from __future__ import annotations

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound, Refused
from marketplace.features.promotion.kinds import (
    CollectionStatus,
    SlotKind,
    SlotStatus,
)
from marketplace.features.promotion.tables import Collection, Slot


def standing_slots(session: Session, collection_id: int) -> list[Slot]:
    """Return the slots of a collection that have not been removed, in order."""
    return list(
        session.execute(
            select(Slot)
            .where(Slot.collection_id == collection_id, Slot.status != SlotStatus.REMOVED)
            .order_by(col(Slot.kind) == SlotKind.RESERVE, col(Slot.position))
        ).scalars()
    )


def load_draft(session: Session, who: Actor, action: str, collection_id: int) -> Collection:
    """Return a collection that may still be arranged, to somebody who may do the action.

    Raises:
        NotAllowed: before anything of the collection is told.
        NotFound: when there is none, or this actor may not know of it.
        Refused: once it is published or withdrawn.
    """
    row = session.get(Collection, collection_id)
    require(who, action, Scope(program=row.program if row else None))
    if row is None:
        raise NotFound("collection_not_found", collection_id=collection_id)
    if row.status is not CollectionStatus.DRAFT:
        raise Refused("collection_fixed", status=row.status.value)
    return row


def take_out(clock: Clock, slot: Slot, reason: str) -> None:
    """Mark a slot removed; it stays as history."""
    slot.status = SlotStatus.REMOVED
    slot.removed_at = clock.now()
    slot.removed_reason = reason


def leave_trail(
    session: Session,
    clock: Clock,
    who: Actor,
    action: str,
    row: Collection,
    *,
    reason: str | None = None,
    facts: dict[str, object] | None = None,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """Record what was done to a collection."""
    audit.record(
        session,
        clock=clock,
        actor=who,
        action=action,
        subject=f"collection:{row.key}",
        program=row.program,
        reason=reason,
        facts=facts,
        before=before,
        after=after,
    )
