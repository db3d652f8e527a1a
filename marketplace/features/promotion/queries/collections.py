"""Reads collections; the public sees only slots whose product is live at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, narrow, require
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound
from marketplace.base.files.tables import StoredFile
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog.queries.public import PublicProduct, products_by_id
from marketplace.features.promotion.kinds import CollectionStatus, SlotKind, SlotStatus
from marketplace.features.promotion.queries.gathering import Offer, gather_offers
from marketplace.features.promotion.tables import Collection, Fill, Slot


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """A collection with how full it is; `last_fill_id` is the fill that can be undone."""

    collection_id: int
    program: str
    slug: str
    title_zh: str
    title_en: str
    intro_zh: str | None
    intro_en: str | None
    category: str | None
    status: CollectionStatus
    starts_at: datetime
    ends_at: datetime
    slot_count: int
    cap_per_group: int
    filled: int
    reserves: int
    last_fill_id: int | None


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One slot with its offer."""

    slot_id: int
    position: int
    kind: SlotKind
    status: SlotStatus
    reason: str | None
    held_until: datetime | None
    offer: Offer

    @property
    def is_exported(self) -> bool:
        """Whether it goes out with its collection: standing, no reserve, and to be shown now."""
        return (
            self.kind is not SlotKind.RESERVE
            and self.status is SlotStatus.ACTIVE
            and self.offer.eligible
        )


@dataclass(frozen=True, slots=True)
class PublicCollection:
    """A collection as the public sees it, in slot order."""

    slug: str
    title_zh: str
    title_en: str
    intro_zh: str | None
    intro_en: str | None
    starts_at: datetime
    ends_at: datetime
    cap_per_group: int
    products: tuple[PublicProduct, ...]


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One line of a collection's export."""

    position: int
    platform: str
    item_no: str
    url: str
    brand: str
    name: str
    price_fen: int
    code: str
    valid_until: str
    picture: str
    picture_form: str


def list_collections(session: Session, actor: Actor, *, program: str) -> list[CollectionRow]:
    """Return collections, the latest starting first."""
    rows = session.execute(
        select(Collection)
        .where(
            Collection.program == program,
            *narrow(
                actor,
                "promotion.list_collections",
                program_column=Collection.program,
                district_column=None,
                operator_column=None,
            ),
        )
        .order_by(col(Collection.starts_at).desc(), col(Collection.id).desc())
    ).scalars()
    return [_row(session, c) for c in list(rows)]


def get_collection(session: Session, actor: Actor, *, collection_id: int) -> CollectionRow:
    """Return one collection.

    Raises:
        NotFound: when there is none.
    """
    found = session.get(Collection, collection_id)
    if found is None:
        raise NotFound("collection_not_found", collection_id=collection_id)
    require(actor, "promotion.get_collection", Scope(program=found.program))
    return _row(session, found)


def list_slots(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, collection_id: int
) -> list[SlotRow]:
    """Return a collection's standing slots, then its reserves, each with its offer."""
    found = session.get(Collection, collection_id)
    if found is None:
        raise NotFound("collection_not_found", collection_id=collection_id)
    require(actor, "promotion.list_slots", Scope(program=found.program))
    slots = list(
        session.execute(
            select(Slot)
            .where(Slot.collection_id == collection_id, Slot.status != SlotStatus.REMOVED)
            .order_by(col(Slot.kind) == SlotKind.RESERVE, col(Slot.position))
        ).scalars()
    )
    offers = gather_offers(
        session, rulebook, clock=clock, product_ids=[s.product_id for s in slots],
        within=found.category,
    )  # fmt: skip
    return [
        SlotRow(
            slot_id=s.key,
            position=s.position,
            kind=s.kind,
            status=s.status,
            reason=s.reason,
            held_until=s.held_until,
            offer=offers[s.product_id],
        )
        for s in slots
    ]


def export_collection(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, collection_id: int
) -> list[ExportRow]:
    """Return IDs, links and pictures of the slots that may be shown now.

    One taken off or over shows nothing any more: it gives nothing to feature either.
    """
    slots = list_slots(session, actor, rulebook, clock=clock, collection_id=collection_id)
    require(actor, "promotion.export_collection", Scope(program=rulebook.program.key))
    row = session.get_one(Collection, collection_id)
    if row.status is CollectionStatus.WITHDRAWN or row.ends_at <= clock.now():
        return []
    forms = _picture_forms(session, {s.offer.picture for s in slots if s.offer.picture})
    return [
        ExportRow(
            position=s.position + 1,
            platform=s.offer.platform or "",
            item_no=s.offer.item_no or "",
            url=s.offer.url or "",
            brand=s.offer.brand_name,
            name=s.offer.name_zh,
            price_fen=s.offer.price_fen or 0,
            code=s.offer.code or "",
            valid_until=s.offer.valid_until or "",
            picture=s.offer.picture or "",
            picture_form=forms.get(s.offer.picture or "", ""),
        )
        for s in slots
        if s.is_exported
    ]


