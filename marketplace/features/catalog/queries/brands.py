"""Brands and their marks as the people of the house see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, require
from marketplace.features.catalog.kinds import (
    HolderKind,
    TrademarkStatus,
)
from marketplace.features.catalog.queries.brand_changes import reviewed_brands
from marketplace.features.catalog.queries.facts import (
    scope_of_brand,
)
from marketplace.features.catalog.tables import (
    Brand,
    Product,
    Trademark,
)
from marketplace.features.registry.queries import scope_of_operator


@dataclass(frozen=True, slots=True)
class BrandRow:
    """A brand of an operator; one that is `reviewed` changes by request only."""

    brand_id: int
    operator_id: int
    slug: str
    name_zh: str
    name_en: str | None
    story_zh: str | None
    story_en: str | None
    story_public: bool
    reviewed: bool
    products: int


@dataclass(frozen=True, slots=True)
class TrademarkRow:
    """A mark as recorded and checked."""

    trademark_id: int
    brand_id: int
    number: str
    nice_class: int
    status: TrademarkStatus
    holder_kind: HolderKind
    holder_name: str
    license_until: date | None
    filed_on: date | None
    registered_on: date | None
    valid_until: date | None
    recorded_at: datetime
    checked_at: datetime | None


def list_brands(session: Session, actor: Actor, *, operator_id: int) -> list[BrandRow]:
    """Return an operator's brands."""
    require(actor, "catalog.list_brands", scope_of_operator(session, operator_id))
    rows = session.execute(
        select(Brand, sa.func.count(col(Product.id)))
        .outerjoin(Product, col(Product.brand_id) == col(Brand.id))
        .where(Brand.operator_id == operator_id)
        .group_by(col(Brand.id))
        .order_by(col(Brand.id))
    ).all()
    reviewed = reviewed_brands(session, [brand.key for brand, _count in rows])
    return [
        BrandRow(
            brand_id=brand.key,
            operator_id=brand.operator_id,
            slug=brand.slug,
            name_zh=brand.name_zh,
            name_en=brand.name_en,
            story_zh=brand.story_zh,
            story_en=brand.story_en,
            story_public=brand.story_consent_at is not None,
            reviewed=brand.key in reviewed,
            products=int(count),
        )
        for brand, count in rows
    ]


def list_trademarks(session: Session, actor: Actor, *, brand_id: int) -> list[TrademarkRow]:
    """Return a brand's marks, newest first."""
    require(actor, "catalog.list_trademarks", scope_of_brand(session, brand_id))
    rows = session.execute(
        select(Trademark)
        .where(Trademark.brand_id == brand_id)
        .order_by(col(Trademark.id).desc())
    ).scalars()
    return [
        TrademarkRow(
            trademark_id=row.key,
            brand_id=brand_id,
            number=row.number,
            nice_class=row.nice_class,
            status=row.status,
            holder_kind=row.holder_kind,
            holder_name=row.holder_name,
            license_until=row.license_until,
            filed_on=row.filed_on,
            registered_on=row.registered_on,
            valid_until=row.valid_until,
            recorded_at=row.recorded_at,
            checked_at=row.checked_at,
        )
        for row in rows
    ]
