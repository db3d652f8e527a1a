"""Who may be featured and in which order; current conduct only, never a rate, never a complaint.

Source: domain §3a and §3b; figures come from the program file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.base.rulebook import Rulebook
from marketplace.features.promotion.kinds import WindowStatus


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """A product with its best platform listing, as eligibility sees it."""

    product_id: int
    group: int
    category: str | None
    live: bool
    lapse_class: str | None
    window: str | None  # where the objection window stands; None before any verification
    window_ends: str | None
    enrolled: bool
    has_listing: bool
    store_open: bool
    store_held: bool
    stock: int
    stock_as_of: datetime | None
    last_featured_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion with its answer and the facts of it."""

    key: str
    ok: bool
    facts: Mapping[str, str | int]


def eligibility(rulebook: Rulebook, offer: OfferFacts, at: datetime) -> tuple[Line, ...]:
    """Return every criterion with yes or no, in the order people check them."""
    rule = rulebook.featuring
    fresh = offer.stock_as_of is not None and at - offer.stock_as_of <= timedelta(
        days=rule.stock_max_age_days
    )
    return (
        Line("product_live", offer.live, {"reason": offer.lapse_class or ""}),
        Line(
            "objection_window",
            offer.window == WindowStatus.CLEARED.value,
            {"state": offer.window or "", "ends_on": offer.window_ends or ""},
        ),
        Line("enrolled", offer.enrolled, {}),
        Line("listed", offer.has_listing, {}),
        Line("store_open", offer.has_listing and offer.store_open and offer.store_held, {}),
        Line(
            "stock",
            offer.has_listing and offer.stock >= rule.min_stock,
            {"stock": offer.stock, "needed": rule.min_stock},
        ),
        Line("stock_fresh", fresh, {"days": rule.stock_max_age_days}),
    )


def remarks(
    rulebook: Rulebook, *, category: str | None, prices_fen: Sequence[int | None]
) -> tuple[Line, ...]:
    """Return what a person should look at before featuring; it decides nothing.

    `prices_fen` are the product's own price and that of its listing; the lowest one counts.
    """
    told = [price for price in prices_fen if price is not None]
    price = min(told, default=None)
    floor = rulebook.enforcement.floor_above(category, price)
    if floor is None or price is None:
        return ()
    return (Line("price_floor", False, {"price_fen": price, "floor_fen": floor}),)  # noqa: FBT003


def is_eligible(lines: Sequence[Line]) -> bool:
    """Tell whether every criterion holds."""
    return all(line.ok for line in lines)


def rotation_order(offers: Sequence[OfferFacts], seed: int) -> list[OfferFacts]:
    """Return offers in the order slots are filled: longest not featured first, never counts first.

    Ties are broken by a digest of seed and product, so that the order of the input, names and
    money mean nothing, and the same seed gives the same order.
    """

    def key(offer: OfferFacts) -> tuple[bool, float, str]:
        last = offer.last_featured_at
        tie = hashlib.sha256(f"{seed}:{offer.product_id}".encode()).hexdigest()
        return (last is not None, last.timestamp() if last else 0.0, tie)

    return sorted(offers, key=key)


def choose(
    offers: Sequence[OfferFacts],
    *,
    seed: int,
    open_slots: int,
    taken: Mapping[int, int],
    cap_per_group: int,
) -> list[OfferFacts]:
    """Return the offers that fill the open slots, at most `cap_per_group` a group in all.

    `taken` counts what a group holds already. One round takes at most one offer of each group,
    so that no group gets a second slot while another eligible one has none.
    """
    counts = dict(taken)
    chosen: list[OfferFacts] = []
    left = rotation_order(offers, seed)
    while left and len(chosen) < open_slots:
        fewest = min((counts.get(o.group, 0) for o in left), default=cap_per_group)
        if fewest >= cap_per_group:
            break
        pick = next(o for o in left if counts.get(o.group, 0) == fewest)
        chosen.append(pick)
        counts[pick.group] = counts.get(pick.group, 0) + 1
        left.remove(pick)
    return chosen
