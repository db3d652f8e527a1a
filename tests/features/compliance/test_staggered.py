"""Effects under staggered enrollment are found again, and a common trend is no effect."""

from __future__ import annotations

import numpy as np
import pytest

from marketplace.features.compliance.rules.refusal import Why
from marketplace.features.compliance.rules.staggered import Panel, group_time_effects

SEED = 20150206


def simulated(rng, *, effect: float, trend: float, firms: int = 240, periods: int = 16):
    """Return firms of unlike rates under a common trend; a third never enrolls."""
    panels = []
    for n in range(firms):
        entry = None if n % 3 == 0 else int(rng.choice([6, 8, 10, 12]))
        rate = rng.gamma(4.0, 0.01)
        cells = []
        for period in range(periods):
            share = effect if entry is not None and period >= entry else 1.0
            cells.append((int(rng.poisson(100 * rate * trend**period * share)), 100.0))
        panels.append(Panel(n, entry, tuple(cells)))
    return panels


def test_a_known_effect_is_found_under_a_falling_trend_and_nothing_before_entry():
    rng = np.random.default_rng(SEED)
    found = group_time_effects(simulated(rng, effect=0.5, trend=0.95), seed=SEED, draws=199)
    assert found.overall.ratio == pytest.approx(0.5, abs=0.06)
    assert found.overall.interval[0] < 0.5 < found.overall.interval[1] < 1
    before = [e for e in found.effects if e.offset < -1]
    assert np.mean([e.ratio for e in before]) == pytest.approx(1.0, abs=0.1)
    assert found.apart == ()


def test_firms_that_moved_apart_before_entry_are_named():
    rng = np.random.default_rng(SEED)
    panels = []
    for p in simulated(rng, effect=1.0, trend=1.0):
        start = None if p.entry is None else p.entry - 5  # where the enrolled halve their rate
        cells = [
            (c if start is None or t < start else c // 2, e) for t, (c, e) in enumerate(p.cells)
        ]
        panels.append(Panel(p.operator_id, p.entry, tuple(cells)))
    assert group_time_effects(panels, seed=SEED, draws=199).apart


def test_a_common_fall_is_no_effect_of_enrolling():
    rng = np.random.default_rng(SEED)
    covered = 0
    for _ in range(40):
        panels = simulated(rng, effect=1.0, trend=0.9, firms=120)
        low, high = group_time_effects(panels, seed=SEED, draws=99).overall.interval
        covered += low <= 1 <= high
    assert covered >= 34  # 95 % of 40 is 38; under 34 has a chance of about 1 %


def test_a_small_table_gives_the_ratio_of_ratios():
    # Enrolled at period 2: base 20 in 200, after 4 in 100. Not enrolled: base 20 in 200, then
    # 8 in 100. Expected 0.1 x (0.08 / 0.1) x 100 = 8 each, observed 4: ratio 0.5.
    treated = [Panel(n, 2, ((10, 100.0), (10, 100.0), (0, 0.0), (4, 100.0))) for n in range(10)]
    others = [
        Panel(n, None, ((10, 100.0), (10, 100.0), (8, 100.0), (8, 100.0)))
        for n in range(10, 20)
    ]
    found = group_time_effects([*treated, *others], seed=1, draws=50, anticipation=0)
    assert [(e.offset, e.ratio, e.operators) for e in found.effects] == [(1, 0.5, 10)]
    assert found.overall.interval == pytest.approx((0.5, 0.5))
    assert (found.seed, found.draws) == (1, 50)


def test_the_same_seed_gives_the_same_interval():
    panels = simulated(np.random.default_rng(SEED), effect=0.5, trend=1.0, firms=60)
    assert group_time_effects(panels, seed=3, draws=50) == group_time_effects(
        panels, seed=3, draws=50
    )


def test_a_cohort_of_one_firm_does_not_take_the_interval_from_all():
    # About a third of the draws miss the one firm that entered at 4; the others still speak.
    panels = simulated(np.random.default_rng(SEED), effect=0.5, trend=1.0, firms=60)
    lone = Panel(99, 4, tuple((4, 100.0) if p < 4 else (2, 100.0) for p in range(16)))
    found = group_time_effects([*panels, lone], seed=3, draws=99, anticipation=0)
    assert all(e.interval is not None for e in found.effects if e.operators > 1)
    assert found.overall.interval is not None


def test_too_few_enrolled_or_nobody_to_compare_with_is_refused():
    rng = np.random.default_rng(SEED)
    some = simulated(rng, effect=1.0, trend=1.0, firms=60)
    few = group_time_effects([p for p in some if p.entry is None or p.operator_id < 9], seed=1)
    assert (few.refused.why, few.overall) == (Why.FEW_OPERATORS, None)
    alone = [Panel(n, 6, p.cells) for n, p in enumerate(some)]
    assert group_time_effects(alone, seed=1).refused.why is Why.FEW_CONTROLS


def test_nothing_seen_after_is_not_surer_than_the_few_that_were_expected():
    """Every resample of nothing says 0: the upper end comes from how little was expected."""

    def panel(number: int, entry: int | None, found) -> Panel:
        return Panel(number, entry, tuple((found(t), 100.0) for t in range(12)))

    others = [panel(100 + n, None, lambda t: 1) for n in range(40)]

    def overall(busy: int):
        chosen = [
            panel(n, 6, lambda t, n=n: int(t < 6 and n < busy and t == 2)) for n in range(12)
        ]
        return group_time_effects([*chosen, *others], seed=SEED, draws=199).overall

    # 5 findings in four quarters of base: 5 / 4 a quarter, five quarters after: 6.25 expected.
    few = overall(5)
    assert (few.ratio, few.interval[0]) == (0.0, 0.0)
    assert few.interval[1] > 3.689 / 6.25
    assert few.interval[1] > 1  # resamples expect as few as 2: no fall is shown
    many = overall(12)  # 15 expected, and at the least 9
    assert 3.689 / 15 < many.interval[1] < 1