def _picture_forms(session: Session, shas: set[str]) -> dict[str, str]:
    """Return how each picture is kept, as the end of a file's name."""
    rows = session.execute(
        select(StoredFile.sha256, StoredFile.media_type).where(col(StoredFile.sha256).in_(shas))
    ).all()
    return {sha: str(kind).rpartition("/")[2].replace("jpeg", "jpg") for sha, kind in rows}


def list_public_collections(
    session: Session, actor: Actor, *, clock: Clock, program: str | None = None
) -> list[PublicCollection]:
    """Return the collections that are on now, the latest first, without empty ones."""
    require(actor, "promotion.list_public_collections", Scope(program=program))
    now = clock.now()
    statement = (
        select(Collection)
        .where(
            Collection.status == CollectionStatus.PUBLISHED,
            Collection.starts_at <= now,
            Collection.ends_at > now,
        )
        .order_by(col(Collection.starts_at).desc(), col(Collection.id).desc())
    )
    if program is not None:
        statement = statement.where(Collection.program == program)
    found = [_public(session, clock, c) for c in list(session.execute(statement).scalars())]
    return [c for c in found if c.products]


def get_public_collection(
    session: Session, actor: Actor, *, clock: Clock, slug: str
) -> PublicCollection:
    """Return a collection that is on now.

    Raises:
        NotFound: when none is.
    """
    require(actor, "promotion.get_public_collection", Scope())
    found = [c for c in list_public_collections(session, actor, clock=clock) if c.slug == slug]
    if not found:
        raise NotFound("collection_not_public", slug=slug)
    return found[0]


def get_collection_preview(
    session: Session, actor: Actor, *, clock: Clock, collection_id: int
) -> PublicCollection:
    """Return a collection as the public would see it now, whether or not it is on.

    Raises:
        NotFound: when there is none.
    """
    found = session.get(Collection, collection_id)
    require(
        actor,
        "promotion.get_collection_preview",
        Scope(program=found.program if found else None),
    )
    if found is None:
        raise NotFound("collection_not_found", collection_id=collection_id)
    return _public(session, clock, found)


def _public(session: Session, clock: Clock, c: Collection) -> PublicCollection:
    ids = [
        int(i)
        for i in session.execute(
            select(Slot.product_id)
            .where(
                Slot.collection_id == c.key,
                Slot.status == SlotStatus.ACTIVE,
                Slot.kind != SlotKind.RESERVE,
            )
            .order_by(col(Slot.position))
        ).scalars()
    ]
    live = products_by_id(session, clock=clock, product_ids=ids)
    return PublicCollection(
        slug=c.slug,
        title_zh=c.title_zh,
        title_en=c.title_en,
        intro_zh=c.intro_zh,
        intro_en=c.intro_en,
        starts_at=c.starts_at,
        ends_at=c.ends_at,
        cap_per_group=c.cap_per_group,
        products=tuple(live[i] for i in ids if i in live),
    )


def _row(session: Session, c: Collection) -> CollectionRow:
    counted = {
        kind: int(count)
        for kind, count in session.execute(
            select(Slot.kind, sa.func.count())
            .where(Slot.collection_id == c.key, Slot.status != SlotStatus.REMOVED)
            .group_by(col(Slot.kind))
        ).all()
    }
    last_fill = session.execute(
        select(Fill.id)
        .where(Fill.collection_id == c.key, col(Fill.undone_at).is_(None))
        .order_by(col(Fill.id).desc())
    ).scalar()
    reserves = counted.get(SlotKind.RESERVE, 0)
    return CollectionRow(
        collection_id=c.key,
        program=c.program,
        slug=c.slug,
        title_zh=c.title_zh,
        title_en=c.title_en,
        intro_zh=c.intro_zh,
        intro_en=c.intro_en,
        category=c.category,
        status=c.status,
        starts_at=c.starts_at,
        ends_at=c.ends_at,
        slot_count=c.slot_count,
        cap_per_group=c.cap_per_group,
        filled=sum(counted.values()) - reserves,
        reserves=reserves,
        last_fill_id=last_fill,
    )
