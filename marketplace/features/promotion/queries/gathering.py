"""Gathers what eligibility judges by, in a fixed number of queries for some thousand products."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from marketplace.features.links.queries import cut_affiliates
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.tables import Enrollment
from marketplace.features.promotion import rules
from marketplace.features.promotion.kinds import CollectionStatus, SlotStatus
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

AT_ONCE = 2_000  # products asked for in one statement: an engine takes only so many values


@dataclass(frozen=True, slots=True)
class Offer:
    """A product as the marketer sees it; nothing on people, cases or earlier records."""

    product_id: int
    name_zh: str
    name_en: str | None
    brand_name: str
    brand_en: str | None
    brand_slug: str
    factory_name: str
    factory_en: str | None
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


@dataclass(frozen=True, slots=True)
class Gathered:
    """One product with the facts of its offer; `row` and `listing` as the tables have them."""

    row: Any  # the columns of `_products`
    listing: Any  # the columns of `_listings`, or None
    facts: OfferFacts


def gather_offers(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    product_ids: Sequence[int],
    within: str | None = None,
    with_pictures: bool = True,
) -> dict[int, Offer]:
    """Return product → offer; callers check access.

    `within` is the category of the collection they are gathered for, if it is bound to one.
    """
    found: dict[int, Offer] = {}
    for some in gather_facts(
        session, rulebook.program.key, clock=clock, product_ids=product_ids
    ):
        ids = [one.row.id for one in some]
        pictures = main_pictures(session, ids) if with_pictures else {}
        for one in some:
            lines = rules.eligibility(rulebook, one.facts, clock.now(), within=within)
            found[one.row.id] = _offer(rulebook, one, lines, pictures)
    return found


def gather_facts(
    session: Session, program: str, *, clock: Clock, product_ids: Sequence[int]
) -> Iterator[list[Gathered]]:
    """Yield the facts of products some at a time; callers check access."""
    groups = groups_of(session, program) if product_ids else {}
    for start in range(0, len(product_ids), AT_ONCE):
        ids = list(product_ids[start : start + AT_ONCE])
        yield _gather(session, program, ids, groups=groups, day=today(clock))


def _gather(
    session: Session,
    program: str,
    ids: Sequence[int],
    *,
    groups: Mapping[int, int],
    day: date,
) -> list[Gathered]:
    products = _products(session, ids)
    lapses = _lapse_classes(session, ids)
    windows = _windows(session, ids)
    listings = _listings(session, {p.id: p.factory_id for p in products}, day)
    featured = _last_featured(session, ids)
    enrolled = _enrolled(session, program, {p.operator_id for p in products})
    found = []
    for p in products:
        listing = listings.get(p.id)
        window, ends_on = windows.get(p.id, (None, None))
        facts = OfferFacts(
            product_id=p.id,
            group=groups.get(p.operator_id, p.operator_id),
            category=p.category,
            live=catalog_rules.is_live(
                status=p.status,
                valid_until=p.valid_until,
                open_lapses=1 if p.id in lapses else 0,
                today=day,
            ),
            lapse_class=lapses.get(p.id),
            window=window,
            window_ends=ends_on,
            enrolled=p.operator_id in enrolled,
            has_listing=listing is not None,
            store_open=listing is not None and listing.status is StoreStatus.OPEN,
            store_held=listing is not None and listing.held_by == p.factory_id,
            stock=listing.stock if listing else 0,
            stock_as_of=listing.stock_as_of if listing else None,
            last_featured_at=featured.get(p.id),
        )
        found.append(Gathered(p, listing, facts))
    return found


def _offer(
    rulebook: Rulebook, one: Gathered, lines: tuple[Line, ...], pictures: Mapping[int, str]
) -> Offer:
    p, listing = one.row, one.listing
    return Offer(
        product_id=p.id,
        name_zh=p.name_zh,
        name_en=p.name_en,
        brand_name=p.brand_name,
        brand_en=p.brand_en,
        brand_slug=p.brand_slug,
        factory_name=p.factory_name,
        factory_en=p.factory_en,
        category=p.category,
        price_fen=p.price_fen,
        valid_until=p.valid_until.isoformat() if p.valid_until else None,
        picture=pictures.get(p.id),
        code=p.code,
        platform=listing.platform if listing else None,
        item_no=listing.item_no if listing else None,
        url=listing.url if listing else None,
        facts=one.facts,
        lines=lines,
        remarks=rules.remarks(
            rulebook,
            category=p.category,
            prices_fen=(p.price_fen, listing.price_fen if listing else None),
        ),
    )


def groups_of(session: Session, program: str) -> dict[int, int]:
    """Return operator → group: operators tied by declared affiliates share the lowest number.

    A tie the office cut as false ties nobody: a firm may declare any other as its own.
    """
    rows = session.execute(
        select(Affiliate.operator_id, Operator.id)
        .join(Operator, col(Operator.uscc) == col(Affiliate.uscc))
        .where(Operator.program == program)
    ).all()
    cut = cut_affiliates(session, program=program)
    rows = [(a, b) for a, b in rows if frozenset((a, b)) not in cut]
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


def _products(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    one = Product
    return session.execute(
        sa.select(
            col(one.id), col(one.program), col(one.factory_id), col(one.operator_id),
            col(one.name_zh), col(one.name_en), col(one.category), col(one.price_fen),
            col(one.valid_until), col(one.status), col(one.code),
            col(Brand.name_zh).label("brand_name"), col(Brand.name_en).label("brand_en"),
            col(Brand.slug).label("brand_slug"), col(Factory.name).label("factory_name"),
            col(Factory.name_en).label("factory_en"),
        )
        .join(Brand, col(Brand.id) == col(one.brand_id))
        .join(Factory, col(Factory.id) == col(one.factory_id))
        .where(col(one.id).in_(ids))
    ).all()  # fmt: skip


def _lapse_classes(session: Session, product_ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        select(Lapse.product_id, Lapse.reason)
        .where(col(Lapse.product_id).in_(product_ids), col(Lapse.closed_at).is_(None))
        .order_by(col(Lapse.id))
    ).all()
    return {row[0]: row[1].value for row in rows}


def _windows(session: Session, product_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    one = ObjectionWindow
    rows = session.execute(
        sa.select(col(one.product_id), col(one.status), col(one.ends_on)).where(
            col(one.product_id).in_(product_ids)
        )
    ).all()
    return {row[0]: (row[1].value, row[2].isoformat()) for row in rows}


def _listings(session: Session, factory_of: Mapping[int, int], day: date) -> dict[int, Any]:
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
    one = Listing
    rows = session.execute(
        sa.select(
            col(one.id), col(one.product_id), col(one.platform), col(one.item_no),
            col(one.url), col(one.price_fen), col(one.stock), col(one.stock_as_of),
            col(Store.status), holder.label("held_by"),
        )
        .join(Store, col(Store.id) == col(one.store_id))
        .where(col(one.product_id).in_(list(factory_of)), col(one.ended_at).is_(None))
    ).all()  # fmt: skip

    def worth(row: Any) -> tuple[bool, int, int]:
        own = row.status is StoreStatus.OPEN and row.held_by == factory_of[row.product_id]
        return own, row.stock, -row.id

    return {row.product_id: row for row in sorted(rows, key=worth)}


def _last_featured(session: Session, product_ids: Sequence[int]) -> dict[int, datetime]:
    rows = session.execute(
        select(Slot.product_id, sa.func.max(col(Collection.starts_at)))
        .join(Collection, col(Collection.id) == col(Slot.collection_id))
        .where(
            col(Slot.product_id).in_(product_ids),
            col(Slot.status) != SlotStatus.REMOVED,
            col(Slot.kind) != "reserve",
            col(Collection.status) == CollectionStatus.PUBLISHED,
        )
        .group_by(col(Slot.product_id))
    ).all()
    return {row[0]: row[1] for row in rows}


def _enrolled(session: Session, program: str, operator_ids: set[int]) -> set[int]:
    return set(
        session.execute(
            select(Enrollment.operator_id).where(
                Enrollment.program == program,
                col(Enrollment.operator_id).in_(sorted(operator_ids)),
                col(Enrollment.reversed_at).is_(None),
                col(Enrollment.status).in_(
                    [EnrollmentStatus.ENROLLED, EnrollmentStatus.GRADUATED]
                ),
            )
        ).scalars()
    )
