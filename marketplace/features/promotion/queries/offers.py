"""Answers which products may be featured, and pasted item numbers with yes, no and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.queries.facts import scope_of_product
from marketplace.features.catalog.tables import Product
from marketplace.features.promotion import rules
from marketplace.features.promotion.queries.gathering import Offer, gather_listed, gather_offers
from marketplace.features.promotion.tables import Collection, Listing
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import (
    Store,
)

MAX_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """The answer to one pasted item number: yes, no or unknown, and why.

    `platform` is told where several have given out the number: there is an answer for each then.
    """

    text: str
    answer: str
    why: str | None
    facts: dict[str, Any]
    offer: Offer | None
    platform: str | None = None


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A product on a platform."""

    listing_id: int
    product_id: int
    platform: str
    item_no: str
    url: str
    store_name: str
    store_status: StoreStatus
    price_fen: int
    stock: int
    stock_as_of: datetime
    ended: bool


def list_offers(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    category: str | None = None,
    only_eligible: bool = False,
) -> list[Offer]:
    """Return every product that was ever verified, eligible ones first, by rotation."""
    program = rulebook.program.key
    require(actor, "promotion.list_offers", Scope(program=program))
    ids = select(Product.id).where(Product.program == program, col(Product.code).is_not(None))
    if category is not None:
        ids = ids.where(Product.category == category)
    if only_eligible:
        ids = ids.where(Product.status == Moderation.VERIFIED)
    found = [int(i) for i in session.execute(ids).scalars() if i is not None]
    offers = gather_offers(session, rulebook, clock=clock, product_ids=found)
    ordered = rules.rotation_order([o.facts for o in offers.values()], 0)
    ranked = [offers[f.product_id] for f in ordered]
    kept = [o for o in ranked if o.eligible or not only_eligible]
    return sorted(kept, key=lambda o: not o.eligible)


def get_eligibility(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    product_id: int,
    collection_id: int | None = None,
) -> Offer:
    """Return a product with its eligibility line by line, for a collection where one is meant.

    Raises:
        NotFound: when there is no such product or collection, or this actor may not know of it.
    """
    require(actor, "promotion.get_eligibility", scope_of_product(session, product_id))
    within = _category_of(session, rulebook, collection_id)
    found = gather_offers(
        session, rulebook, clock=clock, product_ids=[product_id], within=within
    )
    if product_id not in found:
        raise NotFound("product_not_found", product_id=product_id)
    return found[product_id]


def check_items(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    item_numbers: Sequence[str],
    collection_id: int | None = None,
) -> list[ItemAnswer]:
    """Return yes, no or unknown for each pasted item number, in the order pasted.

    A number is answered by its own listing, not by the best one of its product; one that two
    platforms gave out is answered for each of them, what may be shown first. With a collection the
    answer is whether it may stand there: one bound to a category answers no to a product of
    another.

    Raises:
        NotFound: when there is no such collection in this program.
    """
    program = rulebook.program.key
    require(actor, "promotion.check_items", Scope(program=program))
    within = _category_of(session, rulebook, collection_id)
    wanted = [text.strip() for text in item_numbers if text.strip()][:MAX_ITEMS]
    listed = gather_listed(
        session, rulebook, clock=clock, item_numbers=sorted(set(wanted)), within=within
    )
    answers: list[ItemAnswer] = []
    seen: set[str] = set()
    for text in wanted:
        if text in seen:
            answers.append(ItemAnswer(text, "no", "item_repeated", {}, None))
            continue
        seen.add(text)
        answers += _answers(text, listed.get(text, ()))
    return answers


def list_listings(session: Session, actor: Actor, *, product_id: int) -> list[ListingRow]:
    """Return a product's platform listings."""
    require(actor, "promotion.list_listings", scope_of_product(session, product_id))
    rows = session.execute(
        select(Listing, Store.name, Store.status)
        .join(Store, col(Store.id) == col(Listing.store_id))
        .where(Listing.product_id == product_id)
        .order_by(col(Listing.id))
    ).all()
    return [
        ListingRow(
            listing_id=listing.key,
            product_id=product_id,
            platform=listing.platform,
            item_no=listing.item_no,
            url=listing.url,
            store_name=name,
            store_status=status,
            price_fen=listing.price_fen,
            stock=listing.stock,
            stock_as_of=listing.stock_as_of,
            ended=listing.ended_at is not None,
        )
        for listing, name, status in rows
    ]


def list_listed_products(
    session: Session, actor: Actor, *, store_id: int, item_no: str
) -> list[int]:
    """Return the products a store's listing of this number shows, ended listings too.

    Raises:
        NotFound: when there is no such store.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    require(actor, "promotion.list_listed_products", Scope(program=store.program))
    wanted = select(Listing.product_id).where(
        Listing.store_id == store_id, Listing.item_no == normalize(item_no)
    )
    return list(session.execute(wanted.order_by(col(Listing.product_id))).scalars())


def _category_of(session: Session, rulebook: Rulebook, collection_id: int | None) -> str | None:
    if collection_id is None:
        return None
    found = session.get(Collection, collection_id)
    if found is None or found.program != rulebook.program.key:
        raise NotFound("collection_not_found", collection_id=collection_id)
    return found.category


def _answers(text: str, named: Sequence[Offer]) -> list[ItemAnswer]:
    if not named:
        return [ItemAnswer(text, "unknown", "item_unknown", {}, None)]
    ordered = sorted(named, key=lambda o: (not o.eligible, o.platform or ""))
    return [
        replace(_answer(text, offer), platform=offer.platform if len(named) > 1 else None)
        for offer in ordered
    ]


def _answer(text: str, offer: Offer) -> ItemAnswer:
    if offer.eligible:
        return ItemAnswer(text, "yes", None, {}, offer)
    line = next(line for line in offer.lines if not line.ok)
    return ItemAnswer(text, "no", line.key, dict(line.facts), offer)
