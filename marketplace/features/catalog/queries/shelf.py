"""One page of the live products somebody narrowed down, with what each further choice would leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.clock import Clock, today
from marketplace.features.catalog.queries.facts import live_conditions
from marketplace.features.catalog.queries.public import PUBLIC_PAGE, PublicProduct, public_rows
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.registry.tables import Factory


@dataclass(frozen=True, slots=True)
class ShelfBrand:
    """A brand on the shelf and how many of its products are there."""

    slug: str
    name_zh: str
    name_en: str | None
    products: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """Live products, latest verified first; each count is what choosing it would leave.

    Categories are counted within the brand chosen, brands within the category chosen.
    """

    products: tuple[PublicProduct, ...]
    total: int
    page: int
    pages: int
    by_category: dict[str, int]
    by_brand: tuple[ShelfBrand, ...]


def shelf_of(
    session: Session,
    *,
    clock: Clock,
    program: str,
    category: str | None = None,
    brand_slug: str | None = None,
    among: sa.Select[int] | None = None,
    page: int = 1,
) -> Shelf:
    """Return a page; one beyond the last is the last. For read models that check access themselves.

    `among` narrows to the products whose numbers it selects.
    """
    whole = [*live_conditions(today(clock)), col(Product.program) == program]
    if among is not None:
        whole.append(col(Product.id).in_(among))
    of_category = [col(Product.category) == category] if category is not None else []
    of_brand = [col(Brand.slug) == brand_slug] if brand_slug is not None else []
    shown = [*whole, *of_category, *of_brand]
    total = int(session.execute(_joined(sa.func.count()).where(*shown)).scalar_one())
    pages = max(1, -(-total // PUBLIC_PAGE))
    at = min(max(page, 1), pages)
    rows = session.execute(
        _joined(Product, Brand, Factory)
        .where(*shown)
        .order_by(col(Product.verified_at).desc(), col(Product.id).desc())
        .limit(PUBLIC_PAGE)
        .offset((at - 1) * PUBLIC_PAGE)
    ).all()
    return Shelf(
        products=tuple(public_rows(session, rows)),
        total=total,
        page=at,
        pages=pages,
        by_category=_by_category(session, [*whole, *of_brand]),
        by_brand=_by_brand(session, [*whole, *of_category]),
    )


def _by_category(session: Session, among: list[sa.ColumnElement[bool]]) -> dict[str, int]:
    rows = session.execute(
        _joined(col(Product.category), sa.func.count())
        .where(*among)
        .group_by(col(Product.category))
    ).all()
    return {str(key): int(count) for key, count in rows}


def _by_brand(session: Session, among: list[sa.ColumnElement[bool]]) -> tuple[ShelfBrand, ...]:
    count = sa.func.count()
    rows = session.execute(
        _joined(col(Brand.slug), col(Brand.name_zh), col(Brand.name_en), count)
        .where(*among)
        .group_by(col(Brand.id), col(Brand.slug), col(Brand.name_zh), col(Brand.name_en))
        .order_by(count.desc(), col(Brand.id))
    ).all()
    return tuple(ShelfBrand(row[0], row[1], row[2], int(row[3])) for row in rows)


def _joined(*wanted: Any) -> sa.Select[Any]:
    statement: sa.Select[Any] = sa.select(*wanted).select_from(Product)
    return statement.join(Brand, col(Brand.id) == col(Product.brand_id)).join(
        Factory, col(Factory.id) == col(Product.factory_id)
    )
