"""What is wrong with the data is named line by line, each with its months, and nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from marketplace.base import audit
from marketplace.base.access import SYSTEM
from marketplace.base.errors import NotAllowed
from marketplace.features.compliance.commands import record_exposure
from marketplace.features.compliance.kinds import ExposureKind, QualityKind
from marketplace.features.compliance.marks.quality import check_quality
from marketplace.features.enforcement.commands import record_monthly_findings
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.tables import StoreHolding
from tests.features.conftest import PROGRAM
from tests.features.watched import this_month, watch_firm


def lines(world, *, actor=None, district=None):
    found = world.see(
        lambda s: check_quality(
            s, actor or world.officer, world.rulebook, clock=world.clock, district=district
        )
    )
    return [(x.kind, x.store_name, x.first, x.last) for x in found], found


def report(world, store_id, month, quantity, source):
    world.do(
        lambda s: record_exposure(
            s, clock=world.clock, actor=world.officer, store_id=store_id, month=month,
            kind=ExposureKind.CHECKED, quantity=quantity, source=source,
        )
    )  # fmt: skip


def test_a_firm_that_reported_every_month_has_no_line(world):
    now = this_month(world)
    watch_firm(world, 1, enrolled_on=None, months={now - k: (100, ()) for k in range(1, 7)})
    assert lines(world)[0] == []


def test_gaps_are_whole_spans_up_to_last_month(world):
    now = this_month(world)
    months = {now - k: (100, ()) for k in (9, 8, 5, 4)}  # 7 and 6 are missing, then 3, 2 and 1
    watch_firm(world, 1, enrolled_on=None, months=months)
    told, found = lines(world)
    assert told == [
        (QualityKind.MISSING, "守望店1", now - 7, now - 6),
        (QualityKind.MISSING, "守望店1", now - 3, now - 1),
    ]
    assert [x.months for x in found] == [2, 3]


def test_a_report_long_after_its_month_is_late_but_history_brought_in_at_first_is_not(world):
    now = this_month(world)
    months = {now - k: (100, ()) for k in (6, 5, 4, 2, 1)}
    _, store = watch_firm(world, 1, enrolled_on=None, months=months, late=timedelta(days=2))
    report(world, store, now - 3, 90, "平台月报")  # now, months after it ended
    told, found = lines(world)
    assert told == [(QualityKind.LATE, "守望店1", now - 3, now - 3)]
    assert found[0].now > world.rulebook.methods.late_report_days
    # Everything of the second firm arrives today, at its first report: history, not lateness.
    _, second = watch_firm(world, 2, enrolled_on=None, months={})
    for k in range(1, 7):
        report(world, second, now - k, 50, "平台月报")
    assert lines(world)[0] == told


def test_two_sources_that_gave_different_numbers_disagree_and_one_correcting_itself_does_not(
    world,
):
    now = this_month(world)
    _, store = watch_firm(
        world, 1, enrolled_on=None, months={now - 2: (100, ()), now - 1: (100, ())}
    )
    report(world, store, now - 1, 80, "平台月报")  # the same source corrects itself
    report(world, store, now - 2, 70, "市监局台账")
    told, found = lines(world)
    assert told == [(QualityKind.DISAGREEING, "守望店1", now - 2, now - 2)]
    (line,) = found
    assert (line.was, line.was_source, line.now, line.source) == (
        100,
        "平台月报",
        70,
        "市监局台账",
    )


def test_findings_without_checks_or_beyond_them_are_named(world):
    now = this_month(world)
    watch_firm(world, 1, enrolled_on=None, months={now - 2: (10, (7, 5)), now - 1: (100, (3,))})
    told, found = lines(world)
    assert told == [(QualityKind.TOO_MANY, "守望店1", now - 2, now - 2)]
    assert (found[0].was, found[0].now) == (10, 12)  # 7 + 5 infringing of 10 checked


def test_findings_of_a_month_that_is_not_over_wait_for_its_report(world):
    now = this_month(world)
    _, store = watch_firm(world, 1, enrolled_on=None, months={now - 1: (100, ())})

    def find(month):
        return lambda s: record_monthly_findings(
            s, clock=world.clock, actor=world.officer, store_id=store, month=month,
            origin=Origin.PROACTIVE_MODEL, listings=2, source="平台月报",
        )  # fmt: skip

    world.do(find(now))
    assert lines(world)[0] == []
    world.do(find(now - 2))
    assert lines(world)[0] == [(QualityKind.UNWATCHED, "守望店1", now - 2, now - 2)]


def test_a_store_without_a_confirmed_holder_is_in_no_figure_and_says_so(world):
    now = this_month(world)
    _, store = watch_firm(
        world, 1, enrolled_on=None, months={now - 2: (10, ()), now - 1: (10, ())}
    )

    def undo(session):
        holding = session.execute(
            select(StoreHolding).where(StoreHolding.store_id == store)
        ).scalar_one()
        holding.status = HoldingStatus.DECLARED
        audit.record(
            session, clock=world.clock, actor=SYSTEM, action="upkeep.load_demo_factory",
            subject=f"store:{store}", program=PROGRAM, facts={"plot": "declared"},
        )  # fmt: skip

    world.do(undo)
    told, found = lines(world)
    assert told == [(QualityKind.UNHELD, "守望店1", now - 2, now - 1)]
    assert found[0].now == 2


def test_a_district_sees_its_own_and_owners_and_marketers_nothing(world):
    now = this_month(world)
    watch_firm(world, 1, enrolled_on=None, months={now - 3: (10, ())}, district="350304")
    watch_firm(world, 2, enrolled_on=None, months={now - 3: (10, ())}, district="350302")
    assert [name for _k, name, _a, _b in lines(world, district="350302")[0]] == ["守望店2"]
    for actor in (world.marketer, world.owner(1)):
        with pytest.raises(NotAllowed):
            lines(world, actor=actor)
