"""The marketer's list of products: search, counts and pages in SQL, along the kept ranks.

A page goes on from where the last one ended, so that it costs the same however far one reads. It
narrows by `offer_rank`; whether a product may be featured is said by the rules, line by line. A
jump to a page whose predecessor was not read reads the keys of all rows before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from heapq import merge
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize
from marketplace.desk.search import matching
from marketplace.features.catalog.tables import Product
from marketplace.features.promotion.queries import Offer, gather_offers
from marketplace.features.promotion.queries.rotation import RANK, fits
from marketplace.features.promotion.tables import Listing

PAGE_ROWS = 9
ORDERS = ("rotation", "until", "price")
_FIRST, _REST = 0, 1  # in rotation, what may be featured stands before what may not
Mark = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """What is asked of the list; `fit` is all, fit or miss, `within` the collection's category."""

    word: str = ""
    category: str | None = None
    fit: str = "all"
    order: str = "rotation"
    within: str | None = None


@dataclass(frozen=True, slots=True)
class OfferPage:
    """One page of offers; `last` is the mark to go on from, None where it was the last page.

    `categories` counts what each category would give; `total` and `fitting` are of the chosen one.
    """

    offers: tuple[Offer, ...]
    last: Mark | None
    total: int
    fitting: int
    categories: Mapping[str, int]

    @property
    def missing(self) -> int:
        """How many may not be featured."""
        return self.total - self.fitting


def list_offer_page(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    wanted: OfferFilter,
    after: Mark | None = None,
    skip: int = 0,
    page_rows: int = PAGE_ROWS,
) -> OfferPage:
    """Return a page of the products that were ever verified: after a mark, or `skip` rows on."""
    require(actor, "desk.list_offer_page", Scope(program=rulebook.program.key))
    among = [RANK.c.program == rulebook.program.key, *_found(rulebook, wanted)]
    counted = _counted(session, among, fits(rulebook, clock))
    if wanted.category is not None:
        among.append(RANK.c.category == wanted.category)
        counts = counted.get(wanted.category, (0, 0))
    else:
        counts = (sum(n for n, _fit in counted.values()), sum(f for _n, f in counted.values()))
    marks: list[Mark] = []
    if {"fit": counts[1], "miss": counts[0] - counts[1]}.get(wanted.fit, counts[0]):
        before = after
        if skip:
            passed = _marks(
                session, rulebook, clock, among, wanted=wanted, after=after, rows=skip
            )
            before = passed[-1] if passed else None
        marks = _marks(
            session, rulebook, clock, among, wanted=wanted, after=before, rows=page_rows + 1
        )
    shown = marks[:page_rows]
    ids = [mark[-1] for mark in shown]
    offers = gather_offers(
        session, rulebook, clock=clock, product_ids=ids, within=wanted.within
    )
    return OfferPage(
        offers=tuple(offers[i] for i in ids if i in offers),
        last=shown[-1] if len(marks) > page_rows else None,
        total=counts[0],
        fitting=counts[1],
        categories={key: n for key, (n, _fit) in counted.items() if key},
    )


def _counted(
    session: Session, among: list[sa.ColumnElement[bool]], may: sa.ColumnElement[bool]
) -> dict[str, tuple[int, int]]:
    """Return category → how many products, and how many of them may be featured."""
    rows = session.execute(
        sa.select(RANK.c.category, sa.func.count(), sa.func.sum(sa.case((may, 1), else_=0)))
        .where(*among)
        .group_by(RANK.c.category)
    ).all()
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def _found(rulebook: Rulebook, wanted: OfferFilter) -> list[sa.ColumnElement[bool]]:
    """Narrow to the collection's category, and to a word of product, brand, firm or number."""
    one, conditions = RANK.c, []
    if wanted.within is not None:
        conditions.append(one.category == wanted.within)
    word = normalize(wanted.word)
    if not word:
        return conditions
    number = col(Product.id)
    listed = sa.select(col(Listing.product_id)).where(
        col(Listing.program) == rulebook.program.key,
        col(Listing.item_no).contains(word, autoescape=True),
    )
    coded = sa.select(number).where(col(Product.code) == word.upper())
    ways = [one.product_id.in_(listed), one.product_id.in_(coded)]
    if (named := matching("product", word)) is not None:
        ways.append(one.product_id.in_(named))
    if (firms := matching("factory", word)) is not None:
        made = sa.select(number).where(col(Product.factory_id).in_(firms))
        ways.append(one.product_id.in_(made))
    return [*conditions, sa.or_(*ways)]


def _marks(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    among: list[sa.ColumnElement[bool]],
    *,
    wanted: OfferFilter,
    after: Mark | None,
    rows: int,
) -> list[Mark]:
    """Return the marks of the next rows, each ending with its product's number."""
    may = fits(rulebook, clock)
    if wanted.order != "rotation":
        only = {"fit": [may], "miss": [sa.not_(may)]}.get(wanted.fit, [])
        return _stretch(session, [*among, *only], wanted.order, (), after, rows)
    # In an order of its own each, so that every one of them is read along the index.
    parts = {
        _FIRST: [[may]],
        _REST: [[RANK.c.ready == 0], [RANK.c.ready == 1, sa.not_(may)]],
    }
    left = {"fit": {_REST}, "miss": {_FIRST}}.get(wanted.fit, set())
    found: list[Mark] = []
    for part, ways in parts.items():
        if part in left or (after is not None and after[0] > part) or len(found) >= rows:
            continue
        start = after if after is not None and after[0] == part else None
        some = [
            _stretch(session, [*among, *way], wanted.order, (part,), start, rows)
            for way in ways
        ]
        found += merge(*some)
    return found[:rows]


def _stretch(
    session: Session,
    conditions: list[sa.ColumnElement[bool]],
    order: str,
    head: Mark,
    after: Mark | None,
    rows: int,
) -> list[Mark]:
    one = RANK.c
    keys: list[Any] = {
        "until": [one.until_day, one.product_id],
        "price": [one.price_fen, one.product_id],
    }.get(order, [one.last_featured_us, one.draw, one.product_id])
    statement = sa.select(*keys).where(*conditions).order_by(*keys).limit(rows)
    if after is not None:
        place = [sa.literal(value) for value in after[len(head) :]]
        statement = statement.where(sa.tuple_(*keys) > sa.tuple_(*place))
    found = session.execute(statement).all()
    return [(*head, *(int(value) for value in row)) for row in found]
