"""Compares conduct before and after time zero, and says only what the numbers carry.

Source: domain §3 and §3a. Numerator and denominator come from the same act of looking; the
enrollment month belongs to neither side; a month without exposure is a gap on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from marketplace.features.compliance.rules.effort import (
    Effort,
    Looked,
    compare_effort,
)
from marketplace.features.compliance.rules.intervals import (
    Interval,
    ratio_interval,
    scaled_ratio_interval,
)
from marketplace.features.compliance.rules.sides import (
    FEW_FINDINGS,
    NOTHING,
    StoreMonth,
    Sums,
    Tally,
    Watched,
    leavers_by_reason,
)

MIN_MONTHS = 3  # an assumption: fewer observed months on a side say too little
EFFORT_KEPT = 0.9  # an assumption: checking under 90 % of before counts as looking less


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What else was looked at on one side, in the months observed; None is "no data".

    `complaint_months` are the operator-months since complaints are kept here, `sample_months` those
    since listings are drawn; before enrollment nothing is in the frame of a draw.
    """

    listed: int | None = None
    inspections: int | None = None
    complaints: int | None = None
    complaint_months: int | None = None
    samples: int | None = None
    sample_months: int | None = None


class Before(StrEnum):
    """The four honest states before time zero."""

    OBSERVED_NONE = "observed_none"
    OBSERVED_SOME = "observed_some"
    NOT_OBSERVED = "not_observed"
    DECLARED_ONLY = "declared_only"


class Title(StrEnum):
    """What a figure may say."""

    FELL = "fell"
    ROSE = "rose"
    NO_CLEAR_CHANGE = "no_clear_change"
    TOO_LITTLE = "too_little"
    LEVEL_ONLY = "level_only"
    FELL_WITH_LESS_EFFORT = "fell_with_less_effort"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side(Tally):
    """One side of time zero; `months` is how many different months something was looked at in.

    `outside` was found in months without exposure it can have come from, and is in no rate.
    """

    months: int
    outside: Sums = NOTHING


@dataclass(frozen=True, slots=True)
class Comparison:
    """A before/after comparison with everything its figure must show.

    `ratio_without_lead` is the interval without the months just before entry.
    """

    state: Before
    before: Side
    after: Side
    ratio: float | None
    ratio_interval: Interval | None
    ratio_without_lead: Interval | None
    lead_on_findings: bool  # without the lead there may be too few findings for listings
    effort: Effort
    overturned: int
    coverage: tuple[int, int]
    operators: int
    leavers: tuple[tuple[str, int], ...]
    title: Title

    @property
    def nothing_found(self) -> bool:
        """Whether both sides were watched long enough and nothing was found on either."""
        sides = (self.before, self.after)
        return all(s.exposure and s.months >= MIN_MONTHS and not s.findings for s in sides)

    @property
    def outside(self) -> Sums:
        """What was found on both sides outside the rates."""
        one, other = self.before.outside, self.after.outside
        return Sums(0, one.findings + other.findings, one.listings + other.listings)

    @property
    def effort_fell(self) -> bool:
        """Whether it was looked less after than before, in any measure there is."""
        return self.effort.fell


