"""A store somebody writes by number or name is found by one look-up, whatever the writing."""

from __future__ import annotations

from marketplace.base.db import read
from marketplace.features.complaints.queries.facts import stores_named
from marketplace.features.registry.tables import Store
from tests.features.conftest import PROGRAM
from tests.features.scene import make_firm, make_people


def named(world, *wanted):
    return world.see(lambda s: stores_named(s, PROGRAM, set(wanted)))


def test_number_and_name_are_found_folded_and_a_number_wins(world):
    make_people(world)
    firm, other = make_firm(world, number=1, products=0), make_firm(world, number=2, products=0)
    store = world.see(lambda s: s.get(Store, firm.store_id))
    assert named(world, store.no_fold) == {store.no_fold: (firm.store_id,)}
    assert firm.store_id in named(world, store.name_fold)[store.name_fold]

    def rename(session):
        from marketplace.base import audit

        row = session.get(Store, other.store_id)
        row.name = "青禾（旗舰）店 "
        audit.record(session, clock=world.clock, actor=world.officer, action="test.rename",
                     subject=f"store:{other.store_id}", program=PROGRAM)  # fmt: skip

    world.do(rename)
    assert named(world, "青禾旗舰店") == {"青禾旗舰店": (other.store_id,)}
    assert named(world, "没有这家") == {}


def test_the_look_up_reads_an_index_and_not_every_store(sqlite_store):
    """On SQLite: PostgreSQL may rightly read a small table whole; the index is the same."""
    for column in ("no_fold", "name_fold"):
        asked = f"SELECT id FROM store WHERE program = 'p' AND {column} IN ('a', 'b')"
        with read(sqlite_store) as session:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").all()
        assert f"ix_store_{column}" in str(plan)
