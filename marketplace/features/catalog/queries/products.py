"""Products as the people of the house see them; live is judged at the time of the query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow, require
from marketplace.base.clock import Clock, today
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog import rules
from marketplace.features.catalog.kinds import (
    DesignBasis,
    Moderation,
)
from marketplace.features.catalog.queries.evidence import main_pictures
from marketplace.features.catalog.queries.facts import (
    product_facts,
    scope_of_product,
)
from marketplace.features.catalog.rules import Item
from marketplace.features.catalog.tables import (
    Brand,
    Lapse,
    Product,
)
from marketplace.features.registry.tables import Factory


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product with brand, factory and state; `live` is judged at the time of the query."""

    product_id: int
    brand_id: int
    brand_name: str
    factory_id: int
    factory_name: str
    operator_id: int
    program: str
    model_no: str
    name_zh: str
    name_en: str | None
    category: str | None
    description_zh: str | None
    price_fen: int | None
    materials: dict[str, str]
    gtin: str | None
    design_basis: DesignBasis | None
    design_reference: str | None
    design_on: date | None
    status: Moderation
    submitted_by: int | None
    submitted_at: datetime | None
    due_on: date | None
    valid_until: date | None
    code: str | None
    live: bool
    picture: str | None
    version: int


def list_products(
    session: Session,
    actor: Actor,
    *,
    clock: Clock,
    program: str | None = None,
    operator_id: int | None = None,
    factory_id: int | None = None,
    status: Moderation | None = None,
    category: str | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[ProductRow]:
    """Return products this actor may see: submitted ones first by due day, then by name."""
    statement = _narrowed(
        "catalog.list_products", actor, program, operator_id, factory_id, status, category
    )
    rows = session.execute(
        statement.order_by(
            col(Product.due_on).is_(None), col(Product.due_on), col(Product.id).desc()
        )
        .limit(limit)
        .offset(offset)
    ).all()
    return _rows(session, rows, today(clock))


def count_products(
    session: Session,
    actor: Actor,
    *,
    program: str | None = None,
    operator_id: int | None = None,
    factory_id: int | None = None,
    status: Moderation | None = None,
    category: str | None = None,
) -> int:
    """Return how many rows `list_products` has in all."""
    statement = _narrowed(
        "catalog.count_products", actor, program, operator_id, factory_id, status, category
    )
    total = select(sa.func.count()).select_from(statement.subquery())
    return int(session.execute(total).scalar_one())


def get_product(session: Session, actor: Actor, *, clock: Clock, product_id: int) -> ProductRow:
    """Return one product.

    Raises:
        NotFound: when there is none, or this actor may not know of it.
    """
    require(actor, "catalog.get_product", scope_of_product(session, product_id))
    rows = session.execute(_joined().where(col(Product.id) == product_id)).all()
    if not rows:
        raise NotFound("product_not_found", product_id=product_id)
    return _rows(session, rows, today(clock))[0]


def product_items(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, product_id: int
) -> tuple[Item, ...]:
    """Return what a product has and lacks."""
    require(actor, "catalog.product_items", scope_of_product(session, product_id))
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound("product_not_found", product_id=product_id)
    return rules.completeness(rulebook, product_facts(session, product), today(clock))


@cache
def _joined() -> sa.Select[Product, str, str, int]:
    lapses = (
        sa.select(sa.func.count(col(Lapse.id)))
        .where(col(Lapse.product_id) == col(Product.id), col(Lapse.closed_at).is_(None))
        .scalar_subquery()
    )
    return (
        sa.select(Product, col(Brand.name_zh), col(Factory.name), lapses)
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .join(Factory, col(Factory.id) == col(Product.factory_id))
    )


def _narrowed(
    action: str,
    actor: Actor,
    program: str | None,
    operator_id: int | None,
    factory_id: int | None,
    status: Moderation | None,
    category: str | None,
) -> sa.Select[Product, str, str, int]:
    statement = _joined().where(
        *narrow(
            actor,
            action,
            program_column=Product.program,
            district_column=Factory.district,
            operator_column=Product.operator_id,
        )
    )
    wanted = {
        col(Product.program): program,
        col(Product.operator_id): operator_id,
        col(Product.factory_id): factory_id,
        col(Product.status): status,
        col(Product.category): category,
    }
    for column, value in wanted.items():
        if value is not None:
            statement = statement.where(column == value)
    return statement


def _rows(
    session: Session, rows: Sequence[sa.Row[Product, str, str, int]], day: date
) -> list[ProductRow]:
    pictures = main_pictures(session, [row[0].key for row in rows])
    return [
        _row(p, brand, factory, lapses, pictures, day) for p, brand, factory, lapses in rows
    ]


def _row(
    p: Product, brand: str, factory: str, lapses: int, pictures: dict[int, str], day: date
) -> ProductRow:
    return ProductRow(
        product_id=p.key,
        brand_id=p.brand_id,
        brand_name=brand,
        factory_id=p.factory_id,
        factory_name=factory,
        operator_id=p.operator_id,
        program=p.program,
        model_no=p.model_no,
        name_zh=p.name_zh,
        name_en=p.name_en,
        category=p.category,
        description_zh=p.description_zh,
        price_fen=p.price_fen,
        materials=dict(p.materials.get("parts", {})),
        gtin=p.gtin,
        design_basis=p.design_basis,
        design_reference=p.design_reference,
        design_on=p.design_on,
        status=p.status,
        submitted_by=p.submitted_by,
        submitted_at=p.submitted_at,
        due_on=p.due_on if p.status is Moderation.SUBMITTED else None,
        valid_until=p.valid_until,
        code=p.code,
        live=rules.is_live(
            status=p.status, valid_until=p.valid_until, open_lapses=lapses, today=day
        ),
        picture=pictures.get(p.key),
        version=p.version,
    )
