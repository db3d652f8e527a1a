"""Who may be featured and in which order; current conduct only, never a rate, never a complaint.

Source: domain §3a and §3b; figures come from the program file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from marketplace.base.rulebook import Rulebook
from marketplace.features.promotion.kinds import WindowStatus

ONE_BOWL = 4_096  # products up to which all lots lie in one bowl
DRAW_BITS = 60
_HOST = re.compile(r"https://([A-Za-z0-9.\-]+)(?::443)?(?:[/?#]|$)")
_BOWL_BITS = 6  # of the number of products: bowls of 32 to 64


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


def eligibility(
    rulebook: Rulebook, offer: OfferFacts, at: datetime, *, within: str | None = None
) -> tuple[Line, ...]:
    """Return every criterion with yes or no, in the order people check them.

    `within` is the category of the collection that is asked about; one open to every category
    asks nothing more.
    """
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
        *_of_category(offer.category, within),
    )


def _of_category(category: str | None, within: str | None) -> tuple[Line, ...]:
    if within is None:
        return ()
    return (Line("category", category == within, {"own": category or "", "needed": within}),)


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


def is_known_host(rulebook: Rulebook, url: str) -> bool:
    """Tell whether a link leads to a host the program names, or to one under it.

    Read strictly: what a browser and a parser could take for different hosts (a backslash, a name
    before an @) leads nowhere known. A program that names no hosts knows all.
    """
    found = _HOST.match(url)
    if found is None:
        return False
    host, known = found[1].lower(), rulebook.featuring.link_hosts
    return not known or any(host == name or host.endswith(f".{name}") for name in known)


def is_eligible(lines: Sequence[Line]) -> bool:
    """Tell whether every criterion holds."""
    return all(line.ok for line in lines)


def draw_of(product_id: int) -> int:
    """Return a product's own fixed draw: where it stands among equals in every list."""
    return int.from_bytes(lot_of(0, product_id)[:8]) >> (64 - DRAW_BITS)


def bowls_for(highest: int) -> int:
    """Return into how many bowls lots are put when products are numbered up to `highest`.

    One bowl below `ONE_BOWL` products. Beyond, bowls of about fifty lots each, so that a
    drawing opens a few bowls and not all; a power of two, so that a bowl is a stretch of draws.
    """
    return 1 if highest < ONE_BOWL else 1 << (highest.bit_length() - _BOWL_BITS)


def first_bowl(seed: int, bowls: int) -> int:
    """Return the bowl that a seed opens first; the others follow once around."""
    return int.from_bytes(hashlib.sha256(b"%d:bowl" % seed).digest()[:8]) % bowls


def bowl_of(draw: int, bowls: int) -> int:
    """Return the bowl a draw lies in."""
    return draw * bowls >> DRAW_BITS


def lot_of(seed: int, product_id: int) -> bytes:
    """Return the lot of a product inside its bowl; the lowest comes first."""
    return hashlib.sha256(b"%d:%d" % (seed, product_id)).digest()


def rotation_order(
    offers: Sequence[OfferFacts], seed: int, *, bowls: int = 1
) -> list[OfferFacts]:
    """Return offers in the order slots are filled: longest not featured first, never counts first.

    Ties are broken by lot, bowl by bowl, so that the order of the input, names and money mean
    nothing, and the same seed gives the same order. See decision 0065.
    """
    first = first_bowl(seed, bowls)

    def key(offer: OfferFacts) -> tuple[bool, float, int, bytes]:
        last = offer.last_featured_at
        bowl = (bowl_of(draw_of(offer.product_id), bowls) - first) % bowls
        return (
            last is not None,
            last.timestamp() if last else 0.0,
            bowl,
            lot_of(seed, offer.product_id),
        )

    return sorted(offers, key=key)


Candidate = tuple[int, int]  # a product that may be featured, and the group it counts for


def choose(
    ordered: Iterable[Candidate],
    *,
    open_slots: int,
    taken: Mapping[int, int],
    cap_per_group: int,
) -> list[Candidate]:
    """Return, of candidates in rotation order, those that fill the open slots.

    `taken` counts what a group holds already. A group's next product waits behind every product
    of a group that holds less, so that no group gets a second slot while another eligible one has
    none; none gets more than `cap_per_group` in all.
    """
    counts = dict(taken)
    rounds: list[list[Candidate]] = [[] for _ in range(max(cap_per_group, 0))]
    for candidate in ordered:
        group = candidate[1]
        held = counts.get(group, 0)
        if held < cap_per_group:
            rounds[held].append(candidate)
            counts[group] = held + 1
            if held == 0 and len(rounds[0]) >= open_slots:
                break
    return list(chain.from_iterable(rounds))[: max(open_slots, 0)]


def within_cap(
    standing: Sequence[int], wanted: Sequence[int], *, cap: int
) -> tuple[list[int], list[int]]:
    """Return which of the wanted go in, and which are one too many for their group.

    `standing` and `wanted` are groups, one a product; the answer counts the wanted from 0, in
    their order.
    """
    held = dict.fromkeys({*standing, *wanted}, 0)
    for group in standing:
        held[group] += 1
    fit, over = [], []
    for place, group in enumerate(wanted):
        if held[group] < cap:
            held[group] += 1
            fit.append(place)
        else:
            over.append(place)
    return fit, over
