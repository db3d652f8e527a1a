"""What every figure adds up: months under watch, and sums that carry a rate with its interval.

Pure. Domain §3a: under `FEW_FINDINGS` the interval is exact and on findings, with the listings a
bare count; from there on it is quasi-Poisson on listings, with the dispersion of the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    """One operator's months with its time zero as a month index, None when not enrolled."""

    operator_id: int
    zero: int | None
    months: tuple[StoreMonth, ...]
    declared: bool = False
    expected_store_months: int = 0
    exit_reason: str | None = None


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


def leavers_by_reason(watched: Sequence[Watched]) -> tuple[tuple[str, int], ...]:
    """Return how many left for which reason, in order of the reasons' names."""
    counted: dict[str, int] = {}
    for w in watched:
        if w.exit_reason:
            counted[w.exit_reason] = counted.get(w.exit_reason, 0) + 1
    return tuple(sorted(counted.items()))
