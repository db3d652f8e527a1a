"""Kept figures: the same object while nothing was decided, made anew after a fact, and asked for at the door."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.base.errors import NotAllowed, NotFound
from marketplace.faces.ui.material import overview_of, quality_of
from marketplace.faces.ui.session import Here
from marketplace.features.compliance.kinds import QualityKind
from tests.features.compliance.town import NOW, Town
from tests.features.conftest import world

__all__ = ["world"]


def page_of(world, actor=None, lang="zh"):
    return Here(app=world.app, actor=actor or world.officer, lang=lang, rulebook=world.rulebook)


def town_with_a_past(world) -> Town:
    town = Town(world)
    town.at(-12)
    for month in range(NOW - 24, NOW - 12):
        town.report(town.stores[0], month, 100, 5)
    town.enroll(town.operators[0])
    town.at(0)
    for month in range(NOW - 11, NOW):
        town.report(town.stores[0], month, 80, 1)
    return town


def test_a_kept_figure_is_the_same_until_a_fact_changes_and_then_says_the_new_number(world):
    town = town_with_a_past(world)
    first = overview_of(page_of(world))
    assert overview_of(page_of(world))[0] is first[0]
    town.report(town.stores[0], NOW - 3, 90, 2, source="更正")
    second = overview_of(page_of(world))
    assert second[0] is not first[0]
    changed = [
        pair for pair in zip(first[0].rows, second[0].rows, strict=True) if len(set(pair)) > 1
    ]
    # One month was corrected: 90 checked where 80 were.
    assert len(changed) == 1
    before, after = changed[0]
    assert "80" in before
    assert "90" in after


def test_each_language_keeps_its_own_figure(world):
    town_with_a_past(world)
    assert (
        overview_of(page_of(world))[0].title != overview_of(page_of(world, lang="en"))[0].title
    )


def test_who_may_not_see_a_figure_gets_none_though_it_is_kept(world):
    town = town_with_a_past(world)
    overview_of(page_of(world))
    with pytest.raises(NotAllowed):
        overview_of(page_of(world, world.owner(town.operators[0])))
    with pytest.raises(NotFound):
        overview_of(page_of(world, replace(world.officer, programs=frozenset({"elsewhere"}))))


def test_what_is_wrong_with_the_data_is_looked_for_again_after_a_fact_and_only_for_who_may(
    world,
):
    town = town_with_a_past(world)
    first = quality_of(page_of(world))
    assert quality_of(page_of(world)) is first
    with pytest.raises(NotAllowed):
        quality_of(page_of(world, world.owner(town.operators[0])))
    town.report(town.stores[0], NOW - 3, 90, 2, source="另一份月报")
    second = quality_of(page_of(world))
    # The two reports of one month disagree: 80 checked, then 90.
    assert [(x.kind, x.was, x.now) for x in second if x not in first] == [
        (QualityKind.DISAGREEING, 80, 90)
    ]
