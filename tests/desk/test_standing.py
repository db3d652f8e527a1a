"""What the lists keep is what the facts come to: after every deed, at midnight, under other rules."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.base.db import housekeeping_write, read
from marketplace.base.errors import NotAllowed
from marketplace.desk.anchors import ORDERS
from marketplace.desk.factories import FactoryFilter, list_factories
from marketplace.desk.search import Findable, index_entries, matching
from marketplace.desk.standing import AT_ONCE, check, is_standing_due
from marketplace.desk.tables import FactoryCount, FactoryStanding
from marketplace.features.registry import commands as registry
from marketplace.upkeep.minute import refresh_derived
from tests.features.conftest import World
from tests.features.scene import make_firm, make_people, uscc


def same(world: World) -> bool:
    """Whether every kept row and count is what the facts come to."""
    return world.see(lambda s: check(s, rulebook=world.rulebook, clock=world.clock)) == []


def listed(world: World, *, page: int = 1, page_rows: int | None = None, actor=None, **wanted):
    return world.see(
        lambda s: list_factories(
            s,
            actor or world.officer,
            world.rulebook,
            wanted=FactoryFilter(**wanted),
            page=page,
            page_rows=page_rows,
        )
    )


def names(found) -> list[str]:
    return [line.name for line in found.lines]


def register(world: World, number: int, **values) -> int:
    """Register a firm in 荔城区 unless told otherwise."""
    told = {"name": f"（虚构）{number:03d}鞋厂", "uscc": uscc(number), **values}
    return world.do(
        lambda s: registry.record_factory(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.officer,
            values=told,
            source="测试",
        )
    ).factory_id


def test_a_firm_from_enrollment_to_points_stands_in_the_list_as_its_facts_do(world):
    make_people(world)
    firm = make_firm(world, products=1)
    assert same(world)
    line = listed(world).lines[0]
    assert (line.status, line.points, line.band) == (
        "enrolled",
        0,
        world.rulebook.points_band(0),
    )
    for number in (1, 2, 3):  # 0 + 2 + 24
        firm.uphold(firm.finding(number=number))
    assert same(world)
    line = listed(world).lines[0]
    assert (line.points, line.band) == (26, world.rulebook.points_band(26))
    assert listed(world, bands=(line.band,)).total == 1


def test_a_correction_and_an_archived_draft_change_rows_and_counts(world):
    one = register(world, 1)
    draft = register(world, 2, uscc=None, address="莆田市荔城区二路2号")
    assert listed(world).facets.statuses == {"draft": 1, "registered": 1}
    world.do(
        lambda s: registry.edit_factory(
            s, world.rulebook, clock=world.clock, actor=world.officer, factory_id=one,
            values={"district": "350303", "name": "（虚构）改名鞋厂"}, reason="搬迁",
        )
    )  # fmt: skip
    world.do(
        lambda s: registry.archive_factory(
            s, clock=world.clock, actor=world.officer, factory_id=draft, reason="查无此厂"
        )
    )
    assert same(world)
    found = listed(world)
    assert (found.total, names(found)) == (1, ["（虚构）改名鞋厂"])
    assert found.facets.districts == {"350303": 1}
    assert found.facets.statuses == {"registered": 1}


def test_midnight_makes_every_row_due_and_the_minute_works_them_out(world):
    make_people(world)
    make_firm(world, products=1)

    def is_due() -> bool:
        return world.see(
            lambda s: is_standing_due(s, rulebook=world.rulebook, clock=world.clock)
        )

    assert not is_due()
    world.clock.advance(days=800)  # the test report of 700 days and what rests on it are over
    assert is_due()
    refresh_derived(world.app)
    assert not is_due()
    assert same(world)


def test_missing_rows_and_rows_of_other_rules_are_worked_out_again(world):
    register(world, 1)
    with housekeeping_write(world.app.store) as session:
        session.execute(sa.delete(FactoryStanding))
        session.execute(sa.delete(FactoryCount))
    assert not same(world)
    assert refresh_derived(world.app) == 1
    assert same(world)
    with housekeeping_write(world.app.store) as session:
        session.execute(sa.update(FactoryStanding).values(rules_sha256="older", stage="gone"))
        session.execute(sa.update(FactoryCount).values(stage="gone"))
    refresh_derived(world.app)
    assert same(world)


def test_a_wrong_row_and_a_wrong_count_are_found(world):
    one = register(world, 1)
    with housekeeping_write(world.app.store) as session:
        session.execute(sa.update(FactoryStanding).values(points=7))
        session.execute(sa.update(FactoryCount).values(n=3))
    found = world.see(lambda s: check(s, rulebook=world.rulebook, clock=world.clock))
    assert [(d.factory_id, d.fields) for d in found] == [(0, ("counts",)), (one, ("points",))]


def test_pages_hold_every_row_once_in_every_order(world):
    for number in range(1, 8):
        register(world, number, staff=number)
    every = names(listed(world))
    assert every == sorted(every)
    assert len(every) == 7
    for sort in ("name", "due", "progress", "points", "enrolled", "unheard of"):
        paged = [
            name
            for page in (1, 2, 3, 4)
            for name in names(listed(world, page=page, page_rows=3, sort=sort))
        ]
        assert sorted(paged) == every, sort
    assert (listed(world, page=9, page_rows=3).lines, listed(world, page_rows=0).lines) == (
        (),
        (),
    )
    assert listed(world, page=9, page_rows=3).total == 7


def test_a_facet_counts_what_choosing_it_would_give(world):
    for number, district in enumerate(["350302", "350302", "350303", "350304"], start=1):
        register(world, number, district=district)
    found = listed(world, districts=("350303",))
    assert found.total == 1
    assert found.facets.districts == {"350302": 2, "350303": 1, "350304": 1}
    assert found.facets.statuses == {"registered": 1}
    assert found.every.statuses == {"registered": 4}
    for district, count in found.facets.districts.items():
        assert listed(world, districts=(district,)).total == count
    searched = listed(world, query="002")
    assert (searched.total, searched.facets.districts) == (1, {"350302": 1})


def test_an_officer_of_one_district_sees_and_counts_his_own(world):
    register(world, 1, district="350302")
    register(world, 2, district="350303")
    his = replace(world.officer, limits=frozenset({("putian-footwear", "350303")}))
    found = listed(world, actor=his)
    assert (found.total, found.every.districts) == (1, {"350303": 1})
    with pytest.raises(NotAllowed):
        listed(world, actor=world.marketer)


def test_more_firms_than_one_unit_takes_are_all_worked_out(world):
    """Rows as an older version left them: no events, no entries."""
    at = world.clock.now()
    with world.app.store.housekeeping.begin() as connection:
        for number in range(1, AT_ONCE + 6):
            facts = {"n": number, "t": f"厂{number}", "at": at}
            connection.execute(
                sa.text(
                    "INSERT INTO operator (id, program, name, name_fold, created_at, version)"
                    " VALUES (:n, 'putian-footwear', :t, :t, :at, 1)"
                ).bindparams(sa.bindparam("at", type_=sa.DateTime(timezone=True))),
                facts,
            )
            connection.execute(
                sa.text(
                    "INSERT INTO factory (id, operator_id, program, name, name_fold, status,"
                    " created_at, updated_at, version)"
                    " VALUES (:n, :n, 'putian-footwear', :t, :t, 'registered', :at, :at, 1)"
                ).bindparams(sa.bindparam("at", type_=sa.DateTime(timezone=True))),
                facts,
            )
    rows = 4 * (AT_ONCE + 5)  # each a row, an entry, sums and a year
    assert refresh_derived(world.app) == rows + len(ORDERS)  # and the anchors of each order
    assert same(world)
    assert listed(world).total == AT_ONCE + 5


TEXT = st.text(alphabet="莆田白塘鞋业a1（ ", min_size=1, max_size=8)
QUERY = st.text(alphabet="莆田白塘鞋业", min_size=1, max_size=4)


@given(firms=st.lists(TEXT, min_size=1, max_size=6), query=QUERY)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_chinese_query_finds_the_rows_that_like_finds(store, firms, query):
    with housekeeping_write(store) as session:
        session.connection().exec_driver_sql("DELETE FROM search_entry")
        named = enumerate(firms, start=1)
        index_entries(session, "factory", [Findable(n, "p", None, (t,)) for n, t in named])
    with read(store) as session:
        wanted = matching("factory", query)
        assert wanted is not None
        found = set(session.execute(wanted).scalars())
    assert found == {n for n, name in enumerate(firms, start=1) if query in name}
