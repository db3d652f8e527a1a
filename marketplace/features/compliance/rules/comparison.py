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
    looked,
)
from marketplace.features.compliance.rules.intervals import (
    Interval,
    ratio_interval,
    scaled_ratio_interval,
)
from marketplace.features.compliance.rules.sides import (
    FEW_FINDINGS,
    StoreMonth,
    Sums,
    Tally,
    Watched,
    leavers_by_reason,
)

MIN_MONTHS = 3  # an assumption: fewer observed months on a side say too little
EFFORT_KEPT = 0.9  # an assumption: checking under 90 % of before counts as looking less


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
    """One side of time zero; `months` is how many different months were observed on it."""

    months: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A before/after comparison with everything its figure must show."""

    state: Before
    before: Side
    after: Side
    ratio: float | None
    ratio_interval: Interval | None
    ratio_without_lead: Interval | None
    effort: Effort
    overturned: int
    coverage: tuple[int, int]
    operators: int
    leavers: tuple[tuple[str, int], ...]
    title: Title

    @property
    def effort_fell(self) -> bool:
        """Whether less was checked a month after than before, per store or per operator."""
        return self.effort.fell


def compare(
    watched: Sequence[Watched],
    *,
    dispersion: float,
    lead_months: int = 3,
    level: float = 0.95,
) -> Comparison:
    """Compare all months before with all months after each operator's own time zero."""
    before = [m for w in watched for m in w.months if w.zero is not None and m.month < w.zero]
    after = [m for w in watched for m in w.months if w.zero is not None and m.month > w.zero]
    trimmed = [
        m
        for w in watched
        for m in w.months
        if w.zero is not None and m.month < w.zero - lead_months
    ]
    few = min(_findings(before), _findings(after)) < FEW_FINDINGS
    left = _side(before, dispersion, level, few=few)
    right = _side(after, dispersion, level, few=few)
    span = _ratio(left, right, dispersion, level, few=few)
    trimmed_side = _side(trimmed, dispersion, level, few=few)
    found = Comparison(
        state=_state(watched, left),
        before=left,
        after=right,
        ratio=_quotient(left, right, few=few),
        ratio_interval=span,
        ratio_without_lead=_ratio(trimmed_side, right, dispersion, level, few=few),
        effort=compare_effort(
            _looked(watched, after=False), _looked(watched, after=True), kept=EFFORT_KEPT
        ),
        overturned=sum(m.overturned for m in (*before, *after)),
        coverage=(
            sum(len(w.months) for w in watched),
            sum(w.expected_store_months for w in watched),
        ),
        operators=len(watched),
        leavers=leavers_by_reason(watched),
        title=Title.TOO_LITTLE,
    )
    return _titled(found)


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


def _state(watched: Sequence[Watched], before: Side) -> Before:
    if before.exposure == 0:
        declared = any(w.declared for w in watched)
        return Before.DECLARED_ONLY if declared else Before.NOT_OBSERVED
    return Before.OBSERVED_SOME if before.listings else Before.OBSERVED_NONE


def _side(months: Sequence[StoreMonth], dispersion: float, level: float, *, few: bool) -> Side:
    sums = Sums.of(months)
    return Side(
        months=len({m.month for m in months}),
        exposure=sums.exposure,
        findings=sums.findings,
        listings=sums.listings,
        interval=sums.interval(dispersion, level, few=few),
        on_findings=few,
    )


def _ratio(
    before: Side, after: Side, dispersion: float, level: float, *, few: bool
) -> Interval | None:
    if few:
        return ratio_interval(
            before.findings, before.exposure, after.findings, after.exposure, level
        )
    return scaled_ratio_interval(
        before.listings, before.exposure, after.listings, after.exposure, dispersion, level
    )


def _quotient(before: Side, after: Side, *, few: bool) -> float | None:
    top = after.findings if few else after.listings
    bottom = before.findings if few else before.listings
    if not (before.exposure and after.exposure and bottom):
        return None
    return (top / after.exposure) / (bottom / before.exposure)


def _findings(months: Sequence[StoreMonth]) -> int:
    return sum(m.findings for m in months)


def _looked(watched: Sequence[Watched], *, after: bool) -> Looked:
    return looked(
        [
            (w.operator_id, m.month, m.exposure)
            for w in watched
            for m in w.months
            if w.zero is not None and (m.month > w.zero if after else m.month < w.zero)
        ]
    )
