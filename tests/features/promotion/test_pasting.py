"""Whatever is pasted, the item numbers in it are found, in order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.features.promotion.pasting import item_numbers_in, lines_without_number

A, B, C = "600000007919", "600000015838", "600000023757"


def test_the_lines_without_a_number_are_named_as_they_stand() -> None:
    pasted = f"商品号\n  {A}\n\n hello \nhttps://shop.example/i?id={B}\n=HYPERLINK(x)"
    assert lines_without_number(pasted) == ["商品号", "hello", "=HYPERLINK(x)"]
    assert lines_without_number(f"{A}\n{B}") == []


@pytest.mark.parametrize(
    "text",
    [
        f"{A},{B},{C}",
        f"{A}，{B}、{C}",
        f"{A};{B}；{C}",
        f"{A}\t{B}\t{C}\n",
        f"{A}\r\n{B}\r\n\r\n{C}",
        f"{A} {B}　{C}",
        f"\"{A}\",'{B}',“{C}”",
        f"'{A}\n'{B}\n'{C}",  # text cells of a spreadsheet
        f"({A}) [{B}] （{C}）",
        f"商品号\n{A}\n{B}\n{C}",  # the heading comes along
        f"商品ID：{A}\n货号:{B}\nitem id {C}",
        f"{A}.0\n{B}.00\n{C}",  # a spreadsheet's numbers
        f"{A}，{B}，{C}".translate(
            {ord(str(d)): ord("０") + d for d in range(10)}
        ),  # full width
        f"https://shop.example/item/{A} https://shop.example/i.htm?spm=a1.2&id={B}&x=9,{C}",
        f"看这款https://shop.example/item/{A}.html，还有https://m.shop.example/p?goods_id={B}。{C}",
        f"<{A}>|{B}｜{C}",
    ],
)
def test_every_separator_and_wrapping_gives_the_same_three_numbers(text: str) -> None:
    assert item_numbers_in(text) == [A, B, C]


def test_a_link_without_a_number_is_answered_not_lost() -> None:
    assert item_numbers_in("https://shop.example/welcome") == ["https://shop.example/welcome"]


def test_repeated_numbers_stay_so_that_they_are_told() -> None:
    assert item_numbers_in(f"{A} {A}") == [A, A]


def test_letters_belong_to_a_number() -> None:
    assert item_numbers_in("SKU-88a，B77") == ["SKU-88a", "B77"]


def test_nothing_is_nothing() -> None:
    assert item_numbers_in(" ，、\n\t“”") == []


@given(
    st.lists(st.integers(10**5, 10**13), min_size=1, max_size=30),
    st.sampled_from([",", "，", "、", "\t", " ", "\n", ";", "；", "\r\n", "|"]),
)
def test_joined_by_any_separator_numbers_come_back_whole(numbers: list[int], sep: str) -> None:
    assert item_numbers_in(sep.join(map(str, numbers))) == [str(n) for n in numbers]


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    assert all(number and number == number.strip() for number in item_numbers_in(text))
