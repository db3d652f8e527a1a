from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.base.identifiers import (
    USCC_ALPHABET,
    check_gtin,
    check_phone,
    check_uscc,
    clean_phone,
    clean_uscc,
    suggest_uscc,
    uscc_check_digit,
    uscc_region,
)

CASES = Path(__file__).parents[2].parent / "shared" / "data" / "check_digits_dev.csv"


def cases() -> list[dict[str, str]]:
    if not CASES.exists():
        return []
    with CASES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not CASES.exists(), reason="../shared/data/check_digits_dev.csv is absent")
def test_every_development_case_is_judged_rightly():
    check = {"uscc": check_uscc, "gtin": check_gtin}
    wrong = [
        case
        for case in cases()
        if (check[case["kind"]](case["value"]) is None) != (case["valid"] == "1")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("uscc", "code"),
    [
        ("91350304MAMGGHFRQ4", None),
        ("91350304MAMGGHFRQ", "uscc_length"),
        ("9135O305MA2TH3BJ14", "uscc_letter_o"),
        ("9135I305MA2TH3BJ14", "uscc_look_alike"),
        ("91350304mAMGGHFRQ4", "uscc_look_alike"),
        ("91350304*AMGGHFRQ4", "uscc_alphabet"),
        ("B1350304MAMGGHFRQ4", "uscc_prefix"),
        ("9135A304MAMGGHFRQ4", "uscc_region_digits"),
        ("91350305MA0YEB5K30", "uscc_check_digit"),
    ],
)
def test_a_code_is_refused_for_its_first_fault(uscc, code):
    fault = check_uscc(uscc)
    assert (fault.code if fault else None) == code


def test_a_wrong_check_digit_names_the_one_that_would_hold():
    fault = check_uscc("91350304MAMGGHFRQ5")
    assert fault is not None
    assert fault.facts == {"given": "5", "expected": "4"}


def test_the_letter_o_is_named_with_its_place():
    fault = check_uscc("9135O305MA2TH3BJ14")
    assert fault is not None
    assert fault.facts == {"character": "O", "position": 5}


def test_a_code_is_proposed_only_when_the_check_digit_then_holds():
    assert suggest_uscc("9135O305MA2TH3BJ14") == "91350305MA2TH3BJ14"
    assert suggest_uscc("9135O305MA2TH3BJ15") is None
    assert suggest_uscc("91350305MA2TH3BJ14") is None  # nothing to correct


def test_a_code_is_brought_to_its_one_written_form():
    assert clean_uscc(" ９１３５０３０４ mamg-ghfrq4 ") == "91350304MAMGGHFRQ4"
    assert uscc_region("91350304MAMGGHFRQ4") == "350304"


@given(st.text(alphabet=USCC_ALPHABET, min_size=9, max_size=9), st.integers(0, 16))
def test_any_single_wrong_character_is_found(body, place):
    good = "91350304" + body
    good += uscc_check_digit(good)
    assert check_uscc(good) is None
    other = USCC_ALPHABET[(USCC_ALPHABET.index(good[place]) + 1) % 31]
    assert check_uscc(good[:place] + other + good[place + 1 :]) is not None


@pytest.mark.parametrize(
    ("gtin", "code"),
    [
        ("9780471117094", None),
        ("04012345999990", None),
        ("45029189", None),
        ("805583689372", None),
        ("9780471117095", "gtin_check_digit"),
        ("978047111708", "gtin_check_digit"),
        ("97804711170", "gtin_length"),
        ("97804711170A4", "gtin_digits"),
    ],
)
def test_a_gtin_is_checked_by_length_and_digit(gtin, code):
    fault = check_gtin(gtin)
    assert (fault.code if fault else None) == code


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13106792470", "13106792470"),
        ("+86 131-0679-2470", "13106792470"),
        ("86 13106792470", "13106792470"),
        ("１３１０６７９２４７０", "13106792470"),
        ("0594-2290000", "05942290000"),
        ("(0594) 2290000 转 12", "05942290000#12"),
        ("2290000", "2290000"),
        ("400-800-1234", "4008001234"),
    ],
)
def test_a_phone_is_read_as_people_write_it(text, phone):
    assert clean_phone(text) == phone
    assert check_phone(phone) is None


@pytest.mark.parametrize(
    "phone", ["1310679247", "23106792470", "abc", "", "110", "131067924700"]
)
def test_what_no_phone_looks_like_is_a_fault(phone):
    fault = check_phone(phone)
    assert fault is not None
    assert fault.code == "phone_form"
