"""From the raw facts of an operator to the months a comparison is made of."""

from __future__ import annotations

from marketplace.base.clock import month_index
from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.observing import Observation
from marketplace.features.compliance.rules.sides import StoreMonth, Watched, split
from marketplace.features.enforcement.kinds import FindingStatus


def watched(
    rulebook: Rulebook, o: Observation, last: int, *, window: int | None = None
) -> Watched:
    """Keep one kind of exposure, and only findings that can come from what it says was looked at.

    Other findings of his stores stand outside, never in a rate. A leaver's months end with the month of exit; `window` keeps months that near to time zero.
    """
    kind = ExposureKind(rulebook.compliance.exposure_kind)
    zero = month_index(o.time_zero) if o.time_zero else None
    end = min(last, month_index(o.exit_on)) if o.exit_on else last
    start = 0
    if window is not None and zero is not None:
        start, end = zero - window, min(end, zero + window)
    found: dict[tuple[int, int], list[int]] = {}
    for f in o.findings:
        row = found.setdefault((f.store_id, f.month), [0, 0, 0])
        if f.status is FindingStatus.UPHELD:
            row[0] += f.findings
            row[1] += f.listings
        else:
            row[2] += f.findings
    parts = [
        split(StoreMonth(e.store_id, e.month, e.quantity, *found.pop(at, [0, 0, 0])), kind)
        for e in o.exposure
        if e.kind is kind and start <= (at := (e.store_id, e.month))[1] <= end
    ]
    months = tuple(inside for inside, _beside in parts if inside is not None)
    mine = set(o.store_ids)
    unreported = [
        StoreMonth(store_id, month, 0, *row[:2])
        for (store_id, month), row in found.items()
        if row[0] and start <= month <= end and store_id in mine
    ]
    first: dict[int, int] = {}
    for m in months:
        first[m.store_id] = min(m.month, first.get(m.store_id, m.month))
    gone = bool(o.exit_on and month_index(o.exit_on) <= last and o.status)
    return Watched(
        operator_id=o.operator_id,
        zero=zero,
        months=months,
        declared=o.declared,
        expected_store_months=sum(end - month + 1 for month in first.values()),
        exit_reason=o.status.value if gone and o.status else None,
        outside=(*(beside for _in, beside in parts if beside is not None), *unreported),
    )


def on_sale(rulebook: Rulebook, o: Observation) -> dict[tuple[int, int], int]:
    """Return the listings on sale by store and month; nothing where rates are not by checks."""
    if ExposureKind(rulebook.compliance.exposure_kind) is not ExposureKind.CHECKED:
        return {}
    return {
        (e.store_id, e.month): e.quantity for e in o.exposure if e.kind is ExposureKind.LISTED
    }
