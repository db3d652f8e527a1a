"""Money is whole fen, in and out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.base.money import MAX_FEN, format_amount, format_yuan, parse_yuan, split_fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("299", 29_900),
        ("¥299.50", 29_950),
        ("￥ 1,299.00", 129_900),
        ("1，299元", 129_900),
        ("２９９．５０元", 29_950),
        ("0.01", 1),
        ("-5", -500),
        ("0", 0),
        ("1000000000000", MAX_FEN),  # 10^12 yuan = 10^14 fen
    ],
)
def test_an_amount_is_read(text: str, fen: int):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "¥",
        "free",
        "1.005",
        "nan",
        "Infinity",
        "1_000",
        "1000000000000.01",
        "299.50.1",
    ],
)
def test_what_is_no_amount_is_refused(text: str):
    with pytest.raises(ValueError, match=r"amount|fen"):
        parse_yuan(text)


@pytest.mark.parametrize(
    ("fen", "text"),
    [(0, "¥0"), (5, "¥0.05"), (129_900, "¥1,299"), (129_950, "¥1,299.50"), (-1, "-¥0.01")],
)
def test_an_amount_is_written(fen: int, text: str):
    assert format_yuan(fen) == text


@given(st.integers(0, MAX_FEN))
def test_what_is_written_reads_back(fen: int):
    assert parse_yuan(format_yuan(fen)) == fen


@given(st.integers(0, 10**9), st.integers(1, 50))
def test_parts_add_up_and_differ_by_a_fen_at_most(total: int, parts: int):
    shares = split_fen(total, parts)
    assert sum(shares) == total
    assert len(shares) == parts
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize(
    ("fen", "text"),
    [(0, "¥0.00"), (5, "¥0.05"), (3_000, "¥30.00"), (129_950, "¥1,299.50"), (-1, "-¥0.01")],
)
def test_an_amount_of_an_account_is_told_to_the_fen(fen: int, text: str) -> None:
    assert format_amount(fen) == text
