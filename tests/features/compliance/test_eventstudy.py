"""Nobody leaves the chart by leaving, and under the minimum no chart is drawn."""

from __future__ import annotations

import pytest

from marketplace.features.compliance.rules import StoreMonth, Watched
from marketplace.features.compliance.rules.eventstudy import study_events
from marketplace.features.compliance.rules.refusal import Why

ZERO = 24_000


def firm(number: int, *, before=2, after=0, until=12, reason=None, zero=ZERO) -> Watched:
    """Return a firm with 100 checked a month for 12 months before and `until` months after."""
    months = [StoreMonth(number, zero + k, 100, before, before * 2) for k in range(-12, 0)]
    months += [StoreMonth(number, zero + k, 100, after, after) for k in range(1, until + 1)]
    return Watched(number, zero, tuple(months), exit_reason=reason)


def studied(firms, **more):
    return study_events(firms, dispersion=1.0, last_month=ZERO + 12, **more)


def test_firms_enrolled_in_different_months_are_aligned_and_counted_month_by_month():
    found = studied([*(firm(n) for n in range(9)), firm(9, zero=ZERO - 6, until=3)])
    by_offset = {m.offset: m for m in found.months}
    assert (by_offset[-1].operators, by_offset[3].operators, by_offset[4].operators) == (
        10,
        10,
        9,
    )
    assert 0 not in by_offset  # the enrollment month was not observed
    one = by_offset[-1]
    assert (one.exposure, one.findings, one.listings, one.rate) == (1_000, 20, 40, 0.04)
    assert one.on_findings is False  # 20 findings
    assert by_offset[3].on_findings is True


def test_leavers_stay_until_exit_are_counted_by_reason_and_supposed_to_go_on_at_their_worst():
    gone = [firm(n, until=2, reason="withdrawn") for n in range(5)]
    found = studied([*(firm(n) for n in range(5, 10)), *gone])
    assert found.leavers == (("withdrawn", 5),)
    assert next(m for m in found.months if m.offset == 2).operators == 10
    # 5 leavers x 10 missing months at 100 checked and 2 in 100: 100 findings in 5,000.
    assert (found.worst.filled_months, found.worst.supposed_findings) == (50, 100)
    # before 240 in 12,000 = 0.02; after 100 in 6,000 + 1,000 + 5,000 = 0.00833: ratio 0.4167
    assert found.worst.ratio == pytest.approx(100 / 240)
    assert found.worst.interval[0] < 100 / 240 < found.worst.interval[1]


def test_without_leavers_there_is_no_worst_case():
    assert studied([firm(n) for n in range(10)]).worst is None


def test_under_the_minimum_no_figure_is_drawn_and_it_is_said():
    few = studied([*(firm(n) for n in range(9)), Watched(99, None, ())])
    assert (few.refused.why, few.refused.needed, few.refused.found) == (
        Why.FEW_OPERATORS,
        10,
        9,
    )
    assert few.months == ()
    clean = studied([firm(n, before=0) for n in range(10)])
    assert (clean.refused.why, clean.refused.found) == (Why.FEW_FINDINGS, 0)
