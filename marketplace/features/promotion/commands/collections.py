"""Creates, changes, publishes and withdraws featured collections."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.jobs import enqueue
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.promotion import rules
from marketplace.features.promotion.events import CollectionPublished, CollectionWithdrawn
from marketplace.features.promotion.kinds import CollectionStatus, SlotKind, SlotStatus
from marketplace.features.promotion.queries.gathering import gather_offers
from marketplace.features.promotion.tables import Collection, Slot

_TITLES = ("title_zh", "title_en")
_LONGEST = {"title_zh": 80, "title_en": 120, "intro_zh": 500, "intro_en": 1_000}  # the columns'
_MOST_SLOTS = 200


def create_collection(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    title_zh: str,
    title_en: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    slot_count: int | None,
    category: str | None = None,
    intro_zh: str | None = None,
    intro_en: str | None = None,
) -> int:
    """Begin a collection; the cap per operator's group comes from the program file.

    Raises:
        Invalid: with every fault at once, by field; what a form left empty comes as None.
    """
    program = rulebook.program.key
    require(actor, "promotion.create_collection", Scope(program=program))
    told = _sound(
        rulebook, title_zh=title_zh, title_en=title_en, intro_zh=intro_zh, intro_en=intro_en,
        category=category, starts_at=starts_at, ends_at=ends_at, slot_count=slot_count,
    )  # fmt: skip
    row = Collection(
        program=program,
        slug=_free_slug(session, title_en),
        status=CollectionStatus.DRAFT,
        **told,
        cap_per_group=rulebook.featuring.cap_per_group,
        created_by=actor.account_id,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _trail(
        session, clock, actor, "promotion.create_collection", row,
        after={"title_zh": row.title_zh, "slot_count": row.slot_count, "starts_at": row.starts_at},
    )  # fmt: skip
    return row.key


def edit_collection(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    collection_id: int,
    title_zh: str,
    title_en: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    slot_count: int | None,
    category: str | None,
    intro_zh: str | None,
    intro_en: str | None,
) -> bool:
    """Change a draft; False when nothing differs.

    What stands in a slot and is of another category than the changed draft fails there, and is
    taken out by hand: nothing leaves a slot unseen.

    Raises:
        Invalid: with every fault at once, by field.
        Refused: once published, or with fewer slots than are taken.
    """
    row = _load(session, collection_id)
    require(actor, "promotion.edit_collection", Scope(program=row.program))
    if row.status is not CollectionStatus.DRAFT:
        raise Refused("collection_fixed", status=row.status.value)
    after = _sound(
        rulebook, title_zh=title_zh, title_en=title_en, intro_zh=intro_zh, intro_en=intro_en,
        category=category, starts_at=starts_at, ends_at=ends_at, slot_count=slot_count,
    )  # fmt: skip
    highest = session.execute(
        select(Slot.position)
        .where(
            Slot.collection_id == collection_id,
            Slot.status != SlotStatus.REMOVED,
            Slot.kind != SlotKind.RESERVE,
        )
        .order_by(col(Slot.position).desc())
    ).scalar()
    if highest is not None and highest >= after["slot_count"]:
        raise Refused("slots_taken", position=int(highest) + 1)
    before = {f: getattr(row, f) for f in after}
    if before == after:
        return False
    for field, value in after.items():
        setattr(row, field, value)
    _trail(session, clock, actor, "promotion.edit_collection", row, before=before, after=after)
    return True


def publish_collection(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor, collection_id: int
) -> None:
    """Publish a collection after checking every slot once more; re-checks are set for later.

    Raises:
        Refused: not a draft, ended already, empty, with slots that may not be featured, or with
            more of one group than the collection takes.
    """
    row = _load(session, collection_id)
    require(actor, "promotion.publish_collection", Scope(program=row.program))
    if row.status is not CollectionStatus.DRAFT:
        raise Refused("collection_fixed", status=row.status.value)
    if row.ends_at <= clock.now():
        raise Refused("collection_over")
    slots = list(
        session.execute(
            select(Slot)
            .where(
                Slot.collection_id == collection_id,
                Slot.status == SlotStatus.ACTIVE,
                Slot.kind != SlotKind.RESERVE,
            )
            .order_by(col(Slot.position))
        ).scalars()
    )
    if not slots:
        raise Refused("collection_empty")
    offers = gather_offers(
        session, rulebook, clock=clock, product_ids=[s.product_id for s in slots],
        within=row.category,
    )  # fmt: skip
    failing = sorted(s.position + 1 for s in slots if not offers[s.product_id].eligible)
    if failing:
        raise Refused("slots_not_eligible", positions=failing, count=len(failing))
    # Firms may have become one group since their products were put in.
    standing = [offers[s.product_id].facts.group for s in slots]
    _fit, over = rules.within_cap([], standing, cap=row.cap_per_group)
    if over:
        positions = sorted(slots[n].position + 1 for n in over)
        raise Refused("slots_over_cap", positions=positions, cap=row.cap_per_group)
    row.status = CollectionStatus.PUBLISHED
    row.published_by = actor.account_id
    row.published_at = clock.now()
    for kind, hours in zip(("t24", "t1"), rulebook.featuring.recheck_hours, strict=True):
        at = row.starts_at - timedelta(hours=hours)
        if at > clock.now():
            enqueue(
                session,
                clock=clock,
                kind="promotion.recheck",
                token=f"recheck:{row.key}:{kind}:{row.version}",
                payload={"collection_id": row.key, "kind": kind},
                run_after=at,
            )
    _trail(
        session, clock, actor, "promotion.publish_collection", row, after={"slots": len(slots)}
    )
    announce(session, CollectionPublished(row.key, row.program))


def withdraw_collection(
    session: Session, *, clock: Clock, actor: Actor, collection_id: int, reason: str
) -> None:
    """Take a published collection off at once."""
    row = _load(session, collection_id)
    require(actor, "promotion.withdraw_collection", Scope(program=row.program))
    if row.status is not CollectionStatus.PUBLISHED:
        raise Refused("collection_fixed", status=row.status.value)
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    row.status = CollectionStatus.WITHDRAWN
    _trail(
        session,
        clock,
        actor,
        "promotion.withdraw_collection",
        row,
        reason=normalize_prose(reason),
    )
    announce(session, CollectionWithdrawn(row.key, row.program))


def _sound(
    rulebook: Rulebook,
    *,
    category: str | None,
    starts_at: datetime | None,
    ends_at: datetime | None,
    slot_count: int | None,
    **texts: str | None,
) -> dict[str, Any]:
    """Return what a collection says of itself as it is kept, by column."""
    told = {name: normalize_prose(text or "") for name, text in texts.items()}
    faults = []
    for name, longest in _LONGEST.items():
        if not told[name] and name in _TITLES:
            faults.append(Fault(name, "field_missing"))
        elif len(told[name]) > longest:
            faults.append(Fault(name, "text_too_long", {"longest": longest}))
    if category not in {None, *(c.key for c in rulebook.product.categories)}:
        faults.append(Fault("category", "category_not_there"))
    if starts_at is None:
        faults.append(Fault("starts_at", "field_missing"))
    if ends_at is None:
        faults.append(Fault("ends_at", "field_missing"))
    elif starts_at is not None and ends_at <= starts_at:
        faults.append(Fault("ends_at", "ends_before_it_starts"))
    if slot_count is None or not 1 <= slot_count <= _MOST_SLOTS:
        bounds = {"low": 1, "high": _MOST_SLOTS}
        faults.append(Fault("slot_count", "number_out_of_range", bounds))
    if faults:
        raise Invalid(faults)
    return {
        **{name: text if name in _TITLES else text or None for name, text in told.items()},
        "category": category,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "slot_count": slot_count,
    }


def _free_slug(session: Session, title: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", normalize(title).lower()).strip("-")[:60] or "collection"
    taken = set(
        session.execute(
            select(Collection.slug).where(
                col(Collection.slug).startswith(base, autoescape=True)
            )
        ).scalars()
    )
    slug, n = base, 2
    while slug in taken:
        slug, n = f"{base}-{n}", n + 1
    return slug


def _load(session: Session, collection_id: int) -> Collection:
    row = session.get(Collection, collection_id)
    if row is None:
        raise NotFound("collection_not_found", collection_id=collection_id)
    return row


def _trail(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    row: Collection,
    *,
    reason: str | None = None,
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
        before=before,
        after=after,
    )
