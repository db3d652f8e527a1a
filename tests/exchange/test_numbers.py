from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.exchange.kinds import Unit
from marketplace.exchange.numbers import Dimension, Measure, find_unit, parse_quantity

PAIRS = Measure(Dimension.PAIRS, 0, 200_000_000)
FEN = Measure(Dimension.FEN, 0, 10**13)
PERSONS = Measure(Dimension.PERSONS, 0, 200_000)


def pairs(cell, unit=None):
    return parse_quantity(cell, PAIRS, column="capacity_pairs_per_year", unit=unit)


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [
        (330, Unit.TEN_THOUSAND_PAIRS, 3_300_000),
        (330.5, Unit.TEN_THOUSAND_PAIRS, 3_305_000),
        ("330", Unit.TEN_THOUSAND_PAIRS, 3_300_000),
        ("263万双", Unit.TEN_THOUSAND_PAIRS, 2_630_000),
        ("263万", Unit.TEN_THOUSAND_PAIRS, 2_630_000),
        ("3,650,000双", Unit.TEN_THOUSAND_PAIRS, 3_650_000),
        ("3，650，000 双", None, 3_650_000),
        ("７００", None, 700),
        ("1.5亿双", None, 150_000_000),
        ("50 千双/年", None, 50_000),
        ("2.5 million pairs", None, 2_500_000),
        ("365k pairs per year", None, 365_000),
        (0, None, 0),
    ],
)
def test_a_capacity_comes_to_pairs(cell, unit, expected):
    parsed = pairs(cell, unit)
    assert parsed.value == expected


@pytest.mark.parametrize(
    ("cell", "unit", "code"),
    [
        ("很多", None, "row_number_unreadable"),
        ("约200万双", None, "row_number_about"),
        ("100-200", None, "row_number_range"),
        ("1_000", None, "row_number_unreadable"),
        ("1,00", None, "row_number_unreadable"),
        ("NaN", None, "row_number_unreadable"),
        ("1e6", None, "row_number_unreadable"),
        (True, None, "row_number_unreadable"),
        (-5, None, "row_number_negative"),
        ("-5", None, "row_number_negative"),
        ("－５", None, "row_number_negative"),
        (0.00005, Unit.TEN_THOUSAND_PAIRS, "row_number_fraction"),
        (3_650_000, Unit.TEN_THOUSAND_PAIRS, "row_number_out_of_range"),
        (2**63, None, "row_number_out_of_range"),
        ("12吨", None, "row_unit_unknown"),
        ("12万元", None, "row_unit_unknown"),
    ],
)
def test_what_is_no_exact_quantity_is_refused_with_its_reason(cell, unit, code):
    parsed = pairs(cell, unit)
    assert parsed.value is None
    assert [fault.code for fault in parsed.faults] == [code]
    assert parsed.faults[0].blocking


def test_full_width_digits_are_converted_and_said():
    parsed = parse_quantity("７００", PERSONS, column="staff", unit=None)
    assert parsed.value == 700
    assert [(f.code, f.blocking) for f in parsed.faults] == [("row_full_width", False)]


@pytest.mark.parametrize(
    ("cell", "unit", "fen"),
    [
        (298.56, Unit.TEN_THOUSAND_YUAN, 298_560_000),  # 2,985,600 yuan × 100
        ("¥1,299.50", None, 129_950),
        ("18.5万元", Unit.YUAN, 18_500_000),
        (299, None, 29_900),
        (0.1 + 0.2, Unit.TEN_THOUSAND_YUAN, None),  # 0.30000000000000004: parts of a fen
    ],
)
def test_money_comes_to_whole_fen(cell, unit, fen):
    assert parse_quantity(cell, FEN, column="value_fen", unit=unit).value == fen


@given(st.integers(0, 20_000))
def test_a_number_under_ten_thousand_pairs_is_exactly_that_many(number):
    assert pairs(number, Unit.TEN_THOUSAND_PAIRS).value == number * 10_000
    assert pairs(f"{number * 10_000:,}双", Unit.TEN_THOUSAND_PAIRS).value == number * 10_000


@given(st.text(max_size=12))
def test_no_text_breaks_the_reader(text):
    parsed = pairs(text)
    assert (parsed.value is None) == any(fault.blocking for fault in parsed.faults)


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("万双", Unit.TEN_THOUSAND_PAIRS),
        ("万双/年", Unit.TEN_THOUSAND_PAIRS),
        ("单位：万元", Unit.TEN_THOUSAND_YUAN),
        ("10k pairs", Unit.TEN_THOUSAND_PAIRS),
        ("人", Unit.PERSONS),
        ("全称", None),
    ],
)
def test_units_are_found(word, unit):
    assert find_unit(word) is unit
