"""What was found where nothing, or less, was looked at enters no rate and stands beside every one."""

from __future__ import annotations

import pytest

from marketplace.base.clock import month_label, month_start
from marketplace.desk.friday import compose_friday
from marketplace.desk.friday.wording import tell_remark
from marketplace.desk.years import YearFilter, list_years
from marketplace.features.compliance.charts import sentences
from marketplace.features.compliance.charts.before_after import figure_of
from marketplace.features.compliance.kinds import ExposureKind, QualityKind
from marketplace.features.compliance.marks.quality import check_quality
from marketplace.features.compliance.marks.queries import list_store_months
from marketplace.features.compliance.rules.sides import StoreMonth, Sums, split
from marketplace.features.compliance.studies import study_factory
from tests.features.compliance.test_summary import both, drifts
from tests.features.compliance.town import NOW, Town
from tests.features.conftest import PROGRAM

CHECKED, SOLD = ExposureKind.CHECKED, ExposureKind.SOLD


@pytest.mark.parametrize(
    ("looked", "listings", "kind", "inside", "outside"),
    [
        (10, 0, CHECKED, (10, 0), None),
        (10, 10, CHECKED, (10, 10), None),  # all that was checked infringed: possible
        (10, 11, CHECKED, None, (0, 11)),  # contradicted: a gap on both sides
        (0, 0, CHECKED, (0, 0), None),  # known not to have been looked at
        (0, 3, CHECKED, (0, 0), (0, 3)),  # found elsewhere; the looking of nothing stays known
        (2, 3, SOLD, (2, 3), None),  # units sold bound no listings
        (0, 3, SOLD, (0, 0), (0, 3)),
    ],
)
def test_no_more_can_be_found_in_a_looking_than_was_looked_at(
    looked, listings, kind, inside, outside
):
    parts = split(StoreMonth(1, NOW, looked, min(listings, 2), listings), kind)
    told = [None if part is None else (part.exposure, part.listings) for part in parts]
    assert told == [inside, outside]


@pytest.fixture
def town(world) -> Town:
    """One firm: 8 honest months before entry, 7 after, and one of each kind that tells no rate."""
    town = Town(world, firms=1)
    town.at(-12)
    for month in range(NOW - 20, NOW - 12):
        town.report(town.stores[0], month, 100, 5)
    town.enroll(town.operators[0])
    town.at(0)
    for month in range(NOW - 11, NOW - 4):
        town.report(town.stores[0], month, 100, 1)
    town.find(town.stores[0], month_start(NOW - 4), 3)  # nobody reported the month
    for month, checked, listings in ((NOW - 3, 0, 7), (NOW - 2, 5, 9), (NOW - 1, 0, 4)):
        town.report(town.stores[0], month, checked)
        town.find(town.stores[0], month_start(month), listings)
    return town


def test_a_rate_counts_on_both_sides_or_on_neither_wherever_it_is_read(world, town):
    kept, raw = both(world)
    assert kept == raw
    assert drifts(world) == []
    firm = world.see(
        lambda s: study_factory(
            s, world.officer, world.rulebook, clock=world.clock, factory_id=town.factories[0]
        )
    )
    for study in (kept, firm):
        after = study.comparison.after
        # 7 months of 100 with 1; outside 3 + 7 + 9 + 4 listings in 4 findings.
        assert (after.exposure, after.findings, after.listings) == (700, 7, 7)
        assert (after.months, after.outside) == (7, Sums(0, 4, 23))
        assert study.comparison.before.outside == Sums(0, 0, 0)
    # The months of nothing looked at stay as known looking: 700 over 9 store-months, not over 7.
    assert kept.comparison.effort.lines[0].after == pytest.approx(700 / 9)
    for lang, told in (("zh", "4 次发现（23 件）"), ("en", "4 more findings (23 infringing")):
        assert told in sentences.source(firm, lang, as_of="2026-11-15")
    rows = {row[0]: row for row in figure_of(firm, "zh", as_of="2026-11-15").rows}
    assert rows[month_label(NOW - 4)][-1] == "缺报；另有 1 次发现（3 件）不在率内"
    assert rows[month_label(NOW - 3)][2:6] == ("0", "0", "0", "—")
    assert rows[month_label(NOW - 3)][-1] == "抽查为 0；另有 1 次发现（7 件）不在率内"
    assert rows[month_label(NOW - 2)][2:] == ("—",) * 7 + (
        "0", "缺报；另有 1 次发现（9 件）不在率内",
    )  # fmt: skip


def test_lists_exports_and_the_friday_page_tell_the_same(world, town):
    [line] = world.see(
        lambda s: list_years(s, world.officer, world.rulebook, wanted=YearFilter())
    ).lines
    assert (line.exposure, line.findings, line.listings) == (700, 7, 7)
    assert (line.outside_findings, line.outside_listings) == (4, 23)
    months = world.see(
        lambda s: list_store_months(
            s, world.officer, program=PROGRAM, kind=CHECKED, operator_id=town.operators[0]
        )
    )
    late = {r.month: (r.checked, r.listings, r.in_rate) for r in months if r.month > NOW - 5}
    assert late == {
        NOW - 4: (None, 3, False), NOW - 3: (0, 7, False),
        NOW - 2: (5, 9, False), NOW - 1: (0, 4, False),
    }  # fmt: skip
    friday = world.see(
        lambda s: compose_friday(s, world.officer, world.rulebook, clock=world.clock)
    )
    rate = friday.number("rate_month")
    assert (rate.count, rate.n) == (0, 0)  # 4 found, none of 0 checked: no rate at all
    assert "另有 1 次发现（4 件）不在率内" in tell_remark(
        friday.remarks[0], world.rulebook, "zh"
    )
    quality = world.see(
        lambda s: check_quality(s, world.officer, world.rulebook, clock=world.clock)
    )
    named = [
        (x.kind, x.first)
        for x in quality
        if x.kind in {QualityKind.UNWATCHED, QualityKind.TOO_MANY}
    ]
    assert sorted(named, key=lambda x: x[1]) == [
        (QualityKind.UNWATCHED, NOW - 4), (QualityKind.TOO_MANY, NOW - 3),
        (QualityKind.TOO_MANY, NOW - 2), (QualityKind.TOO_MANY, NOW - 1),
    ]  # fmt: skip
