"""Pages of the list, walked from whichever end is nearer, together are the list: none twice, none missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from marketplace.base.db import housekeeping_write
from marketplace.desk.factories import FactoryFilter, list_factories
from marketplace.desk.standing import recount, sort_keys
from marketplace.desk.tables import FactoryStanding
from tests.desk.test_standing import listed

PLACES = ("350302", "350304", None)


@pytest.fixture
def many(world) -> int:
    """Fifty-three kept rows: two alike in every sort key, days that are open, three districts."""
    row = {
        "program": world.rulebook.program.key, "uscc": None, "stage": "s", "next_step": None,
        "holder": "nobody", "total": 9, "band": "b", "officer_id": None,
        "counted_on": date(2026, 1, 1), "rules_sha256": "0" * 64, "status": "enrolled",
    }  # fmt: skip
    rows = [
        row
        | {
            "factory_id": 1_000 - n,
            "operator_id": n,
            "name": f"厂{n // 2:02d}",  # every name twice: the number decides
            "name_key": f"厂{n // 2:02d}",
            "district": PLACES[n % 3],
            "due_on": None if n % 4 == 0 else date(2026, 5, 1) + timedelta(days=n % 5),
            "enrolled_on": None if n % 7 == 0 else date(2025, 1, 1) + timedelta(days=n % 6),
            "done": n % 4,
            "points": n % 3,
        }
        for n in range(53)
    ]
    rows = [row | sort_keys(row) for row in rows]
    with housekeeping_write(world.app.store) as session:
        session.execute(sa.insert(FactoryStanding.__table__), rows)
        recount(session, rulebook=world.rulebook)
    return len(rows)


def numbers(found) -> list[int]:
    return [line.factory_id for line in found.lines]


@pytest.mark.parametrize("sort", ["name", "due", "progress", "points", "enrolled"])
@pytest.mark.parametrize("page_rows", [1, 7, 10, 26, 27, 53, 60])
def test_the_pages_of_every_order_are_the_list_cut_in_pieces(world, many, sort, page_rows):
    whole = numbers(listed(world, sort=sort))
    assert len(whole) == len(set(whole)) == many
    pages = -(-many // page_rows)
    cut = [
        numbers(listed(world, sort=sort, page=page, page_rows=page_rows))
        for page in range(1, pages + 1)
    ]
    assert [number for page in cut for number in page] == whole
    assert all(len(page) == page_rows for page in cut[:-1])
    assert numbers(listed(world, sort=sort, page=pages + 1, page_rows=page_rows)) == []


def test_pages_under_a_filter_and_of_one_district_end_with_their_own_last_row(world, many):
    of_a_district = replace(world.officer, limits=frozenset({("putian-footwear", "350302")}))
    for told in (
        {"districts": ("350304",)},
        {"actor": of_a_district},
        {"sort": "due", "actor": of_a_district},
    ):
        whole = listed(world, **told)
        assert 0 < whole.total < many
        pages = whole.total // 4 + 2
        cut = [numbers(listed(world, page=p, page_rows=4, **told)) for p in range(1, pages)]
        assert [number for page in cut for number in page] == numbers(whole)


def test_another_programs_officer_reads_no_page_of_it(world, many):
    other = replace(world.officer, programs=frozenset({"elsewhere"}))
    for page in (1, 3):
        found = world.see(
            lambda s, at=page: list_factories(
                s, other, world.rulebook, wanted=FactoryFilter(), page=at, page_rows=10
            )
        )
        assert (found.total, found.lines) == (0, ())
