"""Group-time effects under staggered enrollment, with the not-yet-enrolled as comparison.

Pure. After Callaway and Sant'Anna (2021), Journal of Econometrics 225:200-230, in ratio form: a
cohort's expected rate is its base rate times the change of those not yet enrolled, so parallel
change is assumed in ratios, not differences. The base ends `anticipation` periods before entry,
because the record that leads to enrollment stands in them. Intervals are from a bootstrap of
whole operators with a seed kept beside the result.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.features.compliance.rules.intervals import Interval
from marketplace.features.compliance.rules.refusal import Refusal, Why


@dataclass(frozen=True, slots=True)
class Panel:
    """One operator: entry period (None = never so far), and (count, exposure) a period.

    Periods count from 0, the same for everybody; exposure 0 is a gap.
    """

    operator_id: int
    entry: int | None
    cells: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class RelativeEffect:
    """Observed over expected rate, `offset` periods since entry; negative is the pre-trend."""

    offset: int
    ratio: float
    interval: Interval | None
    operators: int


@dataclass(frozen=True, slots=True)
class Staggered:
    """The effects by period since entry, all periods after entry in one, seed and draws.

    `apart` are the periods before entry that differ from 1 when they are looked at together: each
    at a level so strict (Bonferroni) that all of them are wrong no more often than stated.
    """

    effects: tuple[RelativeEffect, ...]
    overall: RelativeEffect | None
    seed: int
    draws: int
    refused: Refusal | None = None
    apart: tuple[int, ...] = ()


def group_time_effects(
    panels: Sequence[Panel],
    *,
    seed: int,
    draws: int = 499,
    anticipation: int = 1,
    base_periods: int = 4,
    min_operators: int = 10,
    min_controls: int = 5,
    level: float = 0.95,
) -> Staggered:
    """Return the effects; the entry period itself (offset 0) belongs to neither side.

    A cell counts only with at least `min_controls` operators not enrolled by its end (plus
    `anticipation`). Refused when fewer than `min_operators` enrolled, no cell is left, or nothing
    was found in the base periods that another period could be expected from.
    """
    import numpy as np

    entered = [p for p in panels if p.entry is not None]
    if len(entered) < min_operators:
        return _refused(Why.FEW_OPERATORS, min_operators, len(entered), seed)
    counts = np.array([[c for c, _e in p.cells] for p in panels], dtype=float)
    exposure = np.array([[e for _c, e in p.cells] for p in panels], dtype=float)
    entry = np.array([math.inf if p.entry is None else p.entry for p in panels])
    cells = _cells(entry, exposure, anticipation, base_periods, min_controls)
    if not cells:
        controls = int((entry > counts.shape[1]).sum())
        return _refused(Why.FEW_CONTROLS, min_controls, controls, seed)
    rng = np.random.default_rng(seed)
    n = len(panels)
    weights = np.vstack([np.ones((1, n)), rng.multinomial(n, np.full(n, 1 / n), draws)])
    sums = {cell: _observed_expected(weights, counts, exposure, cell) for cell in cells}
    offsets = sorted({cell.offset for cell in cells})
    effects = [_effect(o, [c for c in cells if c.offset == o], sums, level) for o in offsets]
    after = _effect(0, [c for c in cells if c.offset > 0], sums, level)
    kept = tuple(e for e in effects if e is not None)
    if not kept:  # nothing is expected anywhere, so nothing can be over or under it
        return _refused(Why.NOTHING_BEFORE, 1, 0, seed)
    before = [e.offset for e in kept if e.offset < 0]
    strict = 1 - (1 - level) / max(len(before), 1)
    tested = [_effect(o, [c for c in cells if c.offset == o], sums, strict) for o in before]
    apart = tuple(
        e.offset for e in tested if e and e.interval and not e.interval[0] <= 1 <= e.interval[1]
    )
    return Staggered(kept, after, seed, draws, apart=apart)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cohort in one period: who is in it, who is compared, and the base periods."""

    offset: int
    period: int
    base: tuple[int, ...]
    treated: tuple[int, ...]
    controls: tuple[int, ...]


def _cells(
    entry: Any, exposure: Any, anticipation: int, base_periods: int, min_controls: int
) -> list[_Cell]:
    import numpy as np

    found = []
    for cohort in sorted({int(g) for g in entry if math.isfinite(g)}):
        stop = cohort - anticipation
        base = tuple(range(max(0, stop - base_periods), stop))
        if not base:
            continue
        treated = tuple(np.flatnonzero(entry == cohort).tolist())
        for period in range(exposure.shape[1]):
            if period == cohort or period in base:
                continue
            seen = exposure[:, period] > 0
            free = entry > max(period, cohort) + anticipation
            controls = tuple(np.flatnonzero(free & seen).tolist())
            if len(controls) >= min_controls and exposure[list(treated), period].any():
                found.append(_Cell(period - cohort, period, base, treated, controls))
    return found


def _observed_expected(weights: Any, counts: Any, exposure: Any, cell: _Cell) -> Any:
    """Return observed and expected counts a draw; both 0 in a draw without a comparison.

    A cohort of few firms is missing from some draws; there the other cohorts speak.
    """
    import numpy as np

    def total(of: Any, who: tuple[int, ...], periods: tuple[int, ...]) -> Any:
        rows = list(who)
        return weights[:, rows] @ of[rows][:, list(periods)].sum(axis=1)

    now = (cell.period,)
    with np.errstate(divide="ignore", invalid="ignore"):
        base = total(counts, cell.treated, cell.base) / total(exposure, cell.treated, cell.base)
        change = (total(counts, cell.controls, now) / total(exposure, cell.controls, now)) / (
            total(counts, cell.controls, cell.base) / total(exposure, cell.controls, cell.base)
        )
        expected = base * change * total(exposure, cell.treated, now)
    answered = np.isfinite(expected)
    observed = np.where(answered, total(counts, cell.treated, now), 0.0)
    return observed, np.where(answered, expected, 0.0)


def _effect(
    offset: int, cells: Sequence[_Cell], sums: Any, level: float
) -> RelativeEffect | None:
    import numpy as np

    pairs = [sums[c] for c in cells]
    usable = [(o, e) for o, e in pairs if e[0] > 0]
    if not usable:
        return None
    observed = np.sum([o for o, _e in usable], axis=0)
    expected = np.sum([e for _o, e in usable], axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = observed / expected
    drawn = ratios[1:][np.isfinite(ratios[1:])]
    span = None
    if len(drawn) >= 0.9 * (len(ratios) - 1):
        low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
        if observed[0] == 0:
            high = _high_of_none(expected, (1 - level) / 2)
        span = (float(low), float(high))
    operators = len({who for c in cells for who in c.treated})
    return RelativeEffect(offset, float(ratios[0]), span, operators)


def _high_of_none(expected: Any, tail: float) -> float:
    """Return the upper end where nothing was seen: every resample says 0, however few it expected.

    The exact Poisson limit of none seen, over the low end of what the resamples expect.
    """
    import numpy as np

    least = float(np.quantile(expected[1:], tail))
    return -math.log(tail) / least if least > 0 else math.inf


def _refused(why: Why, needed: int, found: int, seed: int) -> Staggered:
    return Staggered((), None, seed, 0, Refusal(why, needed, found))
