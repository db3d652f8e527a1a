"""How many listings a category's rate takes, and that nobody but the seed chooses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.features.sampling.rules import (
    FrameListing,
    Stratum,
    choose,
    quarter_start,
    strata,
)


def listing(number: int, category: str | None = "running") -> FrameListing:
    return FrameListing(number, 1, 1, 1, number, "taobao", str(number), "https://x", category)


@pytest.mark.parametrize(
    ("size", "rate", "wanted"),
    [
        (100, 0.05, 5),
        (101, 0.05, 6),  # 5.05, rounded up
        (1, 0.05, 1),  # a small category is not spared
        (30, 0.1, 3),  # exactly three: no fourth by floating point
        (7, 1.0, 7),
        (50, 0.0, 0),
        (50, None, 0),
    ],
)
def test_a_rate_takes_its_share_rounded_up(size, rate, wanted):
    assert Stratum("running", rate, size).wanted == wanted


def test_each_category_is_drawn_by_its_own_rate_and_one_without_a_policy_is_told():
    frame = [listing(n) for n in range(40)] + [listing(n, "kids") for n in range(40, 60)]
    frame.append(listing(99, None))
    layers = strata(frame, {"running": 0.05, "kids": 0.1, "canvas": 0.02})
    assert [(x.category, x.size, x.wanted) for x in layers] == [
        ("", 1, 0), ("kids", 20, 2), ("running", 40, 2),
    ]  # fmt: skip
    chosen = choose(frame, layers, seed="2026Q4")
    assert [x.category for x in chosen] == ["kids", "kids", "running", "running"]


@given(st.permutations(range(30)), st.text(min_size=1, max_size=10))
def test_the_order_of_the_frame_changes_nothing(order, seed):
    frame = [listing(n) for n in range(30)]
    layers = strata(frame, {"running": 0.2})
    there = choose(frame, layers, seed=seed)
    assert choose([frame[n] for n in order], layers, seed=seed) == there
    assert len({x.listing_id for x in there}) == 6  # 30 × 0.2, none twice


def test_over_many_seeds_every_listing_has_its_turn():
    frame = [listing(n) for n in range(10)]
    layers = strata(frame, {"running": 0.1})
    drawn = [choose(frame, layers, seed=str(n))[0].listing_id for n in range(1000)]
    # 1,000 draws of one in ten: 100 expected each, standard deviation 9.5; 4 of them is 38.
    assert all(62 <= drawn.count(n) <= 138 for n in range(10))


def test_a_quarter_begins_on_its_first_day():
    assert quarter_start(date(2026, 11, 23)) == date(2026, 10, 1)
    assert quarter_start(date(2026, 3, 31)) == date(2026, 1, 1)
