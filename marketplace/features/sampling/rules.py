"""Decides how many listings of each category are drawn, and which.

Source: domain §2 rule 4 (samples at random) and rule 11 (each category its own rate, which stands
in the program file). Within a category every listing has the same chance; nobody picks, and nobody
picks the seed: it follows from program and quarter by the installation's signature.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marketplace.base.rulebook import Rulebook
from marketplace.base.seeding import draw

SEED_PURPOSE = "sampling-seed"


@dataclass(frozen=True, slots=True)
class FrameListing:
    """A listing on sale in a store of an enrolled firm; `category` is its product's."""

    listing_id: int
    store_id: int
    factory_id: int
    operator_id: int
    product_id: int
    platform: str
    item_no: str
    url: str
    category: str | None

    @property
    def key(self) -> str:
        """What names it in frames and draws."""
        return f"listing:{self.listing_id}"


@dataclass(frozen=True, slots=True)
class Stratum:
    """One category of a frame; `rate` is None where no policy gives one."""

    category: str
    rate: float | None
    size: int

    @property
    def wanted(self) -> int:
        """How many are to be drawn: the rate rounded up, so that a small category is not spared."""
        if not self.rate:
            return 0
        return min(self.size, math.ceil(self.size * Decimal(str(self.rate))))


def strata(
    frame: Iterable[FrameListing], rates: Mapping[str, float | None]
) -> tuple[Stratum, ...]:
    """Return the categories of a frame by name; listings without one are under the empty name."""
    sizes: dict[str, int] = {}
    for one in frame:
        sizes[one.category or ""] = sizes.get(one.category or "", 0) + 1
    return tuple(Stratum(c, rates.get(c), n) for c, n in sorted(sizes.items()))


def choose(
    frame: Sequence[FrameListing], layers: Iterable[Stratum], *, seed: str
) -> list[FrameListing]:
    """Return what is drawn: category by category, in the order of the seed within each."""
    chosen = []
    for layer in layers:
        by_key = {x.key: x for x in frame if (x.category or "") == layer.category}
        chosen += [by_key[k] for k in draw(by_key, seed=seed, count=layer.wanted)]
    return chosen


def seed_content(program: str, quarter_from: date) -> bytes:
    """Return what is signed for a quarter's seed; nothing in it is anybody's choice."""
    return f"sampling-seed-1|{program}|{quarter_from.isoformat()}".encode()


def seed_of(proof: str) -> str:
    """Return the seed that follows from a signature of `seed_content`, in hexadecimal."""
    return hashlib.sha256(bytes.fromhex(proof)).hexdigest()[:32]


def quarter_start(day: date) -> date:
    """Return the first day of a day's quarter."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def rates_of(rulebook: Rulebook) -> dict[str, float | None]:
    """Return each category's sampling rate, what is inherited filled in."""
    rules = rulebook.enforcement
    found = ((c.key, rules.category(c.key)) for c in rules.categories)
    return {key: policy.sampling_rate for key, policy in found if policy is not None}
