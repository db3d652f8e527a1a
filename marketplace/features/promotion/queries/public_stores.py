"""Official stores as the public sees them: confirmed, open, and run by the firm that makes the shoe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.features.catalog.queries.facts import live_conditions
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.kinds import HoldingStatus, StoreStatus
from marketplace.features.registry.tables import Store, StoreHolding


@dataclass(frozen=True, slots=True)
class PublicStore:
    """Where a live product, or a brand, can be bought; `price_fen` is the listing's."""

    platform: str
    name: str
    url: str
    price_fen: int | None


def list_public_listings(
    session: Session, actor: Actor, *, clock: Clock, product_id: int
) -> list[PublicStore]:
    """Return where a live product is on sale, the largest stock first."""
    require(actor, "promotion.list_public_listings", Scope())
    rows = session.execute(
        _on_sale(today(clock))
        .where(col(Product.id) == product_id)
        .order_by(col(Listing.stock).desc(), col(Listing.id))
    ).all()
    return [PublicStore(s.platform, s.name, x.url, x.price_fen) for x, s in rows]


def list_public_stores(
    session: Session, actor: Actor, *, clock: Clock, brand_slug: str
) -> list[PublicStore]:
    """Return the stores a brand's live products are on sale in, each once, by most products.

    A store without an address of its own is reached by one of its products.
    """
    require(actor, "promotion.list_public_stores", Scope())
    rows = session.execute(
        _on_sale(today(clock))
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .where(col(Brand.slug) == brand_slug)
        .order_by(col(Listing.id))
    ).all()
    by_store: dict[int, list[tuple[Listing, Store]]] = {}
    for listing, store in rows:
        by_store.setdefault(store.key, []).append((listing, store))
    ranked = sorted(by_store.values(), key=lambda found: (-len(found), found[0][1].key))
    return [_store(found) for found in ranked]


def _store(found: Sequence[tuple[Listing, Store]]) -> PublicStore:
    listing, store = found[0]
    own = store.url if store.url and store.url.startswith("https://") else None
    return PublicStore(store.platform, store.name, own or listing.url, None)


def _on_sale(day: date) -> sa.Select[Listing, Store]:
    return (
        sa.select(Listing, Store)
        .join(Store, col(Store.id) == col(Listing.store_id))
        .join(Product, col(Product.id) == col(Listing.product_id))
        .join(
            StoreHolding,
            sa.and_(
                col(StoreHolding.store_id) == col(Store.id),
                col(StoreHolding.factory_id) == col(Product.factory_id),
                col(StoreHolding.status) == HoldingStatus.CONFIRMED,
                col(StoreHolding.from_on) <= day,
                sa.or_(col(StoreHolding.until_on).is_(None), col(StoreHolding.until_on) > day),
            ),
        )
        .where(
            *live_conditions(day),
            col(Listing.ended_at).is_(None),
            col(Store.status) == StoreStatus.OPEN,
        )
    )
