"""What every figure adds up: months under watch, and sums that carry a rate with its interval.

Pure. Domain §3a: under `FEW_FINDINGS` the interval is exact and on findings, with the listings a
bare count; from there on it is quasi-Poisson on listings, with the dispersion of the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.rules.intervals import (
    Interval,
    rate_interval,
    scaled_rate_interval,
)

FEW_FINDINGS = 20  # domain §3a; under it the interval is on findings


@dataclass(frozen=True, slots=True)
class StoreMonth:
    """What was checked in a store in a month and what the same looking found."""

    store_id: int
    month: int
    exposure: int
    findings: int
    listings: int
    overturned: int = 0


@dataclass(frozen=True, slots=True)
class Watched:
    """One operator's months with its time zero as a month index, None when not enrolled.

    `outside` is what was found in months whose looking it cannot have come from: no exposure, and
    in no rate.
    """

    operator_id: int
    zero: int | None
    months: tuple[StoreMonth, ...]
    declared: bool = False
    expected_store_months: int = 0
    exit_reason: str | None = None
    outside: tuple[StoreMonth, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Sums over store-months with the interval of their rate.

    `interval` is per unit of exposure; on findings when `on_findings`, else on listings.
    """

    exposure: int
    findings: int
    listings: int
    interval: Interval | None
    on_findings: bool

    @property
    def rate(self) -> float | None:
        """Infringing listings per unit of exposure; None without exposure."""
        return self.listings / self.exposure if self.exposure else None


@dataclass(frozen=True, slots=True)
class Sums:
    """The bare sums of some store-months."""

    exposure: int
    findings: int
    listings: int

    @classmethod
    def of(cls, months: Iterable[StoreMonth]) -> Sums:
        """Add months up."""
        kept = list(months)
        return cls(
            sum(m.exposure for m in kept),
            sum(m.findings for m in kept),
            sum(m.listings for m in kept),
        )

    def interval(self, dispersion: float, level: float, *, few: bool) -> Interval | None:
        """Return the exact interval on findings when `few`, else quasi-Poisson on listings."""
        if few:
            return rate_interval(self.findings, self.exposure, level)
        return scaled_rate_interval(self.listings, self.exposure, dispersion, level)


NOTHING = Sums(0, 0, 0)


def is_of_the_looking(listings: int, quantity: int, kind: ExposureKind) -> bool:
    """Tell whether so many infringing listings can be among what was looked at.

    Domain §3a: numerator and denominator come from the same act of looking. More infringing
    listings than listings were found elsewhere, or the report is wrong. Units sold bound no
    listings; of none sold nothing is a rate.
    """
    if kind is ExposureKind.SOLD:
        return quantity > 0 or listings == 0
    return listings <= quantity


def split(m: StoreMonth, kind: ExposureKind) -> tuple[StoreMonth | None, StoreMonth | None]:
    """Return what of a reported store-month enters a rate, and what stands beside it.

    Where the found cannot be of the looking, a report of 0 stays as known looking, since not to
    look is not a gap; any other report is contradicted, and the month a gap on both sides.
    """
    if is_of_the_looking(m.listings, m.exposure, kind):
        return m, None
    looked = None if m.exposure else replace(m, findings=0, listings=0)
    return looked, replace(m, exposure=0, overturned=0)


def leavers_by_reason(watched: Sequence[Watched]) -> tuple[tuple[str, int], ...]:
    """Return how many left for which reason, in order of the reasons' names."""
    counted: dict[str, int] = {}
    for w in watched:
        if w.exit_reason:
            counted[w.exit_reason] = counted.get(w.exit_reason, 0) + 1
    return tuple(sorted(counted.items()))
