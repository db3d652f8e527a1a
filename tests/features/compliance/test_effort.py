"""Effort stands beside violations: the lesson of the quarrel, origins, and waiting times."""

from __future__ import annotations

import math
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.features.compliance.rules.effort import (
    Looked,
    Measured,
    compare_effort,
    origin_mix,
)
from marketplace.features.compliance.rules.refusal import Why
from marketplace.features.compliance.rules.waiting import Ends, Wait, waiting_time


def test_finds_rise_with_looking_while_conduct_stays_the_same():
    # domain §3: the same 2 % of fakes; twice the looking finds twice as many.
    rng = np.random.default_rng(20150206)
    finds = [rng.binomial(checked, 0.02, 400).mean() for checked in (100, 200)]
    assert finds[1] / finds[0] == pytest.approx(2.0, rel=0.1)
    half = compare_effort(Looked(12, 12, 2_400), Looked(12, 12, 1_200))
    assert half.fell
    assert half.fell_in == (Measured.CHECKED_PER_STORE, Measured.CHECKED_PER_OPERATOR)


def test_closing_stores_is_less_looking_though_each_store_is_looked_at_as_before():
    # Two stores of 100 before, one of 100 after: 100 a store both times, 200 -> 100 a firm.
    before = Looked(store_months=24, operator_months=12, checked=2_400)
    after = Looked(store_months=12, operator_months=12, checked=1_200)
    found = compare_effort(before, after)
    assert found.fell_in == (Measured.CHECKED_PER_OPERATOR,)


def test_fewer_complaints_alone_are_no_less_looking_and_no_data_is_no_zero():
    before = Looked(12, 12, 1_200, complaints=24)
    after = Looked(12, 12, 1_200, complaints=2)
    found = compare_effort(before, after)
    lines = {line.measure: line for line in found.lines}
    assert not found.fell
    assert lines[Measured.COMPLAINTS].fell is True  # shown, 2 -> 1/6 a month
    assert (lines[Measured.SAMPLES].before, lines[Measured.SAMPLES].fell) == (None, None)


def test_ninety_percent_of_the_looking_is_kept_and_a_little_less_is_not():
    assert not compare_effort(Looked(10, 10, 1_000), Looked(10, 10, 900)).fell
    assert compare_effort(Looked(10, 10, 1_000), Looked(10, 10, 899)).fell


def test_origins_come_with_precision_and_reversals():
    found = origin_mix(
        [("proactive_model", "upheld")] * 6
        + [("proactive_model", "dismissed"), ("proactive_model", "overturned")]
        + [("right_holder", "upheld")] * 3
        + [("consumer", "suspected")]
    )
    assert [line.origin for line in found] == ["proactive_model", "right_holder", "consumer"]
    first, second, third = found
    assert (first.found, first.decided, first.precision) == (8, 8, 0.75)  # 6 of 8
    assert first.reversal_rate == pytest.approx(1 / 7)  # 1 of 6 + 1
    # 3 of 3 is not certainty: 29.2 to 100 %
    assert [round(x, 3) for x in second.precision_interval] == [0.292, 1.0]
    assert (third.decided, third.precision, third.precision_interval) == (0, None, None)


