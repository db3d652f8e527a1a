"""Takes back brands and drafts that an import brought, where nobody has touched them since.

What was submitted or decided is never taken back: an import verifies nothing, a person did.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock
from marketplace.base.db.watching import changed_since, put_back
from marketplace.base.errors import NotFound, Refused
from marketplace.features.catalog.commands.products import (
    EDITABLE,
    load_product,
    product_trail,
)
from marketplace.features.catalog.queries.facts import scope_of_brand, scope_of_product
from marketplace.features.catalog.tables import Brand, BrandChange, Product


def take_back_product(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    product_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    reason: str,
) -> None:
    """Put a product back as it was before an import; a draft it brought is removed.

    Raises:
        Refused: `undo_changed` when somebody worked on it since, `undo_decided` when it is no
            longer a draft.
    """
    require(actor, "catalog.take_back_product", scope_of_product(session, product_id))
    product = load_product(session, product_id)
    if product.status not in EDITABLE:
        raise Refused("undo_decided", field="status")
    differing = changed_since(product, after)
    if differing:
        raise Refused("undo_changed", field=differing[0])
    product_trail(
        session, clock, actor, "catalog.take_back_product", product,
        facts={"reason": reason, "removed": before is None},
        before=dict(after), after=dict(before) if before is not None else None,
    )  # fmt: skip
    if before is None:
        session.delete(product)
    else:
        put_back(product, before)
        product.updated_at = clock.now()
    session.flush()


def take_back_brand(
    session: Session, *, clock: Clock, actor: Actor, brand_id: int, reason: str
) -> None:
    """Remove a brand that an import brought and that nothing stands under.

    Raises:
        Refused: `undo_has_products` while a product is of it, `undo_has_requests` when its owner
            asked for a change of it.
    """
    scope = scope_of_brand(session, brand_id)
    require(actor, "catalog.take_back_brand", scope)
    brand = session.get(Brand, brand_id)
    if brand is None:
        raise NotFound("brand_not_found", brand_id=brand_id)
    count = session.execute(
        select(sa.func.count()).select_from(Product).where(col(Product.brand_id) == brand_id)
    ).scalar_one()
    if count:
        raise Refused("undo_has_products", count=int(count))
    asked = session.execute(
        select(sa.func.count())
        .select_from(BrandChange)
        .where(col(BrandChange.brand_id) == brand_id)
    ).scalar_one()
    if asked:
        raise Refused("undo_has_requests", count=int(asked))
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="catalog.take_back_brand",
        subject=f"brand:{brand_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        reason=reason,
        before={"name_zh": brand.name_zh},
    )
    session.delete(brand)
    session.flush()
