"""A firm's interval rests on the dispersion of the whole program, the same in every figure."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.base.clock import month_index
from marketplace.features.compliance.charts import figure_of
from marketplace.features.compliance.studies import study_factory, study_program
from tests.features.watched import watch_firm

ZERO = date(2025, 10, 10)
AT = month_index(ZERO)


def months(each, *, clumped=False):
    """12 months on each side with `each` findings of one listing; or all of a year's at once."""
    offsets = [*range(-12, 0), *range(1, 13)]
    if clumped:
        return {AT + k: (100, (12,) if k in {-12, 1} else ()) for k in offsets}
    return {AT + k: (100, (1,) * each) for k in offsets}


def studied(world, factory_id):
    return world.see(
        lambda s: study_factory(
            s, world.officer, world.rulebook, clock=world.clock, factory_id=factory_id
        )
    )


def test_a_firm_takes_the_dispersion_of_the_program_not_its_own(world):
    even, _ = watch_firm(world, 1, enrolled_on=ZERO, months=months(2))
    alone = studied(world, even)
    assert alone.dispersion == 1.0  # the same every month: never less than Poisson
    watch_firm(world, 2, enrolled_on=ZERO, months=months(0, clumped=True))
    # The other firm's 12 listings in one of 12 months: 1 a month expected, so a side gives
    # (12 - 1)^2 / 1 + 11 x 1 = 132, where chance alone brings 1 x 11; the even firm gives 0, where
    # chance alone brings 2 x 11. Two sides each: 264 / (22 + 44) = 4.
    together = studied(world, even)
    assert together.dispersion == pytest.approx(4.0)
    program = world.see(
        lambda s: study_program(s, world.officer, world.rulebook, clock=world.clock)
    )
    district = world.see(
        lambda s: study_program(
            s, world.officer, world.rulebook, clock=world.clock, district="350304"
        )
    )
    assert program.dispersion == district.dispersion == together.dispersion
    low, high = together.comparison.before.interval
    assert low < alone.comparison.before.interval[0]
    assert high > alone.comparison.before.interval[1]


def test_the_figure_says_which_method_it_used(world):
    many, _ = watch_firm(world, 1, enrolled_on=ZERO, months=months(2))
    few, _ = watch_firm(world, 2, enrolled_on=ZERO, months=months(1))  # 12 findings a side

    def computed(factory_id):
        return figure_of(studied(world, factory_id), "zh", as_of="2026-11-23").computed

    assert (
        "两边都有 20 次以上发现：区间用拟泊松，离散系数 1.00（全项目合并估计）。"
        in computed(many)
    )
    assert any("精确泊松区间（Garwood）" in line for line in computed(few))
    assert not any("离散系数" in line for line in computed(few))
