"""The kept sums say exactly what the raw facts say: after every deed, in any order, on each engine."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.base.clock import month_start
from marketplace.base.db import housekeeping_write
from marketplace.base.errors import Refused
from marketplace.features.compliance.queries import get_program_sums, observe_program
from marketplace.features.compliance.rules.dispersion import pooled_dispersion
from marketplace.features.compliance.rules.effort import Measured
from marketplace.features.compliance.rules.summary import expected_store_months
from marketplace.features.compliance.studies import study_overview, study_program, watch
from marketplace.features.compliance.summary import check, read_dispersion, rebuild_sums
from marketplace.features.compliance.tables import (
    CohortMonth,
    CohortOffset,
    CohortSide,
    CohortSource,
    OperatorMonth,
)
from marketplace.features.progress import commands as progress
from marketplace.upkeep.minute import refresh_derived
from tests.features.compliance.town import NOW, Town
from tests.features.conftest import PROGRAM, World

MADE_UP = {"program": PROGRAM, "district": "", "offset_months": 3, "month": NOW}


def drifts(world: World):
    return world.see(lambda s: check(s, rulebook=world.rulebook))


def both(world: World, *, district: str | None = None, until: int | None = None):
    """The study from the kept sums, and the one from the raw facts."""

    def ask(session):
        raw = observe_program(session, world.officer, program=PROGRAM, district=district)
        given = {"clock": world.clock, "district": district, "until": until}
        kept = study_overview(session, world.officer, world.rulebook, **given)
        made = study_program(session, world.officer, world.rulebook, **given, observations=raw)
        return kept, replace(made, watched=())

    return world.see(ask)


def test_reports_findings_corrections_and_overturns_reach_the_sums_in_their_own_transaction(
    world,
):
    town = Town(world)
    town.at(-12)
    for month in range(NOW - 24, NOW - 12):
        town.report(town.stores[0], month, 100, 5)
    enrollment = town.enroll(town.operators[0])
    town.at(0)
    for month in range(NOW - 11, NOW):
        town.report(town.stores[0], month, 80, 1)
    town.report(town.stores[0], NOW - 3, 90, 2, source="更正")
    finding = town.find(town.stores[0], month_start(NOW - 2), 7)
    assert drifts(world) == []
    kept, raw = both(world)
    assert kept == raw
    # Before: 12 months of 100 with 5. After: 11 of 80 with 1, one corrected to 90 with 2, and 7.
    assert (kept.comparison.before.exposure, kept.comparison.before.listings) == (1200, 60)
    assert (kept.comparison.after.exposure, kept.comparison.after.listings) == (890, 19)
    assert kept.sources == ("更正", "月报")
    town.overturn(finding)
    kept, raw = both(world)
    assert kept == raw
    assert (kept.comparison.after.listings, kept.comparison.overturned) == (12, 1)
    town.leave(enrollment)
    assert both(world)[0] == both(world)[1]
    assert drifts(world) == []


def test_what_is_of_the_running_month_is_kept_and_counts_only_when_the_month_is_over(world):
    """Sums by offset hold every month; a study up to an earlier one takes the later ones away."""
    town = Town(world, firms=2)
    town.at(-12)
    for store in town.stores:
        for month in range(NOW - 16, NOW - 12):
            town.report(store, month, 100, 5)
    town.enroll(town.operators[0])
    town.at(0)
    town.enroll(town.operators[1])  # in the running month: none of his months count yet
    town.find(town.stores[0], month_start(NOW), 7)
    for month in range(NOW - 8, NOW):
        town.report(town.stores[0], month, 50, 1)
    for until in (None, NOW - 3, NOW - 7, NOW - 14):
        kept, raw = both(world, until=until)
        assert kept == raw
    kept, _raw = both(world)
    # 4 months of 100 with 5 of the first alone; 8 months of 50 with 1, without the running one.
    assert (kept.comparison.before.exposure, kept.comparison.before.listings) == (400, 20)
    assert (kept.comparison.after.exposure, kept.comparison.after.listings) == (400, 8)


def test_an_enrollment_moves_the_months_of_a_firm_into_its_cohort_and_a_reversal_out_again(
    world,
):
    town = Town(world, firms=1)
    town.report(town.stores[0], NOW - 1, 50, 3)
    rows = sa.select(CohortMonth.cohort, CohortMonth.listings).where(
        CohortMonth.district == "", CohortMonth.month == NOW - 1
    )
    assert world.see(lambda s: s.execute(rows).all()) == [(0, 3)]
    enrollment = town.enroll(town.operators[0])
    assert world.see(lambda s: s.execute(rows).all()) == [(NOW, 3)]
    world.do(
        lambda s: progress.reverse_enrollment(
            s,
            clock=world.clock,
            actor=replace(world.reviewer, account_id=98),
            enrollment_id=enrollment,
            reason="登记有误",
        )
    )
    assert world.see(lambda s: s.execute(rows).all()) == [(0, 3)]
    assert drifts(world) == []


def test_a_store_that_changes_hands_takes_only_its_later_months_along(world):
    town = Town(world, firms=2)
    for month in range(NOW - 6, NOW):
        town.report(town.stores[0], month, 40, 1)
    town.hold(town.factories[1], "S1", month_start(NOW - 2))
    months = sa.select(OperatorMonth.operator_id, sa.func.sum(OperatorMonth.stores)).where(
        OperatorMonth.whole
    )
    found = world.see(lambda s: s.execute(months.group_by(OperatorMonth.operator_id)).all())
    assert dict(tuple(row) for row in found) == {town.operators[0]: 4, town.operators[1]: 2}
    assert drifts(world) == []


def test_a_firm_in_two_districts_counts_once_in_the_program_and_once_in_each(world):
    town = Town(world, firms=1)
    town.at(-3)
    town.branch(town.operators[0], number=2, district="350302")
    for store in town.stores:
        for month in range(NOW - 9, NOW - 3):
            town.report(store, month, 100, 4)
    town.enroll(town.operators[0])
    town.at(0)
    for store in town.stores:
        for month in range(NOW - 2, NOW):
            town.report(store, month, 100, 1)
    assert drifts(world) == []
    for district, exposure in ((None, 1200), ("350304", 600), ("350302", 600)):
        kept, raw = both(world, district=district)
        assert kept == raw
        assert (kept.comparison.operators, kept.comparison.before.exposure) == (1, exposure)


def test_complaints_inspections_and_heeded_warnings_stand_in_their_months(world):
    town = Town(world, firms=1)
    town.at(-2)
    town.enroll(town.operators[0])
    town.at(0)
    town.inspect(town.factories[0], month_start(NOW - 1))
    town.heed(town.stores[0], NOW - 1, 2)
    town.complain(town.stores[0], 1)
    assert drifts(world) == []
    given = {"last": NOW}
    sums = world.see(
        lambda s: get_program_sums(s, world.officer, world.rulebook, **given)
    ).months
    assert [(m.offset, m.inspections, m.near_misses, m.complaints) for m in sums] == [
        (1, 1, 2, 0),
        (2, 0, 0, 1),
    ]


def test_what_else_was_looked_at_counts_in_the_months_observed_and_complaints_since_the_first(
    world,
):
    town = Town(world, firms=1)
    town.at(-6)
    for month in range(NOW - 12, NOW - 6):
        town.report(town.stores[0], month, 100, 4)
        town.offer(town.stores[0], month, 400)
    town.enroll(town.operators[0])
    town.at(0)
    for month in range(NOW - 5, NOW):
        town.report(town.stores[0], month, 100, 1)
    town.offer(town.stores[0], NOW - 1, 300)
    for number, back in enumerate((8, 7, 7, 6, 2)):
        town.complain(town.stores[0], number, month_start(NOW - back))
    town.inspect(town.factories[0], month_start(NOW - 6))  # the month of entry: on neither side
    town.inspect(town.factories[0], month_start(NOW - 3))
    assert drifts(world) == []
    kept, raw = both(world)
    assert kept == raw
    lines = {x.measure: (x.before, x.after) for x in kept.comparison.effort.lines}
    # 600 of 2,400 on sale were checked before; after, four months told nothing of it.
    assert lines[Measured.SHARE_CHECKED] == (0.25, None)
    assert lines[Measured.INSPECTIONS] == (0, 1 / 5)
    # The first complaint kept is of eight months ago: three in two months, then one in five.
    assert lines[Measured.COMPLAINTS] == (3 / 2, 1 / 5)
    assert lines[Measured.SAMPLES] == (None, None)


def test_the_dispersion_is_that_of_everybody_and_the_same_in_every_district(world):
    town = Town(world)
    for number, store in enumerate(town.stores):
        for month in range(NOW - 8, NOW):
            town.report(store, month, 100, (number + 1) * 9 * (month % 3 == 0))
    watched = world.see(
        lambda s: watch(
            world.rulebook,
            observe_program(s, world.officer, program=PROGRAM),
            clock=world.clock,
        )
    )
    told = world.see(lambda s: read_dispersion(s, PROGRAM))
    assert told == pooled_dispersion(watched) > 5
    assert both(world, district="350302")[0].dispersion == told


def test_a_difference_is_named_and_made_good(world):
    town = Town(world, firms=1)
    town.report(town.stores[0], NOW - 1, 50, 3)
    with housekeeping_write(world.app.store) as session:
        session.execute(sa.update(CohortMonth).values(listings=99))
        session.execute(sa.update(CohortSource).values(operators=5))
        for kind in (CohortOffset, CohortSide):
            row = {name: MADE_UP.get(name, 1) for name in kind.model_fields if name != "id"}
            session.execute(sa.insert(kind).values(row))
        session.execute(sa.update(OperatorMonth).values(exposure=51))
    found = [(d.table, d.columns) for d in drifts(world)]
    assert ("operator_month", ("exposure",)) in found
    assert ("cohort_month", ("sums",)) in found
    assert ("cohort_source", ("operators",)) in found
    assert ("cohort_offset", ("sums",)) in found
    assert ("cohort_side", ("sums",)) in found
    town.report(town.stores[0], NOW - 1, 60, 3)  # the next fact mends the row of the firm
    assert {d.table for d in drifts(world)} == {
        "cohort_month",
        "cohort_offset",
        "cohort_side",
        "cohort_source",
    }
    world.do(lambda s: rebuild_sums(s, rulebook=world.rulebook))
    assert drifts(world) == []


def test_rows_written_past_events_are_due_until_the_minute_works_them_out(world):
    town = Town(world, firms=1)
    town.report(town.stores[0], NOW - 1, 50, 3)
    with housekeeping_write(world.app.store) as session:
        for table in ("operator_month", "cohort_operator", "cohort_month", "cohort_count"):
            session.execute(sa.text(f"DELETE FROM {table}"))
        session.execute(sa.delete(CohortSource))
    assert drifts(world) != []
    refresh_derived(world.app)
    assert drifts(world) == []


def test_store_months_due_end_with_the_window_the_exit_or_the_last_month():
    # One store first reported at month 10 in the cohort of month 20: until 44 at the most.
    assert expected_store_months([(20, 10, 1)], last=100) == 35
    assert expected_store_months([(20, 10, 1)], last=30) == 21
    assert expected_store_months([(20, 10, 1)], last=9) == 0
    # It left in month 25: taken out again from 26 on.
    assert expected_store_months([(20, 10, 1), (20, 26, -1)], last=100) == 16


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "report",
                "report",
                "report",
                "find",
                "overturn",
                "enroll",
                "leave",
                "hold",
                "inspect",
                "heed",
                "complain",
                "offer",
                "later",
            ]
        ),
        st.integers(0, 2),
        st.integers(-30, -1),
        st.integers(0, 12),
    ),
    min_size=4,
    max_size=14,
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(streams=DEEDS)
def test_any_stream_of_facts_leaves_the_sums_equal_to_the_raw_facts(world, streams):
    town = getattr(world, "town", None)
    if town is None:
        town = world.town = Town(world)
        world.found, world.enrollments, world.complained, world.month = [], [], 0, -6
        town.at(-6)
    for deed, who, month, n in streams:
        try:
            play(world, town, deed, who, month, n)
        except Refused:
            continue
    assert drifts(world) == []
    for district in (None, "350304", "350302"):
        for until in (None, NOW - 10):
            kept, raw = both(world, district=district, until=until)
            assert kept == raw


def play(world, town, deed, who, month, n):
    store, at = town.stores[who], NOW + min(month, world.month - 1)
    if deed in DEEDS_OF_A_STORE:
        DEEDS_OF_A_STORE[deed](world, town, store, at, n)
    elif deed == "overturn" and world.found:
        town.overturn(world.found.pop())
    elif deed == "enroll":
        world.enrollments.append(town.enroll(town.operators[who]))
    elif deed == "leave" and world.enrollments:
        town.leave(world.enrollments.pop())
    elif deed == "hold":
        town.hold(town.factories[(who + 1) % 3], f"S{who + 1}", month_start(at))
    elif deed == "inspect":
        town.inspect(town.factories[who], month_start(at))
    elif deed == "later" and world.month < 0:
        world.month += 1
        town.at(world.month)


def complain(world, town, store, month, _n):
    world.complained += 1
    town.complain(store, world.complained, month_start(month))


DEEDS_OF_A_STORE = {
    "report": lambda _w, town, store, at, n: town.report(
        store, at, 10 * n, n // 3, f"月报{n % 2}"
    ),
    "find": lambda w, town, store, at, n: w.found.append(
        town.find(store, month_start(at), n + 1)
    ),
    "heed": lambda _w, town, store, at, n: town.heed(store, at, n + 1),
    "offer": lambda _w, town, store, at, n: town.offer(store, at, 50 * n),
    "complain": complain,
}
