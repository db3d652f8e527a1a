"""How far listings found together spread beyond chance, pooled over a whole program.

Pure. Listings come in clusters, so their count varies more than a Poisson count; an interval on
listings is widened by the variance over the mean (domain §3a). It is pooled over the program and
never taken from the months of the one firm a figure is about: those are too few to know it.

The estimate is a ratio of sums, not a mean of ratios. With listings x, exposure e and one mean rate
r an operator and side, E sum (x - r e)^2 = phi * r * (E - sum e^2 / E), E the exposure of the side;
both sides of that equation are added up over all groups before they are divided. Pearson's
statistic divides in each group first, and with a few findings a group it is far too small: it gave
5.2 where 8.8 was true (decision 0015). Fletcher (2012), Biometrika 99:230-237, describes the fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marketplace.features.compliance.rules.sides import StoreMonth, Watched

_MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Spread:
    """What some groups add to the pooled dispersion, in whole millionths.

    Whole numbers, so that a total that is kept and changed by differences stays exact.
    `residual` is the sum of squared deviations, `expected` what chance alone would bring.
    """

    residual: int = 0
    expected: int = 0

    def __add__(self, other: Spread) -> Spread:
        """Return both together."""
        return Spread(self.residual + other.residual, self.expected + other.expected)

    @property
    def dispersion(self) -> float:
        """Variance over mean; at least 1, because under-dispersion is never claimed."""
        return max(1.0, self.residual / self.expected) if self.expected > 0 else 1.0


def spread_of(w: Watched) -> Spread:
    """Return what one operator adds: a group a side, or one group while not enrolled.

    The month of enrollment is on neither side. Store-months of one month are one act of looking
    and are added up first; a side with one month or nothing found adds nothing.
    """
    if w.zero is None:
        return _spread(w.months)
    before = [m for m in w.months if m.month < w.zero]
    after = [m for m in w.months if m.month > w.zero]
    return _spread(before) + _spread(after)


def pooled_dispersion(watched: Iterable[Watched]) -> float:
    """Return the dispersion of listings over operator-months, pooled over everybody given.

    Give every operator of the program, enrolled or not, also for the figure of a single firm.
    """
    return sum((spread_of(w) for w in watched), Spread()).dispersion


def _spread(months: Sequence[StoreMonth]) -> Spread:
    cells: dict[int, tuple[int, int]] = {}
    for m in months:
        listings, exposure = cells.get(m.month, (0, 0))
        cells[m.month] = (listings + m.listings, exposure + m.exposure)
    total = sum(exposure for _x, exposure in cells.values())
    listings = sum(x for x, _e in cells.values())
    if listings == 0 or total == 0 or len(cells) < 2:
        return Spread()
    rate = listings / total
    residual = sum((x - rate * e) ** 2 for x, e in cells.values())
    expected = rate * (total - sum(e * e for _x, e in cells.values()) / total)
    return Spread(round(residual * _MICRO), round(expected * _MICRO))
