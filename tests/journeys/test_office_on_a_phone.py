"""An officer with a phone narrows the lists: the filter stands above them, folded."""

from __future__ import annotations

import re

import pytest

from tests.journeys.pace import ready

pytestmark = pytest.mark.browser


def test_the_filter_of_the_factories_unfolds_above_the_cards(site, visit):
    page = visit("officer", width=390)
    page.goto(f"{site}/factories")
    ready(page)
    cards = page.locator(".z-firms li")
    counted = page.get_by_text(re.compile(r"^共 \d+ 家$")).first
    every = counted.inner_text()
    facet = page.get_by_role("button", name="待补代码")
    assert not facet.is_visible()
    fold = page.get_by_role("button", name="筛选", exact=False).first
    assert fold.bounding_box()["y"] < cards.first.bounding_box()["y"]
    assert fold.bounding_box()["height"] >= 44
    fold.click()
    ready(page)
    assert facet.bounding_box()["y"] < cards.first.bounding_box()["y"]
    facet.click()
    ready(page)
    page.get_by_role("button", name="收起筛选").click()
    ready(page)
    assert not facet.is_visible()
    page.get_by_role("button", name="筛选（已选 1 项）").wait_for()
    assert counted.inner_text() != every
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_a_desk_the_facets_stand_beside_the_list_without_a_button(site, visit):
    page = visit("officer")
    page.goto(f"{site}/factories")
    ready(page)
    assert page.locator(".st-key-z_facets_shut").is_visible()
    assert not page.locator(".st-key-z_fold").is_visible()


def test_cards_of_a_table_break_no_name_and_cut_none(site, visit):
    page = visit("officer", width=390)
    page.goto(f"{site}/data_quality")
    ready(page)
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".z-cards td")]
          .filter(td => td.scrollWidth > td.clientWidth + 1).map(td => td.textContent)"""
    )
    assert cut == []
