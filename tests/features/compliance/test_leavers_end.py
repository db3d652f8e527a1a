"""Who left stays in every figure until the month of exit, and in none after it."""

from __future__ import annotations

from datetime import timedelta

from marketplace.base.clock import month_index, today
from marketplace.desk.friday.queries import compose_friday
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.marks.queries import list_store_months
from marketplace.features.compliance.queries import observe_program
from tests.features.compliance.test_summary import both
from tests.features.compliance.town import NOW, Town
from tests.features.conftest import PROGRAM


def test_reports_inspections_and_complaints_after_the_exit_are_in_no_figure(world):
    town = Town(world, firms=2)
    stayed, left = town.operators
    town.at(-12)
    enrollments = {operator: town.enroll(operator) for operator in town.operators}
    town.at(-3)
    gone = month_index(today(world.clock))
    town.leave(enrollments[left])
    town.at(0)
    day = today(world.clock)
    for store in town.stores:
        for month in range(NOW - 11, NOW):
            town.report(store, month, 100, 2)
    for factory in town.factories:
        town.inspect(factory, day - timedelta(days=40))
    town.complain(town.stores[1], 1, day - timedelta(days=40))
    kind = ExposureKind(world.rulebook.compliance.exposure_kind)
    rows = world.see(
        lambda s: list_store_months(
            s, world.officer, program=PROGRAM, kind=kind, operator_id=left
        )
    )
    assert max(row.month for row in rows) == gone
    last = world.see(
        lambda s: list_store_months(s, world.officer, program=PROGRAM, kind=kind, month=NOW - 1)
    )
    assert [(row.checked, row.listings) for row in last] == [(100, 2)]
    friday = world.see(
        lambda s: compose_friday(s, world.officer, world.rulebook, clock=world.clock)
    )
    assert (friday.number("rate_month").count, friday.number("rate_month").n) == (2, 100)
    seen = {
        o.operator_id: o
        for o in world.see(lambda s: observe_program(s, world.officer, program=PROGRAM))
    }
    assert sum(seen[stayed].inspections.values()) == 1
    assert (seen[left].inspections, seen[left].complaints) == ({}, {})
    kept, raw = both(world)
    assert kept == raw
    assert sum(kept.inspections.values()) == 1
