"""Says what factories and products are found by, and makes the entries that are missing or old."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.db import defer
from marketplace.desk.search import MADE_BY, Findable, index_entries
from marketplace.desk.tables import SearchEntry
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.registry.tables import Factory, Operator

_WAITING = "desk.index"
AT_ONCE = 200  # entries made in one unit of work: nobody waits long for it


def index_factories(session: Session, factory_ids: Collection[int]) -> None:
    """Make factories findable by name, code, address and brands."""
    rows = session.execute(_firms_asked(), {"ids": list(factory_ids)}).all()
    brands: dict[int, list[str | None]] = {}
    operators = {"operators": sorted({operator.key for _, operator in rows})}
    for operator_id, *names in session.execute(_brands_asked(), operators):
        brands.setdefault(operator_id, []).extend(names)
    index_entries(
        session,
        "factory",
        [
            Findable(
                factory.key,
                factory.program,
                operator.key,
                (
                    factory.name,
                    factory.name_en,
                    operator.uscc,
                    factory.address,
                    *brands.get(operator.key, ()),
                ),
            )
            for factory, operator in rows
        ],
    )


@cache
def _firms_asked() -> Any:
    return (
        select(Factory, Operator)
        .join(Operator, col(Operator.id) == col(Factory.operator_id))
        .where(col(Factory.id).in_(sa.bindparam("ids", expanding=True)))
        .order_by(col(Factory.id))
    )


@cache
def _brands_asked() -> Any:
    return (
        select(Brand.operator_id, Brand.name_zh, Brand.name_en)
        .where(col(Brand.operator_id).in_(sa.bindparam("operators", expanding=True)))
        .order_by(col(Brand.id))
    )


def index_later(session: Session, factory_ids: Iterable[int]) -> None:
    """Have some factories indexed once at the end of this unit, whatever else happens in it."""
    session.info.setdefault(_WAITING, set()).update(factory_ids)
    defer(session, _WAITING, _index_waiting)


def index_product(session: Session, product_id: int) -> None:
    """Make a product findable by its names, model number and brand."""
    index_products(session, [product_id])


def index_products(session: Session, product_ids: Collection[int]) -> None:
    """Make products findable by their names, model numbers and brands."""
    rows = session.execute(_products_asked(), {"ids": list(product_ids)}).all()
    index_entries(
        session,
        "product",
        [
            Findable(
                product.key,
                product.program,
                product.operator_id,
                (
                    product.name_zh,
                    product.name_en,
                    product.model_no,
                    brand.name_zh,
                    brand.name_en,
                    # Nobody types the space that stands between the names.
                    "".join(f"{brand.name_zh}{product.name_zh}".split()),
                ),
            )
            for product, brand in rows
        ],
    )


@cache
def _products_asked() -> Any:
    return (
        select(Product, Brand)
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .where(col(Product.id).in_(sa.bindparam("ids", expanding=True)))
        .order_by(col(Product.id))
    )


def is_index_due(session: Session) -> bool:
    """Tell whether anything is found by nothing, or by tokens of an older making."""
    return any(session.execute(due.limit(1)).first() for due in (_factories(), _products()))


def reindex_due(session: Session, *, most: int = AT_ONCE) -> int:
    """Make some of the entries that are due; return how many."""
    factories = [int(i) for i in session.execute(_factories().limit(most)).scalars()]
    index_factories(session, factories)
    rest = most - len(factories)
    products = [int(i) for i in session.execute(_products().limit(rest)).scalars()]
    index_products(session, products)
    return len(factories) + len(products)


def _index_waiting(session: Session) -> None:
    index_factories(session, sorted(session.info.pop(_WAITING, set())))


def _factories() -> sa.Select[Any]:
    return _due(sa.select(col(Factory.id)), "factory", col(Factory.id))


def _products() -> sa.Select[Any]:
    decided = col(Product.status).not_in([Moderation.DRAFT, Moderation.SUBMITTED])
    return _due(sa.select(col(Product.id)).where(decided), "product", col(Product.id))


def _due(statement: sa.Select[Any], kind: str, number: Any) -> sa.Select[Any]:
    return statement.outerjoin(
        SearchEntry,
        sa.and_(col(SearchEntry.kind) == kind, col(SearchEntry.entity_id) == number),
    ).where(sa.or_(col(SearchEntry.id).is_(None), col(SearchEntry.made_by) != MADE_BY))
