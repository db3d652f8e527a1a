"""Gathers what eligibility judges by, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.clock import Clock, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog import rules as catalog_rules
from marketplace.features.catalog.queries.evidence import main_pictures
from marketplace.features.catalog.tables import Brand, Lapse, Product
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.tables import Enrollment
from marketplace.features.promotion import rules
from marketplace.features.promotion.kinds import CollectionStatus, SlotStatus, WindowStatus
from marketplace.features.promotion.rules import Line, OfferFacts
from marketplace.features.promotion.tables import Collection, Listing, ObjectionWindow, Slot
from marketplace.features.registry.kinds import HoldingStatus, StoreStatus
from marketplace.features.registry.tables import (
    Affiliate,
    Factory,
    Operator,
    Store,
    StoreHolding,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A product as the marketer sees it; nothing on people, cases or earlier records."""

    product_id: int
    name_zh: str
    name_en: str | None
    brand_name: str
    brand_slug: str
    factory_name: str
    category: str | None
    price_fen: int | None
    valid_until: str | None
    picture: str | None
    code: str | None
    platform: str | None
    item_no: str | None
    url: str | None
    facts: OfferFacts
    lines: tuple[Line, ...]
    remarks: tuple[Line, ...] = ()

    @property
    def eligible(self) -> bool:
        """Whether every criterion holds."""
        return rules.is_eligible(self.lines)

    @property
    def met(self) -> int:
        """How many criteria hold."""
        return sum(1 for line in self.lines if line.ok)


def gather_offers(
    session: Session, rulebook: Rulebook, *, clock: Clock, product_ids: Sequence[int]
) -> dict[int, Offer]:
    """Return product → offer, in a fixed number of queries; callers check access."""
    if not product_ids:
        return {}
    products = session.execute(
        select(Product, Brand, Factory.name)
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .join(Factory, col(Factory.id) == col(Product.factory_id))
        .where(col(Product.id).in_(list(product_ids)))
    ).all()
    lapses = _lapse_classes(session, product_ids)
    windows = _windows(session, product_ids)
    listings = _listings(
        session, {p.key: p.factory_id for p, _brand, _name in products}, today(clock)
    )
    featured = _last_featured(session, product_ids)
    groups = groups_of(session, rulebook.program.key)
    enrolled = _enrolled(session, rulebook.program.key)
    pictures = main_pictures(session, product_ids)
    found: dict[int, Offer] = {}
    for p, brand, factory_name in products:
        listing = listings.get(p.key)
        window = windows.get(p.key)
        facts = OfferFacts(
            product_id=p.key,
            group=groups.get(p.operator_id, p.operator_id),
            category=p.category,
            live=catalog_rules.is_live(
                status=p.status,
                valid_until=p.valid_until,
                open_lapses=1 if p.key in lapses else 0,
                today=today(clock),
            ),
            lapse_class=lapses.get(p.key),
            window=window[0].value if window else None,
            window_ends=window[1] if window else None,
            enrolled=p.operator_id in enrolled,
            has_listing=listing is not None,
            store_open=listing is not None and listing[1] is StoreStatus.OPEN,
            store_held=listing is not None and listing[2] == p.factory_id,
            stock=listing[0].stock if listing else 0,
            stock_as_of=listing[0].stock_as_of if listing else None,
            last_featured_at=featured.get(p.key),
        )
        found[p.key] = Offer(
            product_id=p.key,
            name_zh=p.name_zh,
            name_en=p.name_en,
            brand_name=brand.name_zh,
            brand_slug=brand.slug,
            factory_name=factory_name,
            category=p.category,
            price_fen=p.price_fen,
            valid_until=p.valid_until.isoformat() if p.valid_until else None,
            picture=pictures.get(p.key),
            code=p.code,
            platform=listing[0].platform if listing else None,
            item_no=listing[0].item_no if listing else None,
            url=listing[0].url if listing else None,
            facts=facts,
            lines=rules.eligibility(rulebook, facts, clock.now()),
            remarks=rules.remarks(
                rulebook,
                category=p.category,
                prices_fen=(p.price_fen, listing[0].price_fen if listing else None),
            ),
        )
    return found


def groups_of(session: Session, program: str) -> dict[int, int]:
    """Return operator → group: operators tied by declared affiliates share the lowest number."""
    rows = session.execute(
        select(Affiliate.operator_id, Operator.id)
        .join(Operator, col(Operator.uscc) == col(Affiliate.uscc))
        .where(Operator.program == program)
    ).all()
    parent: dict[int, int] = {}

    def root(x: int) -> int:
        while parent.get(x, x) != x:
            x = parent[x]
        return x

    for a, b in rows:
        ra, rb = root(a), root(b)
        if ra != rb:
            parent[max(ra, rb)] = min(ra, rb)
    return {x: root(x) for pair in rows for x in (pair[0], pair[1])}


def _lapse_classes(session: Session, product_ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        select(Lapse.product_id, Lapse.reason)
        .where(col(Lapse.product_id).in_(list(product_ids)), col(Lapse.closed_at).is_(None))
        .order_by(col(Lapse.id))
    ).all()
    return {row[0]: row[1].value for row in rows}


def _windows(
    session: Session, product_ids: Sequence[int]
) -> dict[int, tuple[WindowStatus, str]]:
    rows = session.execute(
        select(ObjectionWindow).where(col(ObjectionWindow.product_id).in_(list(product_ids)))
    ).scalars()
    return {w.product_id: (w.status, w.ends_on.isoformat()) for w in rows}


def _listings(
    session: Session, factory_of: Mapping[int, int], day: date
) -> dict[int, tuple[Listing, StoreStatus, int | None]]:
    """Return the best listing of each product: in its firm's open store, then most stock."""
    holder = (
        sa.select(col(StoreHolding.factory_id))
        .where(
            col(StoreHolding.store_id) == col(Store.id),
            col(StoreHolding.status) == HoldingStatus.CONFIRMED,
            col(StoreHolding.from_on) <= day,
            sa.or_(col(StoreHolding.until_on).is_(None), col(StoreHolding.until_on) > day),
        )
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Listing, col(Store.status), holder)
        .join(Store, col(Store.id) == col(Listing.store_id))
        .where(col(Listing.product_id).in_(list(factory_of)), col(Listing.ended_at).is_(None))
    ).all()

    def worth(row: Any) -> tuple[bool, int, int]:
        listing, status, held_by = row
        own = status is StoreStatus.OPEN and held_by == factory_of[listing.product_id]
        return own, listing.stock, -listing.key

    return {row[0].product_id: (row[0], row[1], row[2]) for row in sorted(rows, key=worth)}


def _last_featured(session: Session, product_ids: Sequence[int]) -> dict[int, datetime]:
    rows = session.execute(
        select(Slot.product_id, sa.func.max(col(Collection.starts_at)))
        .join(Collection, col(Collection.id) == col(Slot.collection_id))
        .where(
            col(Slot.product_id).in_(list(product_ids)),
            col(Slot.status) != SlotStatus.REMOVED,
            col(Slot.kind) != "reserve",
            col(Collection.status) == CollectionStatus.PUBLISHED,
        )
        .group_by(col(Slot.product_id))
    ).all()
    return {row[0]: row[1] for row in rows}


def _enrolled(session: Session, program: str) -> set[int]:
    return set(
        session.execute(
            select(Enrollment.operator_id).where(
                Enrollment.program == program,
                col(Enrollment.reversed_at).is_(None),
                col(Enrollment.status).in_(
                    [EnrollmentStatus.ENROLLED, EnrollmentStatus.GRADUATED]
                ),
            )
        ).scalars()
    )
