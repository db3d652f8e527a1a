"""Records many listings of one file at once; what is left of each is what one by one would leave.

Whoever calls has seen that nothing about a row is open: a fault, or a number of another product,
refuses all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.db import announce
from marketplace.base.db.bulk import insert_many
from marketplace.base.db.watching import Touched, changed, inserted
from marketplace.base.errors import Invalid, NotFound, Refused
from marketplace.base.text import normalize
from marketplace.features.catalog.tables import Product
from marketplace.features.promotion.commands.listings import faults_of_listing, is_overtaken
from marketplace.features.promotion.events import OfferChanged
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.tables import Factory, Store


@dataclass(frozen=True, slots=True)
class OnSale:
    """A listing as `record_listing` takes it, with the platform of its store."""

    product_id: int
    store_id: int
    platform: str
    item_no: str
    url: str
    price_fen: int
    stock: int
    stock_as_of: datetime

    @property
    def place(self) -> tuple[str, str]:
        """What two rows about the same listing have in common."""
        return self.platform, normalize(self.item_no)

    @property
    def facts(self) -> dict[str, Any]:
        """What a later row of the same listing may say anew."""
        return {
            "price_fen": self.price_fen,
            "stock": self.stock,
            "url": self.url,
            "store_id": self.store_id,
        }


@dataclass(frozen=True, slots=True)
class KeptListing:
    """What became of a row: `inserted`, `updated` or `unchanged`, and what was written."""

    outcome: str
    written: Touched | None = None


def record_listings(
    session: Session, *, clock: Clock, actor: Actor, program: str, rows: Sequence[OnSale]
) -> list[KeptListing]:
    """Record or refresh listings; return what became of each, in order.

    Raises:
        Invalid: for an empty number, a link that is not https, a price or stock that cannot be.
        NotFound: for a product or store that is not there, or out of the actor's reach.
        Refused: when a number belongs to another product.
        ValueError: for two rows of the same number.
    """
    require(actor, "promotion.record_listings", Scope(program=program))
    if len({row.place for row in rows}) < len(rows):
        msg = "two listings of one number"
        raise ValueError(msg)
    scopes = _scopes(session, actor, program, rows)
    _check(session, clock, rows)
    known = listings_numbered(session, [row.item_no for row in rows])
    fresh: dict[int, dict[str, Any]] = {}
    kept: dict[int, KeptListing] = {}
    before: dict[int, dict[str, Any] | None] = {}
    for number, row in enumerate(rows):
        one = known.get(row.place)
        before[number] = None if one is None else {f: getattr(one, f) for f in row.facts}
        if one is None:
            fresh[number] = _values(row, scopes[row.product_id])
        elif one.product_id != row.product_id and one.ended_at is None:
            raise Refused("item_of_other_product", item_no=row.place[1])
        elif is_overtaken(one, row.product_id, row.stock_as_of) or (
            before[number] == row.facts
            and one.stock_as_of >= row.stock_as_of
            and one.ended_at is None
        ):
            kept[number] = KeptListing("unchanged")
        else:
            kept[number] = KeptListing("updated", _refresh(one, row))
    session.flush()
    keys = insert_many(session, Listing, list(fresh.values()))
    for (number, values), key in zip(fresh.items(), keys, strict=True):
        kept[number] = KeptListing("inserted", inserted(Listing, key, values))
    for number, row in enumerate(rows):
        if kept[number].outcome != "unchanged":
            _tell(session, clock, actor, row, scopes[row.product_id], before[number])
    return [kept[number] for number in range(len(rows))]


def listings_numbered(
    session: Session, item_nos: Sequence[str]
) -> dict[tuple[str, str], Listing]:
    """Return the listings with some numbers, by platform and number."""
    numbers = {normalize(item_no) for item_no in item_nos}
    found = session.execute(select(Listing).where(col(Listing.item_no).in_(numbers))).scalars()
    return {(one.platform, one.item_no): one for one in found}


def _scopes(
    session: Session, who: Actor, program: str, rows: Sequence[OnSale]
) -> dict[int, Scope]:
    """Return the scope of each product."""
    found = session.execute(
        sa.select(
            col(Product.id),
            col(Product.program),
            col(Factory.district),
            col(Product.operator_id),
        )
        .join(Factory, col(Factory.id) == col(Product.factory_id))
        .where(col(Product.id).in_({row.product_id for row in rows}))
    )
    scopes = {
        int(key): Scope(program=place, district=district, operator_id=operator_id)
        for key, place, district, operator_id in found
    }
    for row in rows:
        scope = scopes.get(row.product_id)
        if scope is None or scope.program != program:
            raise NotFound("product_not_found", product_id=row.product_id)
        require(who, "promotion.record_listings", scope)
    return scopes


def _check(session: Session, clock: Clock, rows: Sequence[OnSale]) -> None:
    faults = [
        fault
        for row in rows
        for fault in faults_of_listing(
            clock,
            number=row.place[1],
            url=row.url,
            price_fen=row.price_fen,
            stock=row.stock,
            stock_as_of=row.stock_as_of,
        )
    ]
    if faults:
        raise Invalid(faults)
    found = session.execute(
        sa.select(col(Store.id), col(Store.platform)).where(
            col(Store.id).in_({row.store_id for row in rows})
        )
    )
    there = {(key, platform) for key, platform in found}
    for row in rows:
        if (row.store_id, row.platform) not in there:
            raise NotFound("store_not_found", store_id=row.store_id)


def _values(row: OnSale, scope: Scope) -> dict[str, Any]:
    return {
        "product_id": row.product_id,
        "program": str(scope.program),
        "platform": row.platform,
        "item_no": row.place[1],
        "stock_as_of": row.stock_as_of,
        "version": 1,
        **row.facts,
    }


def _refresh(one: Listing, row: OnSale) -> Touched | None:
    for field, value in row.facts.items():
        setattr(one, field, value)
    one.product_id = row.product_id
    one.stock_as_of, one.ended_at = row.stock_as_of, None
    return changed(one)


def _tell(
    session: Session,
    clock: Clock,
    who: Actor,
    row: OnSale,
    scope: Scope,
    before: Mapping[str, Any] | None,
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=who,
        action="promotion.record_listing",
        subject=f"product:{row.product_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        facts={"item_no": row.place[1], "platform": row.platform},
        before=before,
        after=row.facts,
    )
    announce(session, OfferChanged((row.product_id,), str(scope.program)))
