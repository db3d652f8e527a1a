from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.base import audit
from marketplace.base.db import read, write
from tests.base.audit.conftest import Doer, Trail


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def varied(trail: Trail) -> Trail:
    """Four entries: 1 and 2 on factories, 3 on a product by somebody else, 4 on factory 120."""
    trail.append(subject="factory:12", program="putian", operator_id=12, before={"stage": "A"},
                 after={"stage": "B"}, reason="核查通过", facts={"visit": 3})  # fmt: skip
    trail.append(subject="factory:13", program="jinjiang", operator_id=13)
    trail.clock.advance(days=1)
    write(
        trail.store,
        lambda session: audit.record(
            session, clock=trail.clock, actor=Doer(login="lin"), action="catalog.verify",
            subject="product:5", program="putian",
        ),
    )  # fmt: skip
    trail.append(subject="factory:120")
    return trail


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({}, [4, 3, 2, 1]),
        ({"who": "lin"}, [3]),
        ({"action": "registry.admit_factory"}, [4, 2, 1]),
        ({"action": "catalog."}, [3]),
        ({"subject": "factory:12"}, [1]),
        ({"subject": "factory:"}, [4, 2, 1]),
        ({"subject": "factory_"}, []),
        ({"program": "putian"}, [3, 1]),
        ({"operator_id": 13}, [2]),
        ({"who": "chen", "program": "putian"}, [1]),
    ],
)
def test_filters_narrow_the_list_and_the_count_alike(
    varied: Trail, filters: dict[str, object], numbers: list[int]
) -> None:
    with read(varied.store) as session:
        assert [row.seq for row in audit.list_entries(session, **filters)] == numbers
        assert audit.count_entries(session, **filters) == len(numbers)


def test_since_is_inclusive_and_until_exclusive(varied: Trail) -> None:
    with read(varied.store) as session:
        at = audit.list_entries(session, subject="product:5")[0].at
        assert [r.seq for r in audit.list_entries(session, since=at)] == [4, 3]
        assert [r.seq for r in audit.list_entries(session, until=at)] == [2, 1]
        later = at + timedelta(microseconds=1)
        assert [r.seq for r in audit.list_entries(session, since=later)] == [4]


def test_pages_follow_each_other_by_number(varied: Trail) -> None:
    with read(varied.store) as session:
        first = audit.list_entries(session, limit=3)
        rest = audit.list_entries(session, limit=3, before_seq=first[-1].seq)
    assert [[r.seq for r in first], [r.seq for r in rest]] == [[4, 3, 2], [1]]


def test_an_entry_tells_who_why_and_what_changed(varied: Trail) -> None:
    with read(varied.store) as session:
        (row,) = audit.list_entries(session, subject="factory:12")
    assert (row.actor_id, row.actor_login, row.actor_role) == (7, "chen", "officer")
    assert (row.reason, row.facts) == ("核查通过", {"visit": 3})
    assert row.changes == (audit.Change("stage", "A", "B", audit.Disclosure.OPEN),)


def test_the_filters_offer_what_there_is(varied: Trail) -> None:
    with read(varied.store) as session:
        assert audit.list_actions(session) == ["catalog.verify", "registry.admit_factory"]
        assert audit.list_actors(session) == ["chen", "lin"]
