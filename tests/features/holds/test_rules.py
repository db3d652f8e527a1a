"""What can be held, until when, and books that add up to zero whatever happens."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.base.errors import Refused
from marketplace.base.rulebook.holds import HoldBasis, HoldRules
from marketplace.features.holds.kinds import Account, MovementKind
from marketplace.features.holds.rules import (
    Room,
    Term,
    balances,
    check_hold,
    check_movement,
    first_term,
    needs_second,
    next_term,
    postings,
)

PLACED = date(2026, 11, 2)
BASIS = HoldBasis(
    key="goods", name_zh="货款", name_en="Goods", law_zh="条", law_en="art.", review_days=14,
    max_days=30,
)  # fmt: skip
RULES = HoldRules(grace_days=3, second_person_fen=5_000_000, bases=(BASIS,))


def test_every_movement_takes_what_it_gives():
    for kind in MovementKind:
        sides = postings(kind, 12_345)
        assert sum(side.amount_fen for side in sides) == 0
        assert sides[0].account is not sides[1].account


@given(
    st.lists(
        st.tuples(st.sampled_from(MovementKind), st.integers(min_value=-50, max_value=400)),
        max_size=60,
    )
)
def test_any_sequence_keeps_the_sum_at_zero_and_no_account_below_it(asked):
    """Holds, part releases, expiries, reversals, payouts in any order; refusals change nothing."""
    book = []
    for kind, amount in asked:
        before = balances(book)
        try:
            check_movement(before, kind, amount)
        except Refused:
            continue
        book += postings(kind, amount)
        now = balances(book)
        assert sum(now.values()) == 0
        assert all(n >= 0 for account, n in now.items() if account is not Account.SALES)
    taken = -balances(book)[Account.SALES]
    assert taken == sum(n for a, n in balances(book).items() if a is not Account.SALES)


@given(
    st.none() | st.integers(min_value=-5, max_value=1_000),
    st.integers(min_value=0, max_value=1_000),
    st.integers(min_value=0, max_value=1_000),
    st.integers(min_value=-5, max_value=1_200),
)
def test_never_more_than_disputed_nor_than_there_is(disputed, held, available, amount):
    room = Room(disputed, held, available)
    try:
        check_hold(room, amount)
    except Refused:
        assert disputed is None or amount <= 0 or amount > room.largest_fen
        return
    assert 0 < amount <= room.largest_fen
    assert held + amount <= disputed
    assert amount <= available


@pytest.mark.parametrize(
    ("room", "amount", "code"),
    [
        (Room(None, 0, 900), 100, "disputed_amount_missing"),
        (Room(500, 0, 900), 0, "amount_not_positive"),
        (Room(500, 0, 900), 501, "more_than_disputed"),
        (Room(500, 200, 900), 301, "more_than_disputed"),  # 500 − 200 = 300 are left
        (Room(500, 0, 400), 401, "more_than_available"),
    ],
)
def test_a_refusal_says_which_bound_was_met(room, amount, code):
    with pytest.raises(Refused) as refused:
        check_hold(room, amount)
    assert refused.value.code == code


def test_a_hold_is_reviewed_then_ends_by_itself():
    # 2 Nov + 14 = 16 Nov; three days of grace, 17–19 Nov; gone on the 20th.
    assert first_term(RULES, BASIS, PLACED) == Term(date(2026, 11, 16), date(2026, 11, 20))


def test_an_extension_never_goes_beyond_the_longest_term():
    now = first_term(RULES, BASIS, PLACED)
    last = PLACED + timedelta(days=BASIS.max_days)  # 2 Dec
    first = next_term(RULES, BASIS, now=now, day=date(2026, 11, 16), last=last)
    # 16 Nov + 14 = 30 Nov, and 30 Nov + 4 = 4 Dec is cut to 2 Dec.
    assert first == Term(date(2026, 11, 30), date(2026, 12, 2))
    with pytest.raises(Refused) as refused:
        next_term(RULES, BASIS, now=first, day=date(2026, 11, 30), last=last)
    assert refused.value.code == "hold_at_longest"


def test_nothing_is_extended_before_its_review_day():
    now = first_term(RULES, BASIS, PLACED)
    with pytest.raises(Refused) as refused:
        next_term(RULES, BASIS, now=now, day=date(2026, 11, 15), last=date(2026, 12, 2))
    assert refused.value.code == "review_not_due"


@given(st.integers(min_value=0, max_value=80), st.lists(st.integers(0, 40), max_size=8))
def test_no_series_of_extensions_outlasts_the_maximum(start, waits):
    placed = PLACED + timedelta(days=start)
    last = placed + timedelta(days=BASIS.max_days)
    term, day = first_term(RULES, BASIS, placed), placed
    for wait in waits:
        day += timedelta(days=wait)
        try:
            term = next_term(RULES, BASIS, now=term, day=day, last=last)
        except Refused:
            continue
        assert term.review_on <= term.until_on <= last


def test_two_people_from_above_the_threshold():
    nothing_held = Room(9_000_000, 0, 9_000_000)
    assert not needs_second(RULES, nothing_held, 5_000_000)
    assert needs_second(RULES, nothing_held, 5_000_001)
    # 3,000,000 are held of it already: 2,000,000 more are just the threshold.
    some_held = Room(9_000_000, 3_000_000, 9_000_000)
    assert not needs_second(RULES, some_held, 2_000_000)
    assert needs_second(RULES, some_held, 2_000_001)
