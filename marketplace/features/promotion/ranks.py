"""Keeps the ranks of products in step with what other features announce.

An event names a product, a brand, a store, an operator or a collection; here it becomes the
products whose place in rotation it may change. It must not decide who may be featured.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.house import House
from marketplace.features.catalog.events import TrademarkChanged
from marketplace.features.catalog.tables import Product
from marketplace.features.links.events import AffiliateTieChanged
from marketplace.features.progress.events import EnrollmentChanged
from marketplace.features.promotion.commands.ranking import rank_later, regroup_later
from marketplace.features.promotion.events import (
    CollectionPublished,
    CollectionWithdrawn,
    OfferChanged,
)
from marketplace.features.promotion.tables import Listing, Slot
from marketplace.features.registry.events import AffiliateDeclared, FactoryChanged


def keep_ranks(session: Session, house: House, event: object) -> None:
    """Have the products that a fact is about ranked again at the end of this unit."""
    session.flush()
    for program, ids in _products_of(session, event).items():
        rank_later(session, house, program, ids)


def keep_groups(
    session: Session,
    house: House,
    event: AffiliateDeclared | AffiliateTieChanged | FactoryChanged,
) -> None:
    """Have groups worked out again where an affiliate was declared or its tie cut, or one got its code."""
    del house
    if isinstance(event, FactoryChanged):
        regroup_later(session, factory_id=event.factory_id)
    else:
        regroup_later(session, program=event.program)


def _products_of(session: Session, event: object) -> dict[str, list[int]]:
    product_id = getattr(event, "product_id", None)
    match event:
        case OfferChanged():
            return {event.program: list(event.product_ids)}
        case TrademarkChanged():
            wanted = col(Product.brand_id) == event.brand_id
        case EnrollmentChanged():
            wanted = col(Product.operator_id) == event.operator_id
        case CollectionPublished() | CollectionWithdrawn():
            shown = sa.select(col(Slot.product_id)).where(
                col(Slot.collection_id) == event.collection_id
            )
            wanted = col(Product.id).in_(shown)
        case _ if product_id is not None:
            wanted = col(Product.id) == product_id
        case _:
            listed = sa.select(col(Listing.product_id)).where(
                col(Listing.store_id) == event.store_id  # type: ignore[attr-defined]
            )
            wanted = col(Product.id).in_(listed)
    found: dict[str, list[int]] = {}
    rows = session.execute(
        sa.select(col(Product.program), col(Product.id)).where(
            wanted, col(Product.code).is_not(None)
        )
    ).all()
    for program, number in rows:
        found.setdefault(program, []).append(int(number))
    return found
