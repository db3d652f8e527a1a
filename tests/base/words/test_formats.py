"""A ratio is never written as no change where it is not."""

from __future__ import annotations

import pytest

from marketplace.base.words import format_ratio


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.4567, "0.46"),
        (1.0, "1.00"),
        (0.9966, "0.997"),
        (1.0034, "1.003"),
        (0.99996, "< 1"),
        (1.00001, "> 1"),
        (float("inf"), "∞"),
        (0.0, "0.00"),
    ],
)
def test_digits_are_added_until_a_ratio_is_not_one(value, told):
    assert format_ratio(value) == told
