"""What the figure would say if those who left had gone on as badly as they ever were seen.

Pure. Nobody leaves the chart by leaving (domain §3a): leavers count until exit, by reason, and
this worst case bounds what their absence can hide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.features.compliance.rules.sides import StoreMonth, Watched


@dataclass(frozen=True, slots=True)
class WorstCase:
    """The side after with the missing months of leavers put in at their own worst rate.

    `exposure` is rounded to whole listings checked; `added` of them were never observed.
    """

    leavers: int
    listings: float
    exposure: int
    added: int

    @property
    def rate(self) -> float:
        """Infringing listings per unit of exposure."""
        return self.listings / self.exposure


def worst_case(watched: Sequence[Watched], *, until: int, window: int) -> WorstCase | None:
    """Return the side after had every leaver stayed through month `until`, within `window`.

    A leaver's missing months get his mean exposure a month and the higher of his two rates; one
    never observed adds nothing. None when nobody left or nothing was observed after.
    """
    after = [m for w in watched for m in w.months if w.zero is not None and m.month > w.zero]
    exposure = sum(m.exposure for m in after)
    left = [w for w in watched if w.exit_reason and w.zero is not None and w.months]
    if not left or not exposure:
        return None
    listings, added = float(sum(m.listings for m in after)), 0
    for w in left:
        seen = sorted({m.month for m in w.months})
        missing = max(min(until, (w.zero or 0) + window) - seen[-1], 0)
        monthly = sum(m.exposure for m in w.months) / len(seen)
        more = round(monthly * missing)
        listings += more * _worst_rate(w)
        added += more
    return WorstCase(len(left), listings, exposure + added, added)


def _worst_rate(w: Watched) -> float:
    zero = w.zero or 0
    sides = ([m for m in w.months if m.month < zero], [m for m in w.months if m.month > zero])
    return max(_rate(side) for side in sides)


def _rate(months: Sequence[StoreMonth]) -> float:
    exposure = sum(m.exposure for m in months)
    return sum(m.listings for m in months) / exposure if exposure else 0.0
