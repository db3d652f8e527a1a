"""Text that looks alike is alike, and persons are masked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.base.text import (
    fold_name,
    mask_contact,
    mask_name,
    mask_phone,
    normalize,
    normalize_prose,
)


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("  莆田　市  鞋业 ", "莆田 市 鞋业"),
        ("ＡＢＣ１２３", "ABC123"),  # full width
        ("a\u200bb\ufeffc", "abc"),  # invisible joiners
        ("ok\u202egnp.exe", "okgnp.exe"),  # right-to-left override
        ("a\x00b\x07", "ab"),
        ("a\tb\r\nc", "a b c"),
        ("", ""),
    ],
)
def test_text_is_made_safe_to_keep(given_text: str, kept: str):
    assert normalize(given_text) == kept


@given(st.text())
def test_making_text_safe_twice_changes_nothing_more(text: str):
    once = normalize(text)
    assert normalize(once) == once


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("图形近似，须改款；详见附件（二）。", "图形近似，须改款；详见附件（二）。"),
        ("“好”！还行？……", "“好”！还行？……"),
        ("第一段。\r\n\r\n\r\n\r\n　　第二段。  ", "第一段。\n\n第二段。"),
        ("ok\u202egnp.exe\u200b，\x00好", "okgnp.exe，好"),
        ("e\u0301te\u0301", "été"),  # one letter however it was typed
        ("  \n ", ""),
    ],
)
def test_a_sentence_keeps_its_chinese_punctuation_and_its_lines(given_text: str, kept: str):
    assert normalize_prose(given_text) == kept


@given(st.text())
def test_making_a_sentence_safe_twice_changes_nothing_more(text: str):
    once = normalize_prose(text)
    assert normalize_prose(once) == once


def test_a_firm_s_name_is_one_name_with_and_without_brackets():
    assert fold_name("福建（莆田）远行鞋业") == fold_name("福建(莆田) 远行鞋业")
    assert fold_name("YuanXing · Shoes") == fold_name("yuanxing shoes")
    assert fold_name("远行鞋业") != fold_name("远航鞋业")


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13812345678", "138****5678"), ("05941234", "059*1234"), ("12345", "*****"), ("", "")],
)
def test_a_phone_number_hides_its_middle(phone: str, shown: str):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        (" 138-1234 5678 ", "138****5678"),
        ("lin@example.com", "l****"),
        ("微信 13812345678", "微****"),  # not the number in it either
        ("", "****"),
    ],
)
def test_a_contact_is_hidden_whatever_it_is(contact: str, shown: str):
    assert mask_contact(contact) == shown


@pytest.mark.parametrize(("name", "shown"), [("陈建国", "陈××"), ("陈", "陈"), ("", "")])
def test_a_person_s_name_hides_all_but_its_first_character(name: str, shown: str):
    assert mask_name(name) == shown


def test_a_sentence_chooses_its_word_by_the_count() -> None:
    from marketplace.base.words.locales import say

    assert say("officer.market.check_bad", "en", count=1) == "1 slot cannot be shown now"
    assert say("officer.market.check_bad", "en", count=2) == "2 slots cannot be shown now"
    assert say("officer.market.ends", "en", days=0) == "ends in 0 days"