@dataclass(frozen=True, slots=True)
class SideTotals:
    """What one side comes to: distinct months looked at, sums, how much was looked, the rest."""

    months: int
    sums: Sums
    store_months: int
    operator_months: int
    overturned: int
    outside: Sums = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Everything a comparison needs, whether added up here or kept in a summary.

    `trimmed` is the side before without its last `lead_months`; `coverage` is store-months
    reported and expected.
    """

    before: SideTotals
    after: SideTotals
    trimmed: Sums
    declared: bool
    coverage: tuple[int, int]
    operators: int
    leavers: tuple[tuple[str, int], ...]


def compare(
    watched: Sequence[Watched],
    *,
    dispersion: float,
    lead_months: int = 3,
    level: float = 0.95,
    beside: tuple[Beside, Beside] | None = None,
) -> Comparison:
    """Compare all months before with all months after each operator's own time zero.

    `beside` is what else was looked at on each side; a measure missing on a side says nothing.
    """
    totals = add_up(watched, lead_months=lead_months)
    return compare_totals(totals, dispersion=dispersion, level=level, beside=beside)


def add_up(watched: Sequence[Watched], *, lead_months: int = 3) -> Totals:
    """Return what the months of some operators come to on each side of time zero."""
    pairs = [(w, m) for w in watched for m in w.months if w.zero is not None]
    before = [(w, m) for w, m in pairs if m.month < (w.zero or 0)]
    trimmed = [m for w, m in before if m.month < (w.zero or 0) - lead_months]
    apart = [(m.month - w.zero, m) for w in watched for m in w.outside if w.zero is not None]
    return Totals(
        before=_side_totals(before, [m for at, m in apart if at < 0]),
        after=_side_totals(
            [(w, m) for w, m in pairs if m.month > (w.zero or 0)],
            [m for at, m in apart if at > 0],
        ),
        trimmed=Sums.of(trimmed),
        declared=any(w.declared for w in watched),
        coverage=(
            sum(len(w.months) for w in watched),
            sum(w.expected_store_months for w in watched),
        ),
        operators=len(watched),
        leavers=leavers_by_reason(watched),
    )


def compare_totals(
    totals: Totals,
    *,
    dispersion: float,
    level: float = 0.95,
    beside: tuple[Beside, Beside] | None = None,
) -> Comparison:
    """Compare what was added up; what may be said follows from it alone."""
    around = beside or (Beside(), Beside())
    left, right = totals.before.sums, totals.after.sums
    few = _are_few(left, right)
    few_without_lead = _are_few(totals.trimmed, right)
    before = _side(totals.before, dispersion, level, few=few)
    found = Comparison(
        state=_state(before, declared=totals.declared),
        before=before,
        after=_side(totals.after, dispersion, level, few=few),
        ratio=_quotient(left, right, few=few),
        ratio_interval=_ratio(left, right, dispersion, level, few=few),
        ratio_without_lead=_ratio(
            totals.trimmed, right, dispersion, level, few=few_without_lead
        ),
        lead_on_findings=few_without_lead,
        effort=compare_effort(
            _looked(totals.before, around[0]),
            _looked(totals.after, around[1]),
            kept=EFFORT_KEPT,
        ),
        overturned=totals.before.overturned + totals.after.overturned,
        coverage=totals.coverage,
        operators=totals.operators,
        leavers=totals.leavers,
        title=Title.TOO_LITTLE,
    )
    return _titled(found)


def _are_few(before: Sums, after: Sums) -> bool:
    return min(before.findings, after.findings) < FEW_FINDINGS


def _titled(found: Comparison) -> Comparison:
    return replace(found, title=_title(found))


def _title(found: Comparison) -> Title:
    if found.after.months < MIN_MONTHS or found.after.exposure == 0:
        return Title.TOO_LITTLE
    if found.state in {Before.NOT_OBSERVED, Before.DECLARED_ONLY}:
        return Title.LEVEL_ONLY
    if found.before.months < MIN_MONTHS or found.ratio_interval is None:
        return Title.TOO_LITTLE
    low, high = found.ratio_interval
    if high < 1:
        return Title.FELL_WITH_LESS_EFFORT if found.effort_fell else Title.FELL
    return Title.ROSE if low > 1 else Title.NO_CLEAR_CHANGE


def _state(before: Side, *, declared: bool) -> Before:
    if before.exposure == 0:
        return Before.DECLARED_ONLY if declared else Before.NOT_OBSERVED
    return Before.OBSERVED_SOME if before.listings else Before.OBSERVED_NONE


def _side_totals(
    pairs: Sequence[tuple[Watched, StoreMonth]], outside: Sequence[StoreMonth]
) -> SideTotals:
    return SideTotals(
        months=len({m.month for _w, m in pairs if m.exposure}),
        sums=Sums.of(m for _w, m in pairs),
        store_months=len(pairs),
        operator_months=len({(w.operator_id, m.month) for w, m in pairs}),
        overturned=sum(m.overturned for _w, m in pairs),
        outside=Sums.of(outside),
    )


def _side(side: SideTotals, dispersion: float, level: float, *, few: bool) -> Side:
    return Side(
        months=side.months,
        outside=side.outside,
        exposure=side.sums.exposure,
        findings=side.sums.findings,
        listings=side.sums.listings,
        interval=side.sums.interval(dispersion, level, few=few),
        on_findings=few,
    )


def _ratio(
    before: Sums, after: Sums, dispersion: float, level: float, *, few: bool
) -> Interval | None:
    if few:
        return ratio_interval(
            before.findings, before.exposure, after.findings, after.exposure, level
        )
    return scaled_ratio_interval(
        before.listings, before.exposure, after.listings, after.exposure, dispersion, level
    )


def _quotient(before: Sums, after: Sums, *, few: bool) -> float | None:
    top = after.findings if few else after.listings
    bottom = before.findings if few else before.listings
    if not (before.exposure and after.exposure and bottom):
        return None
    return (top / after.exposure) / (bottom / before.exposure)


def _looked(side: SideTotals, beside: Beside) -> Looked:
    return Looked(
        side.store_months,
        side.operator_months,
        side.sums.exposure,
        listed=beside.listed,
        inspections=beside.inspections,
        complaints=beside.complaints,
        samples=beside.samples,
        complaint_months=beside.complaint_months,
        sample_months=beside.sample_months,
    )
