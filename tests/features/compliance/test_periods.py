"""Two neighboring periods are compared by the rule of before and after, not by one of their own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marketplace.features.compliance.rules import StoreMonth, Title, Watched
from marketplace.features.compliance.rules.comparison import Beside, compare
from marketplace.features.compliance.rules.periods import compare_periods

JAN, APRIL, JUNE = 24_312, 24_315, 24_317  # of 2026


def firm(*months: tuple[int, int, int, int], zero: int | None = None) -> Watched:
    return Watched(1, zero, tuple(StoreMonth(1, *m) for m in months))


def quarters(before: tuple[int, int, int], after: tuple[int, int, int]) -> Watched:
    return firm(
        *((JAN + n, *before) for n in range(3)), *((APRIL + n, *after) for n in range(3))
    )


def periods(watched: Watched, **more):
    return compare_periods(
        [watched], first=JAN, boundary=APRIL, last=JUNE, dispersion=1.0, **more
    )


def test_every_month_of_both_periods_counts():
    found = periods(quarters((100, 3, 9), (100, 1, 2)))
    assert (found.before.exposure, found.before.findings, found.before.listings) == (300, 9, 27)
    assert (found.after.exposure, found.after.findings, found.after.listings) == (300, 3, 6)
    assert (found.before.months, found.after.months) == (3, 3)


def test_months_outside_both_periods_are_left_out():
    watched = firm(
        (JAN - 1, 900, 9, 9), (JAN, 100, 1, 1), (APRIL, 50, 1, 1), (JUNE + 1, 9, 9, 9)
    )
    found = periods(watched)
    assert (found.before.exposure, found.after.exposure) == (100, 50)


def test_listings_found_together_do_not_make_a_fall():
    """300 listings to 30, one finding a month on both sides: on findings nothing changed."""
    found = periods(quarters((1_000, 1, 100), (1_000, 1, 10)))
    assert found.title is Title.NO_CLEAR_CHANGE
    assert found.after.on_findings


def test_a_fall_with_half_the_looking_is_no_fall():
    found = periods(quarters((1_000, 10, 10), (500, 1, 1)))
    assert found.title is Title.FELL_WITH_LESS_EFFORT
    fewer = (Beside(inspections=10), Beside(inspections=4))
    again = periods(quarters((1_000, 10, 10), (1_000, 1, 1)), beside=fewer)
    assert again.title is Title.FELL_WITH_LESS_EFFORT
    assert periods(quarters((1_000, 10, 10), (1_000, 1, 1))).title is Title.FELL


side = st.tuples(st.integers(1, 5_000), st.integers(0, 60), st.integers(0, 200))


@given(before=side, after=side, zero=st.none() | st.integers(JAN - 30, JUNE + 30))
def test_the_answer_is_that_of_before_and_after_around_an_empty_month(before, after, zero):
    """Who enrolled when does not matter; an empty month between the sides gives the same."""
    months = quarters(before, after)
    mine = periods(Watched(1, zero, months.months))
    apart = firm(
        *((JAN + n, *before) for n in range(3)),
        *((APRIL + 1 + n, *after) for n in range(3)),
        zero=APRIL,
    )
    theirs = compare([apart], dispersion=1.0, lead_months=0)
    assert (mine.title, mine.ratio, mine.ratio_interval) == (
        theirs.title,
        theirs.ratio,
        theirs.ratio_interval,
    )
