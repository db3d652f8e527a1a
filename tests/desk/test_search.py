"""Things are found by Chinese, English and pinyin, on both engines."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from marketplace.base.db import Store, housekeeping_write, read
from marketplace.desk.search import Findable, index_entries, matching
from marketplace.desk.tables import SearchEntry

FIRMS = {
    1: ("（虚构）莆田市白塘鞋业有限公司", "Baitang Shoes", "91350303MA00000001"),
    2: ("（虚构）莆田市白沙鞋材有限公司", "White Sand Materials", "91350303MA00000002"),
    3: ("（虚构）涵江区塘边运动用品厂", "Pond Side Sports", "91350304MA00000003"),
    4: ("（虚构）重庆路100%棉鞋_厂", None, None),
}


@pytest.fixture
def filled(store: Store) -> Store:
    with housekeeping_write(store) as session:
        index_entries(session, "factory", [Findable(n, "p", None, t) for n, t in FIRMS.items()])
    return store


def found(session: Session, query: str) -> set[int]:
    wanted = matching("factory", query)
    assert wanted is not None
    return set(session.execute(wanted).scalars())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("白塘", {1}),  # two characters
        ("塘", {1, 3}),  # one
        ("白", {1, 2}),
        ("塘白", set()),  # the order counts
        ("莆田市白沙", {2}),
        ("鞋业 白塘", {1}),  # every word must match
        ("白塘 白沙", set()),
        ("baitang", {1}),
        ("BAITANG", {1}),
        ("bt", {1}),  # initials of 白塘
        ("baisha", {2}),
        ("white", {2}),
        ("sand mat", {2}),  # beginnings of words
        ("and", set()),  # but not their middles
        ("91350303", {1, 2}),
        ("９１３５０３０４", {3}),  # full-width digits
        ("chongqing", {4}),  # 重 read in its word
        ("100", {4}),
    ],
)
def test_a_query_finds(filled: Store, query: str, expected: set[int]) -> None:
    with read(filled) as session:
        assert found(session, query) == expected


@pytest.mark.parametrize("query", ["", "  ", "%", "_", "'; --", "\\", "|"])
def test_signs_alone_are_no_query(store: Store, query: str) -> None:
    assert matching("factory", query) is None


def test_an_entry_is_replaced_by_what_it_is_called_now(filled: Store) -> None:
    with housekeeping_write(filled) as session:
        index_entries(session, "factory", [Findable(1, "p", None, ("新度",))])
    with read(filled) as session:
        assert (found(session, "白塘"), found(session, "新度")) == (set(), {1})
        rows = session.execute(select(sa.func.count()).select_from(SearchEntry)).scalar_one()
        assert rows == 4


def test_another_kind_of_thing_is_not_found(filled: Store) -> None:
    with read(filled) as session:
        wanted = matching("product", "白塘")
        assert wanted is not None
        assert set(session.execute(wanted).scalars()) == set()
