"""Compares two neighboring calendar periods by the very rule of before and after.

Pure. The boundary between the periods stands for time zero: no month is left out, and the
interval, the effort and the title are those of `compare`, so that no report has a rule of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from marketplace.features.compliance.rules.comparison import Beside, Comparison, compare
from marketplace.features.compliance.rules.sides import StoreMonth, Watched


def compare_periods(
    watched: Sequence[Watched],
    *,
    first: int,
    boundary: int,
    last: int,
    dispersion: float,
    level: float = 0.95,
    beside: tuple[Beside, Beside] | None = None,
) -> Comparison:
    """Compare months `first` up to `boundary` (exclusive) with `boundary` through `last`.

    Months are indexes, `first` and `last` inclusive. Who enrolled when does not matter here.
    `beside` is what else was looked at in each period.
    """
    return compare(
        [_moved(w, first, boundary, last) for w in watched],
        dispersion=dispersion,
        lead_months=0,
        level=level,
        beside=beside,
    )


def _moved(w: Watched, first: int, boundary: int, last: int) -> Watched:
    """Keep the months of both periods; later ones move on by one, so that none falls on zero."""

    def moved(months: Sequence[StoreMonth]) -> tuple[StoreMonth, ...]:
        return tuple(
            replace(m, month=m.month + 1) if m.month >= boundary else m
            for m in months
            if first <= m.month <= last
        )

    return replace(
        w,
        zero=boundary,
        months=moved(w.months),
        outside=moved(w.outside),
        expected_store_months=0,
        exit_reason=None,
    )
