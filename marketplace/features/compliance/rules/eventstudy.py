"""The event study: all enrolled operators aligned on time zero, and nobody leaves by leaving.

Pure. Who left is followed until exit and counted by reason; the worst case supposes that everyone
who left went on as badly as he was ever seen. Under the stated minimum no figure is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.features.compliance.rules.intervals import Interval, ratio_interval
from marketplace.features.compliance.rules.refusal import Refusal, Why
from marketplace.features.compliance.rules.sides import (
    FEW_FINDINGS,
    StoreMonth,
    Sums,
    Tally,
    Watched,
    leavers_by_reason,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMonth(Tally):
    """One month since time zero: sums over `operators` still under observation in it."""

    offset: int
    operators: int


@dataclass(frozen=True, slots=True)
class WorstCase:
    """The ratio of findings if every leaver went on at his worst observed rate after leaving.

    `filled_months` operator-months were supposed, with `supposed_findings` in them (rounded up).
    """

    leavers: int
    filled_months: int
    supposed_findings: int
    ratio: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class EventStudy:
    """The aligned months, leavers by reason, the worst case; or why nothing is drawn."""

    operators: int
    months: tuple[EventMonth, ...]
    leavers: tuple[tuple[str, int], ...]
    worst: WorstCase | None
    refused: Refusal | None = None


def study_events(
    watched: Sequence[Watched],
    *,
    dispersion: float,
    last_month: int,
    window: int = 24,
    min_operators: int = 10,
    min_findings: int = 20,
    level: float = 0.95,
) -> EventStudy:
    """Return the event study of the enrolled; `last_month` is the last one a report can cover.

    A month in which nobody was observed is absent. Refused, with leavers still counted, when
    fewer than `min_operators` are enrolled or fewer than `min_findings` were found in the window.
    """
    enrolled = [w for w in watched if w.zero is not None]
    cells = _cells(enrolled, window)
    found = sum(m.findings for row in cells.values() for _operator, m in row)
    leavers = leavers_by_reason(enrolled)
    if len(enrolled) < min_operators:
        refused = Refusal(Why.FEW_OPERATORS, min_operators, len(enrolled))
        return EventStudy(len(enrolled), (), leavers, None, refused)
    if found < min_findings:
        refused = Refusal(Why.FEW_FINDINGS, min_findings, found)
        return EventStudy(len(enrolled), (), leavers, None, refused)
    months = tuple(_month(k, row, dispersion, level) for k, row in sorted(cells.items()))
    worst = _worst(enrolled, last_month, window, level) if leavers else None
    return EventStudy(len(enrolled), months, leavers, worst)


_Cells = Mapping[int, Sequence[tuple[int, StoreMonth]]]


def _cells(enrolled: Sequence[Watched], window: int) -> _Cells:
    cells: dict[int, list[tuple[int, StoreMonth]]] = {}
    for w in enrolled:
        for m in w.months:
            offset = m.month - (w.zero or 0)
            if abs(offset) <= window:
                cells.setdefault(offset, []).append((w.operator_id, m))
    return cells


def _month(
    offset: int, row: Sequence[tuple[int, StoreMonth]], dispersion: float, level: float
) -> EventMonth:
    sums = Sums.of(m for _operator, m in row)
    few = sums.findings < FEW_FINDINGS
    return EventMonth(
        offset=offset,
        operators=len({operator for operator, _m in row}),
        exposure=sums.exposure,
        findings=sums.findings,
        listings=sums.listings,
        interval=sums.interval(dispersion, level, few=few),
        on_findings=few,
    )


def _worst(
    enrolled: Sequence[Watched], last_month: int, window: int, level: float
) -> WorstCase:
    before, after, filled, supposed = [0.0, 0.0], [0.0, 0.0], 0, 0.0
    for w in enrolled:
        zero = w.zero or 0
        inside = [m for m in w.months if m.month != zero and abs(m.month - zero) <= window]
        for m in inside:
            side = before if m.month < zero else after
            side[0] += m.findings
            side[1] += m.exposure
        if not w.exit_reason or not inside:
            continue
        end = min(last_month, zero + window)
        missing = max(0, end - max(zero, *(m.month for m in inside)))
        exposure = sum(m.exposure for m in inside) / len({m.month for m in inside}) * missing
        filled, supposed = filled + missing, supposed + _worst_rate(inside, zero) * exposure
        after[1] += exposure
    added = -int(-supposed // 1)
    total = int(after[0]) + added
    span = ratio_interval(int(before[0]), before[1], total, after[1], level)
    ratio = None
    if before[0] and before[1] and after[1]:
        ratio = (total / after[1]) / (before[0] / before[1])
    gone = sum(1 for w in enrolled if w.exit_reason)
    return WorstCase(gone, filled, added, ratio, span)


def _worst_rate(months: Sequence[StoreMonth], zero: int) -> float:
    rates = []
    for side in (False, True):
        some = [m for m in months if (m.month > zero) == side]
        exposure = sum(m.exposure for m in some)
        if exposure:
            rates.append(sum(m.findings for m in some) / exposure)
    return max(rates, default=0.0)
