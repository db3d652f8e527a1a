"""What else was looked at on each side of time zero: listings on sale and inspections.

Complaints and samples have no rows of their own here yet: they stay without data, never zero.
"""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.queries import Observation
from marketplace.features.compliance.rules import Watched
from marketplace.features.compliance.rules.comparison import Beside
from marketplace.features.compliance.rules.effort import Measured


def looked_beside(
    rulebook: Rulebook, observations: Sequence[Observation], watched: Sequence[Watched]
) -> tuple[Beside, Beside]:
    """Return what was on sale in the store-months checked, and inspections, before and after.

    Listings on sale count only where every store-month of the side reported them.
    """
    before, after = _Side(), _Side()
    checks = ExposureKind(rulebook.compliance.exposure_kind) is ExposureKind.CHECKED
    for o, w in zip(observations, watched, strict=True):
        zero = w.zero
        if zero is None or not w.months:
            continue
        on_sale = {
            (e.store_id, e.month): e.quantity
            for e in o.exposure
            if e.kind is ExposureKind.LISTED
        }
        for m in w.months:
            if m.month != zero:
                side = after if m.month > zero else before
                side.add(on_sale.get((m.store_id, m.month)) if checks else None)
        seen = [m.month for m in w.months]
        for month, count in o.inspections.items():
            if month != zero and min(seen) <= month <= max(seen):
                (after if month > zero else before).inspections += count
    return before.told(), after.told()


class _Side:
    """Adds one side up."""

    def __init__(self) -> None:
        self.listed = 0
        self.store_months = 0
        self.reported = 0
        self.inspections = 0

    def add(self, listed: int | None) -> None:
        self.store_months += 1
        if listed is not None:
            self.reported += 1
            self.listed += listed

    def told(self) -> Beside:
        whole = self.store_months > 0 and self.reported == self.store_months
        return {
            Measured.SHARE_CHECKED: self.listed if whole else None,
            Measured.INSPECTIONS: self.inspections if self.store_months else None,
        }
