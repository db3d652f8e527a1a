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


@dataclass(frozen=True, slots=True)
class Left:
    """What one leaver was seen at within the window; rates are listings over exposure."""

    zero: int
    last_seen: int
    months: int
    exposure: int
    before: tuple[int, int]
    after: tuple[int, int]

    @classmethod
    def of(cls, w: Watched) -> Left | None:
        """Return what a watched operator was seen at; None when he never was."""
        if not w.months:
            return None
        zero = w.zero or 0
        seen = sorted({m.month for m in w.months})
        return cls(
            zero=zero,
            last_seen=seen[-1],
            months=len(seen),
            exposure=sum(m.exposure for m in w.months),
            before=_parts([m for m in w.months if m.month < zero]),
            after=_parts([m for m in w.months if m.month > zero]),
        )

    @property
    def worst_rate(self) -> float:
        """The higher of his two rates."""
        return max(x / e if e else 0.0 for x, e in (self.before, self.after))


def worst_case(watched: Sequence[Watched], *, until: int, window: int) -> WorstCase | None:
    """Return the side after had every leaver stayed through month `until`, within `window`.

    A leaver's missing months get his mean exposure a month and the higher of his two rates; one
    never observed adds nothing. None when nobody left or nothing was observed after.
    """
    after = [m for w in watched for m in w.months if w.zero is not None and m.month > w.zero]
    gone = [Left.of(w) for w in watched if w.exit_reason and w.zero is not None]
    return suppose_they_stayed(
        [left for left in gone if left is not None],
        listings=sum(m.listings for m in after),
        exposure=sum(m.exposure for m in after),
        until=until,
        window=window,
    )


def suppose_they_stayed(
    gone: Sequence[Left], *, listings: int, exposure: int, until: int, window: int
) -> WorstCase | None:
    """Return the worst case from what each leaver was seen at and the sums of the side after."""
    if not gone or not exposure:
        return None
    supposed, added = float(listings), 0
    for left in gone:
        # Whoever was last seen before he entered lacks every month after it, and none before.
        missing = max(min(until, left.zero + window) - max(left.zero, left.last_seen), 0)
        more = round(left.exposure / left.months * missing)
        supposed += more * left.worst_rate
        added += more
    return WorstCase(len(gone), supposed, exposure + added, added)


def _parts(side: Sequence[StoreMonth]) -> tuple[int, int]:
    return sum(m.listings for m in side), sum(m.exposure for m in side)
