"""The Friday page is one A4 in either language; a phone reads the list of factories as cards."""

from __future__ import annotations

import re

import pytest

from tests.journeys.pace import ready

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.browser

PAGE = re.compile(rb"/Type\s*/Page[^s]")


def pages_of(page) -> int:
    """Return on how many sheets the page shown is printed."""
    return len(PAGE.findall(page.pdf(prefer_css_page_size=True)))


def issued(site: str, page) -> str:
    """Issue today's Friday page unless it is; return the address of its paper."""
    page.goto(f"{site}/friday")
    ready(page)
    issue = page.get_by_role("button", name="出具本期", exact=True)
    paper = page.get_by_role("link", name=re.compile("打印（A4）"))
    issue.or_(paper).first.wait_for()
    if issue.count():
        issue.click()
        page.get_by_role("button", name="确认出具").click()
        paper.wait_for()
        ready(page)
    return paper.get_attribute("href").split("?")[0]


def test_the_friday_page_is_one_sheet_in_either_language(site, visit):
    page = visit("officer")
    address = issued(site, page)
    for lang in ("zh", "en"):
        assert page.goto(f"{site}{address}?lang={lang}").status == 200
        expect(page.locator(".number")).to_have_count(5)
        assert pages_of(page) == 1, lang
    page.evaluate("document.querySelector('.one-page').style.height = '400mm'")
    assert pages_of(page) == 2  # the count sees a second sheet


def test_a_phone_reads_the_list_as_cards_and_keeps_its_filter(site, visit):
    page = visit("officer", width=390)
    page.goto(f"{site}/factories?district=350304&sort=points")
    ready(page)
    assert page.locator('[data-testid="stDataFrame"]').first.is_hidden()
    cards = page.locator(".z-firms li")
    many = int(re.search(r"共 (\d+) 家", page.locator("body").inner_text()).group(1))
    expect(cards).to_have_count(min(many, 25))
    assert all("荔城区" in text for text in cards.all_inner_texts())
    assert page.evaluate(
        "document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth"
    )
    box = page.get_by_role("combobox", name=re.compile("选几家一起办理"))
    for name in cards.locator("a").all_inner_texts()[:2]:
        option = page.get_by_role("option", name=name, exact=True)
        for _ in range(3):  # a rerun under the hand closes the list again
            box.click()
            page.wait_for_timeout(500)
            if option.is_visible():
                break
        option.click()
        ready(page)
    page.get_by_text("已选 2 家").wait_for()
    name = cards.first.locator("a").inner_text()
    cards.first.click()
    page.wait_for_url(re.compile(r"/dossier\?id=\d+"))
    ready(page)
    assert name in page.locator("h1").inner_text()
    page.go_back()
    page.wait_for_url(re.compile("district=350304"))
    ready(page)
    cards.nth(min(many, 25) - 1).wait_for()
    expect(cards).to_have_count(min(many, 25))


def test_a_name_in_the_grid_opens_its_dossier_at_one_press(site, visit):
    page = visit("officer")
    page.goto(f"{site}/factories?sort=points")
    ready(page)
    assert page.locator(".z-firms").is_hidden()
    first = page.locator(".z-firms li a").first.text_content()
    place = page.locator('[data-testid="stDataFrame"] canvas').first.bounding_box()
    page.mouse.click(place["x"] + 120, place["y"] + 56)  # the name in the first row
    page.wait_for_url(re.compile(r"/dossier\?id=\d+"))
    ready(page)
    assert first in page.locator("h1").inner_text()
