"""What else was looked at beside time zero: listings on sale, inspections, complaints, samples.

Everything counts in the months in which the operator was observed, so that it stands over the same
months as the rates. Listings are drawn of enrolled firms only: before enrollment, and before the
first draw, samples are no data and never zero.
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
    samples: int = 0
    sample_months: int = 0

    @property
    def told(self) -> Beside:
        """What may be said of it: listings on sale only where every store-month told them."""
        whole = 0 < self.store_months == self.offered_stores
        return Beside(
            listed=self.offered if whole else None,
            inspections=self.inspections if self.store_months else None,
            complaints=self.complaints if self.complaint_months else None,
            complaint_months=self.complaint_months,
            samples=self.samples if self.sample_months else None,
            sample_months=self.sample_months,
        )


def looked_beside(
    observations: Sequence[Observation],
    watched: Sequence[Watched],
    on_sale: Sequence[dict[tuple[int, int], int]],
    *,
    complaints_since: int | None,
    samples_since: int | None = None,
) -> tuple[Beside, Beside]:
    """Return what was on sale, inspected and complained of, before and after.

    `complaints_since` and `samples_since` are the first months in which complaints were kept and
    listings drawn; earlier ones say nothing.
    """
    parts = list(zip(observations, watched, on_sale, strict=True))
    since = (complaints_since, samples_since)
    before = (_seen(*part, since, after=False) for part in parts)
    after = (_seen(*part, since, after=True) for part in parts)
    return _together(before).told, _together(after).told


def _seen(
    o: Observation,
    w: Watched,
    on_sale: dict[tuple[int, int], int],
    since: tuple[int | None, int | None],
    *,
    after: bool,
) -> Seen:
    complained, drawn = since
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
        complaint_months=_from(months, complained),
        samples=sum(n for month, n in o.samples.items() if month in months) if after else 0,
        sample_months=_from(months, drawn) if after else 0,
    )


def _from(months: set[int], since: int | None) -> int:
    return 0 if since is None else sum(month >= since for month in months)


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
            total.samples + s.samples,
            total.sample_months + s.sample_months,
        )
    return total
