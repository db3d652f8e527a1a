from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.exchange.values import (
    parse_gtin,
    parse_item_id,
    parse_phone,
    parse_text,
    parse_uscc,
    parse_yes_no,
)


def test_a_code_with_a_letter_o_is_refused_and_the_right_one_proposed():
    fault = parse_uscc("9135O305MA2TH3BJ14", column="uscc").faults[0]
    assert (fault.code, fault.fix_code) == ("uscc_letter_o", "uscc_proposed")
    assert fault.facts["suggestion"] == "91350305MA2TH3BJ14"


def test_no_code_is_proposed_when_the_check_digit_would_not_hold():
    fault = parse_uscc("9135O305MA2TH3BJ15", column="uscc").faults[0]
    assert (fault.code, fault.fix_code) == ("uscc_letter_o", "uscc_letter_o")


@pytest.mark.parametrize("cell", [None, "", "  ", "无", "待补", "办理中", "/", "—", "N/A"])
def test_what_people_write_for_nothing_is_nothing(cell):
    assert parse_uscc(cell, column="uscc").value is None
    assert parse_uscc(cell, column="uscc").faults == ()


def test_a_code_that_became_a_number_has_lost_its_end():
    fault = parse_uscc(911522010783917500, column="uscc").faults[0]
    assert fault.code == "row_code_as_number"
    assert parse_item_id(6.1e17, column="item_id").faults[0].code == "row_code_as_number"


def test_spaces_lower_case_and_full_width_in_a_code_are_put_right():
    parsed = parse_uscc(" ９１350304mamg ghfrq4", column="uscc")
    assert parsed.value == "91350304MAMGGHFRQ4"
    assert [f.code for f in parsed.faults] == ["row_full_width"]


def test_a_phone_kept_as_a_number_is_its_digits():
    assert parse_phone(13106792470, column="phone").value == "13106792470"
    assert parse_phone(13106792470.0, column="phone").faults == ()


def test_several_phones_are_kept_and_an_impossible_one_is_left_out_masked():
    parsed = parse_phone("13106792470/0594-2290000", column="phone")
    assert parsed.value == "13106792470 / 05942290000"
    bad = parse_phone("1310679247", column="phone")
    assert bad.value is None
    assert [(f.code, f.value, f.blocking) for f in bad.faults] == [
        ("phone_form", "131***9247", False)
    ]


@pytest.mark.parametrize("cell", ["是", "规上", "Y", "yes", "√", True, 1, "1"])
def test_yes_in_every_spelling(cell):
    assert parse_yes_no(cell, column="above_scale").value is True


@pytest.mark.parametrize("cell", ["否", "规下", "无", "N", "no", "×", False, 0])
def test_no_in_every_spelling(cell):
    assert parse_yes_no(cell, column="above_scale").value is False


def test_neither_yes_nor_no_is_a_fault_and_blank_is_blank():
    assert parse_yes_no("也许", column="x").faults[0].code == "row_yes_no_unreadable"
    assert parse_yes_no(None, column="x").value is None


def test_text_is_normalized_and_numbers_lose_no_zero():
    assert parse_text(" 莆田　鞋厂 ", column="name", longest=20).value == "莆田 鞋厂"
    assert parse_text("007", column="name", longest=20).value == "007"
    assert parse_text(7, column="name", longest=20).value == "7"
    assert parse_text("x" * 21, column="name", longest=20).faults[0].code == "row_text_too_long"


def test_a_gtin_is_checked():
    assert parse_gtin(9780471117094, column="gtin").value == "9780471117094"
    assert parse_gtin("9780471117095", column="gtin").faults[0].code == "gtin_check_digit"


@given(st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.booleans()))
def test_no_cell_breaks_a_reader(cell):
    for reader in (parse_uscc, parse_phone, parse_yes_no, parse_gtin, parse_item_id):
        parsed = reader(cell, column="x")
        assert parsed.value is None or not any(f.blocking for f in parsed.faults)
