"""What else was looked at on each side of time zero: listings on sale, inspections, complaints.

Everything counts in the months in which the operator was observed, so that it stands over the same
months as the rates. Samples have no rows of their own here yet: no data, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marketplace.features.compliance.observing import Observation
from marketplace.features.compliance.rules import Watched
from marketplace.features.compliance.rules.comparison import Beside


@dataclass(frozen=True, slots=True)
class Seen:
    """Sums of one side, whether counted here or kept."""

    store_months: int = 0
    operator_months: int = 0
    offered: int = 0
    offered_stores: int = 0
    inspections: int = 0
    complaints: int = 0
    complaint_months: int = 0

    @property
    def told(self) -> Beside:
        """What may be said of it: listings on sale only where every store-month told them."""
        whole = 0 < self.store_months == self.offered_stores
        return Beside(
            listed=self.offered if whole else None,
            inspections=self.inspections if self.store_months else None,
            complaints=self.complaints if self.complaint_months else None,
            complaint_months=self.complaint_months,
        )


def looked_beside(
    observations: Sequence[Observation],
    watched: Sequence[Watched],
    on_sale: Sequence[dict[tuple[int, int], int]],
    *,
    complaints_since: int | None,
) -> tuple[Beside, Beside]:
    """Return what was on sale, inspected and complained of, before and after.

    `complaints_since` is the first month in which complaints were kept; earlier ones say nothing.
    """
    parts = list(zip(observations, watched, on_sale, strict=True))
    before = (_seen(*part, complaints_since, after=False) for part in parts)
    after = (_seen(*part, complaints_since, after=True) for part in parts)
    return _together(before).told, _together(after).told


def _seen(
    o: Observation,
    w: Watched,
    on_sale: dict[tuple[int, int], int],
    since: int | None,
    *,
    after: bool,
) -> Seen:
    zero = w.zero
    if zero is None:
        return Seen()
    kept = [m for m in w.months if (m.month > zero if after else m.month < zero)]
    months = {m.month for m in kept}
    offered = [on_sale[at] for m in kept if (at := (m.store_id, m.month)) in on_sale]
    return Seen(
        store_months=len(kept),
        operator_months=len(months),
        offered=sum(offered),
        offered_stores=len(offered),
        inspections=sum(n for month, n in o.inspections.items() if month in months),
        complaints=sum(n for month, n in o.complaints.items() if month in months),
        complaint_months=0 if since is None else sum(month >= since for month in months),
    )


def _together(sides: Iterable[Seen]) -> Seen:
    total = Seen()
    for s in sides:
        total = Seen(
            total.store_months + s.store_months,
            total.operator_months + s.operator_months,
            total.offered + s.offered,
            total.offered_stores + s.offered_stores,
            total.inspections + s.inspections,
            total.complaints + s.complaints,
            total.complaint_months + s.complaint_months,
        )
    return total
