"""What happens to each demo factory: uneven, plausible, and the same at every load."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from pypinyin import lazy_pinyin

from marketplace.upkeep.demo.goods import FULL_SHELF, PRODUCTS
from marketplace.upkeep.demo.names import (
    PICTURED_BRANDS,
    ROADS,
    TOWNS,
    firm_names,
    make_uscc,
    person_name,
)

FACTORIES = 120


class Plot(StrEnum):
    """The kind of story."""

    IMPROVER = "improver"
    STEADY = "steady"
    RELAPSE = "relapse"
    NO_HISTORY = "no_history"
    TINY = "tiny"
    GAPS = "gaps"
    LEAVER = "leaver"
    NEWCOMER = "newcomer"
    DRAFT = "draft"


_PLOTS = (
    (Plot.IMPROVER, 44),
    (Plot.STEADY, 20),
    (Plot.RELAPSE, 8),
    (Plot.NO_HISTORY, 8),
    (Plot.TINY, 8),
    (Plot.GAPS, 8),
    (Plot.LEAVER, 6),
    (Plot.NEWCOMER, 14),
    (Plot.DRAFT, 4),
)


@dataclass(frozen=True, slots=True)
class Story:
    """One factory's facts before anything is written."""

    index: int
    plot: Plot
    name: str
    name_en: str
    uscc: str | None
    head: str
    phone: str
    district: str
    address: str
    capacity: int
    staff: int
    founded: int
    enrolled_on: date | None
    brand: tuple[str, str, str] | None
    stores: int
    base_rate: float
    later_rate: float
    checked_per_month: int
    reached: int  # how many conditions of the ladder are met, in order
    products: int = 0


def stories(seed: int, today: date) -> list[Story]:
    """Return the stories of every demo factory, drawn from one seed."""
    rng = random.Random(seed)
    names = firm_names(rng, FACTORIES)
    plots = [plot for plot, count in _PLOTS for _ in range(count)]
    return _stocked([_story(rng, i, plots[i], names[i], today) for i in range(FACTORIES)])


def _stocked(told: list[Story]) -> list[Story]:
    """Give each brand its products, `PRODUCTS` in all: full shelves where the mark is registered.

    The rest is spread over the brands whose mark is not registered yet; they have drafts only.
    """
    branded = [s for s in told if s.brand is not None and s.enrolled_on is not None]
    full = {s.index for s in branded if s.reached >= 4}
    others = [s.index for s in branded if s.index not in full]
    left = PRODUCTS - FULL_SHELF * len(full)
    counts = dict.fromkeys(full, FULL_SHELF)
    for place, index in enumerate(others):
        counts[index] = left // len(others) + (place < left % len(others))
    return [replace(s, products=counts.get(s.index, 0)) for s in told]


def _story(rng: random.Random, i: int, plot: Plot, short: str, today: date) -> Story:
    region = rng.choice(sorted(TOWNS))
    district, towns = TOWNS[region]
    brand = PICTURED_BRANDS[i] if i < len(PICTURED_BRANDS) else _brand(i)
    enrolled = plot not in {Plot.NEWCOMER, Plot.DRAFT}
    months_ago = rng.randint(7, 40) if plot is not Plot.NO_HISTORY else rng.randint(5, 14)
    year, month = divmod(today.year * 12 + today.month - 1 - months_ago, 12)
    rate, later = _rates(rng, plot)
    return Story(
        index=i,
        plot=plot,
        name=f"（虚构）莆田市{short}",
        name_en=f"(fictional) {_latin(i, brand)} Footwear",
        uscc=None if plot is Plot.DRAFT else make_uscc(rng, region),
        head=person_name(rng),
        phone=f"1{rng.choice('3578')}{rng.randint(0, 9)}0000{rng.randint(1000, 9999)}",
        district=region,
        address=f"福建省莆田市{district}{rng.choice(towns)}{rng.choice(ROADS)}{rng.randint(1, 900)}号",
        capacity=rng.randint(20, 400) * 10_000,
        staff=rng.randint(30, 900),
        founded=rng.randint(1998, 2018),
        enrolled_on=date(year, month + 1, rng.randint(3, 26)) if enrolled else None,
        brand=brand,
        stores=0 if plot is Plot.DRAFT else rng.choice((1, 1, 2, 2, 3)),
        base_rate=rate,
        later_rate=later,
        checked_per_month=rng.randint(3, 9) if plot is Plot.TINY else rng.randint(25, 160),
        reached=_reached(rng, plot, i),
    )


def _rates(rng: random.Random, plot: Plot) -> tuple[float, float]:
    """Return infringing listings per checked listing before and after enrollment."""
    match plot:
        case Plot.IMPROVER:
            return rng.uniform(0.03, 0.08), rng.uniform(0.004, 0.015)
        case Plot.RELAPSE:
            return rng.uniform(0.03, 0.06), rng.uniform(0.03, 0.06)
        case Plot.LEAVER:
            return rng.uniform(0.05, 0.09), rng.uniform(0.04, 0.08)
        case Plot.NO_HISTORY:
            return 0.0, rng.uniform(0.002, 0.01)
        case _:
            return rng.uniform(0.01, 0.03), rng.uniform(0.006, 0.02)


def _reached(rng: random.Random, plot: Plot, i: int) -> int:
    if plot is Plot.DRAFT:
        return 0
    if plot is Plot.NEWCOMER:
        return rng.randint(0, 2)
    if i < 40 or plot is Plot.RELAPSE:  # a relapse is seen only where something was verified
        return 5
    return rng.randint(2, 5)


def _brand(i: int) -> tuple[str, str, str] | None:
    if i >= 75:
        return None
    first, second = "山海云月江风禾木石竹松泉"[i % 12], "行野步舟岸川岭原渡屿"[i % 10]
    name = f"{first}{second}{'' if i < 24 else '履'}"
    return ("", name, _spelled(name))


def _spelled(name: str) -> str:
    """Return how a brand writes itself in Latin letters: 石步履 is SHIBU LU."""
    parts = [part.replace("v", "u").upper() for part in lazy_pinyin(name)]
    return " ".join(part for part in ("".join(parts[:2]), "".join(parts[2:])) if part)


def _latin(i: int, brand: tuple[str, str, str] | None) -> str:
    return brand[2].title() if brand else f"Works {i + 1:03d}"
