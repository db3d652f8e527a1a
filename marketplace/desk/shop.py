"""What a visitor finds among the live products: by Chinese, English or pinyin, never what is not live."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.desk.search import matching
from marketplace.features.catalog.queries.shelf import Shelf, shelf_of


def list_shelf(
    session: Session,
    actor: Actor,
    *,
    clock: Clock,
    program: str,
    query: str = "",
    category: str | None = None,
    brand_slug: str | None = None,
    page: int = 1,
) -> Shelf:
    """Return a page of live products; words of product or brand narrow it, none show all.

    Signs that can be part of no name, a comma alone, narrow nothing. The index holds products
    that lapsed since, too: what is live is asked of the facts.
    """
    require(actor, "desk.list_shelf", Scope(program=program))
    return shelf_of(
        session,
        clock=clock,
        program=program,
        category=category,
        brand_slug=brand_slug,
        among=matching("product", query),
        page=page,
    )