# Freireich et al. (1963), weeks of remission in acute leukemia, as in Cox and Oakes (1984):
# medians 23 with 6-MP and 8 with placebo; S(10) = 0.753 with 6-MP.
DRUG = [Wait(d, ended=True) for d in (6, 6, 6, 7, 10, 13, 16, 22, 23)] + [
    Wait(d, ended=False) for d in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
]
PLACEBO = [
    Wait(d, ended=True)
    for d in (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
]


def test_the_published_medians_are_reproduced():
    drug, placebo = waiting_time(DRUG), waiting_time(PLACEBO)
    assert (drug.median_days, placebo.median_days) == (23.0, 8.0)
    assert [(s.days, round(s.waiting, 3), s.at_risk) for s in drug.steps[:3]] == [
        (6.0, 0.857, 21),
        (7.0, 0.807, 17),
        (10.0, 0.753, 15),
    ]
    assert drug.upper_days is None  # no bound: too many still wait
    assert placebo.lower_days <= 8.0 <= placebo.upper_days


@pytest.mark.parametrize("n", range(5, 40))
def test_where_exactly_half_has_ended_the_median_is_that_day_whatever_rounding_does(n):
    # Of 2n waits n end on the days 1 to n: on day n exactly half had ended, S(n) = n / 2n.
    waits = [Wait(d, ended=True) for d in range(1, n + 1)] + [Wait(99, ended=False)] * n
    assert waiting_time(waits).median_days == n


@settings(max_examples=40, deadline=None)
@given(
    waits=st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=5, max_size=80),
    level=st.sampled_from([0.8, 0.95, 0.999]),
)
def test_the_band_is_greenwoods_by_hand_and_holds_the_share_and_the_median(waits, level):
    found = waiting_time([Wait(d, e) for d, e in waits], level=level, min_ended=1)
    if found.refused:
        return
    left, variance = Fraction(1), Fraction(0)
    at = iter(found.steps)
    for day in sorted({d for d, ended in waits if ended}):
        risk = sum(d >= day for d, _ended in waits)
        gone = sum(d == day and ended for d, ended in waits)
        left *= 1 - Fraction(gone, risk)
        step = next(at)
        assert (step.days, step.at_risk, found.at_risk(day)) == (day, risk, risk)
        assert step.waiting == pytest.approx(float(left), abs=1e-12)
        if gone == risk:
            assert (step.lower, step.upper) == (None, None)
            continue
        variance += Fraction(gone, risk * (risk - gone))
        score = math.log(-math.log(left))
        half = NormalDist().inv_cdf(0.5 + level / 2) * math.sqrt(variance) / -math.log(left)
        ends = [math.exp(-math.exp(score + half)), math.exp(-math.exp(score - half))]
        assert (step.lower, step.upper) == (
            pytest.approx(ends[0], abs=1e-9), pytest.approx(ends[1], abs=1e-9),
        )  # fmt: skip
        assert 0 <= step.lower <= step.waiting <= step.upper <= 1
    assert next(at, None) is None
    # The interval of the median begins on the first day whose band no longer lies above a half.
    inside = [s.days for s in found.steps if s.lower is not None and s.lower <= 0.5 <= s.upper]
    if inside:
        assert found.lower_days == inside[0]


@pytest.mark.parametrize(
    ("waits", "median", "ends"),
    [
        # All on one day: the curve falls from 1 to 0 at once and has no variance anywhere.
        ([(3, True)] * 8, 3, Ends.NONE),
        # From 1 to 1/8 at once: the band at 1/8 is 0.007 to 0.423 and holds no half.
        ([(3, True)] * 7 + [(30, False)], 3, Ends.NONE),
        # Four of nine wait on: at 5 days 4/9 are left, and no later band lies under a half.
        ([(n, True) for n in range(1, 6)] + [(60, False)] * 4, 5, Ends.OPEN),
        ([(1, True)] * 5 + [(9, True)] * 4, 1, Ends.BOTH),
        # 5 of 100 ended: a half is not in sight.
        ([(3, True)] * 5 + [(30, False)] * 95, None, Ends.FAR),
    ],
)
def test_an_end_that_the_median_does_not_have_is_named(waits, median, ends):
    found = waiting_time([Wait(days, ended) for days, ended in waits])
    assert (found.median_days, found.ends) == (median, ends)


def test_those_still_waiting_lengthen_the_median():
    ended_only = [w for w in DRUG if w.ended]
    assert waiting_time(ended_only).median_days < waiting_time(DRUG).median_days


def test_too_few_ended_gives_no_median():
    found = waiting_time([Wait(3, ended=True)] * 4 + [Wait(9, ended=False)] * 40)
    assert (found.median_days, found.n, found.ended) == (None, 44, 4)
    assert (found.refused.why, found.refused.needed) == (Why.FEW_ENDED, 5)
