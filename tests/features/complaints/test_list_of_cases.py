"""The list of cases a page at a time: every case once, open ones first, counts as without pages."""

from __future__ import annotations

import pytest

from marketplace.features.complaints.kinds import CaseSort
from marketplace.features.enforcement.kinds import Origin


@pytest.fixture
def office(intake):
    """Nine cases, an hour apart; every third is closed: 3, 6 and 9, the last one first."""
    for n in range(1, 10):
        intake.do(
            "open_case", origin=Origin.INSPECTION if n % 2 else Origin.PROACTIVE_MODEL,
            store_id=intake.firm.store_id, item=f"60000{n}", statement=f"巡查第{n}处 100%真标",
        )  # fmt: skip
        intake.world.clock.advance(hours=1)
    for n in (9, 6, 3):
        intake.do("close_case", case_id=n, reason="核对过，没有发现问题")
        intake.world.clock.advance(hours=1)
    return intake


def ids(found) -> list[int]:
    return [line.case_id for line in found.lines]


def walk(office, size: int, **wanted) -> list[int]:
    found = []
    for page in range(1, 20):
        one = office.cases(page=page, size=size, **wanted)
        assert len(one.lines) <= size
        if not one.lines:
            return found
        found += ids(one)
    raise AssertionError


@pytest.mark.parametrize("size", [1, 2, 4, 9, 50])
def test_the_pages_together_are_the_list_and_open_cases_come_first(office, size):
    whole = office.cases()
    # Open by their day (all the same) and number; closed the latest closed first.
    assert ids(whole) == [1, 2, 4, 5, 7, 8, 3, 6, 9]
    assert walk(office, size) == ids(whole)
    one = office.cases(page=2, size=size)
    assert (one.matching, one.total) == (9, 9)
    assert (one.steps, one.statuses) == (whole.steps, whole.statuses)


def test_the_order_can_be_turned_and_open_ones_stay_first(office):
    assert walk(office, 2, sort=CaseSort.NEWEST) == [8, 7, 5, 4, 2, 1, 9, 6, 3]
    assert walk(office, 2, sort=CaseSort.OLDEST) == [1, 2, 4, 5, 7, 8, 3, 6, 9]


def test_every_facets_count_is_the_length_of_its_list_closed_ones_included(office):
    every = office.cases(size=2)
    assert every.steps == {"find_or_close": 6, "closed": 3}
    assert every.turns == {"office": 6, "nobody": 3}
    for name in ("statuses", "origins", "steps", "turns", "officers"):
        for value, count in getattr(every, name).items():
            assert office.cases(**{name: (value,)}, size=2).matching == count
            assert len(walk(office, 2, **{name: (value,)})) == count


def test_filters_meet_and_a_late_filter_leaves_closed_cases_out(office):
    closed = {"steps": ("closed",), "origins": ("inspection",)}
    assert walk(office, 1, **closed) == [3, 9]
    assert walk(office, 1, turns=("office",), steps=("closed",)) == []
    office.world.clock.advance(days=30)
    late = office.cases(late_only=True, size=2)
    assert (late.matching, late.late) == (6, 6)
    assert walk(office, 4, late_only=True) == [1, 2, 4, 5, 7, 8]


def test_a_search_reads_words_and_takes_signs_as_signs(office):
    assert walk(office, 2, query="第3处") == [3]
    assert len(walk(office, 2, query="100%真")) == 9
    assert walk(office, 2, query="100_真") == []
    assert office.cases(query="第3处", size=2).total == 9
