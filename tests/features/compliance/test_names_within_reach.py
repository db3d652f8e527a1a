"""Figures are the program's; the firms they name for somebody of one district are that district's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.faces.ui.material import material_of, quality_of
from marketplace.faces.ui.session import Here
from marketplace.features.compliance.charts.shrinkage import shrinkage_figure
from marketplace.features.compliance.charts.telling import Frame
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.marks.queries import (
    Named,
    list_store_months,
    name_operators,
)
from marketplace.features.compliance.rules.regression import regress
from tests.features.compliance.test_methods import firm
from tests.features.compliance.town import NOW, Town
from tests.features.conftest import PROGRAM

HERE, THERE = "350304", "350302"


@pytest.fixture
def town(world) -> Town:
    """Firm 1 in 350304 and firm 2 in 350302, each with a gap between two reports."""
    town = Town(world, firms=1)
    town.register(2, district=THERE)
    for store in town.stores:
        for month in (NOW - 4, NOW - 2):
            town.report(store, month, 100, 3)
    return town


def limited(who):
    return replace(who, limits=frozenset({(PROGRAM, HERE)}))


def test_rows_behind_a_month_and_names_of_points_are_those_within_reach(town):
    see, officer = town.world.see, town.world.officer
    kind = ExposureKind.CHECKED
    for who, firms in ((officer, town.factories), (limited(officer), town.factories[:1])):
        rows = see(
            lambda s, who=who: list_store_months(
                s, who, program=PROGRAM, kind=kind, month=NOW - 2
            )
        )
        assert {row.factory_id for row in rows} == set(firms)
        names = see(lambda s, who=who: name_operators(s, who, program=PROGRAM))
        assert {named.factory_id for named in names.values()} == set(firms)


def test_what_is_kept_for_one_reader_is_never_another_s(town):
    """Gaps of months NOW-3 and NOW-1 (the last whole one) at each of the two stores."""
    pages = [
        Here(app=town.world.app, actor=who, lang="zh", rulebook=town.world.rulebook)
        for who in (town.world.officer, limited(town.world.officer))
    ]
    assert [len(quality_of(page)) for page in pages] == [4, 2]
    assert {line.factory_id for line in quality_of(pages[1])} == {town.factories[0]}
    materials = [material_of(page)[0] for page in pages]
    assert [len(m.names) for m in materials] == [2, 1]
    assert [len(m.watched) for m in materials] == [2, 2]  # the figures stay the program's


def test_a_figure_lists_the_firms_it_may_name_and_says_how_many_it_is_of():
    found = regress(
        [firm(n, None, before=n % 3) for n in range(12)], min_operators=10, min_findings=5
    )
    names = {n: Named(n, f"Firm {n}") for n in range(12)}
    frame = Frame("en", "", "")
    whole = shrinkage_figure(found, names, frame)
    part = shrinkage_figure(found, {3: names[3], 4: names[4]}, frame)
    assert (len(whole.rows), len(part.rows), len(part.links)) == (12, 2, 2)
    assert {row[0] for row in part.rows} == {"Firm 3", "Firm 4"}
    assert part.cannot_say[-1].startswith("The drawing and the numbers are of all 12 firms")
    assert len(whole.cannot_say) == len(part.cannot_say) - 1
    told = [mark.told for mark in part.scene.marks]
    assert len(told) == len(whole.scene.marks)
    assert sum("Firm of another district" in text for text in told) == 20  # two marks each
