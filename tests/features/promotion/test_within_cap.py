"""A pasted list fills slots only as far as each group's cap goes."""

from __future__ import annotations

from marketplace.features.promotion.rules import within_cap


def test_one_too_many_of_a_group_does_not_keep_the_next_firm_out():
    # Group 7 has one slot and a cap of two: its second pasted product is one too many.
    assert within_cap([7], [7, 7, 8, 8, 8, 9], cap=2) == ([0, 2, 3, 5], [1, 4])


def test_nobody_goes_in_under_a_cap_that_is_used_up():
    assert within_cap([7, 7], [7], cap=2) == ([], [0])
    assert within_cap([], [], cap=2) == ([], [])
