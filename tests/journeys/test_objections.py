"""A right holder objects before a first featuring: the shoe waits, then comes back or stays out."""

from __future__ import annotations

import re

import pytest

from tests.journeys.pace import ready

pytestmark = pytest.mark.browser

ANY_CATEGORY = 3  # the demo collection that takes shoes of every category
RIGHT_HOLDER = "澜岸设计有限公司"
GROUNDS = "鞋舌图形与我方登记的图形近似，附对比图"
DISMISSED = "两处图形轮廓不同，登记在先的是厂方"
UPHELD = "轮廓与登记图形一致，改款后再送审"


def windows(site: str, page):
    """Open the page of objections; return the card of the open windows."""
    page.goto(f"{site}/objections")
    ready(page)
    return page.locator(".st-key-card_windows")


def object_to(site: str, page, code: str) -> str:
    """Write down an objection to the product of a code; return the product's name."""
    open_ones = windows(site, page)
    column = open_ones.locator("[data-testid='stColumn']", has_text=code).last
    column.get_by_role("button", name="记下异议").click()
    box = page.get_by_role("dialog")
    box.get_by_text("企业会收到通知，但不知道是谁提出的").wait_for()
    ready(page)
    title = box.inner_text()
    box.get_by_role("button", name="记下异议").click()
    box.get_by_role("alert").first.wait_for()  # by whom and why must be said
    box.get_by_role("textbox", name=re.compile("权利人")).fill(RIGHT_HOLDER)
    box.get_by_role("textbox", name=re.compile("异议理由")).fill(GROUNDS)
    box.get_by_role("button", name="记下异议").click()
    box.wait_for(state="detached")
    ready(page)
    name = re.search(r"对“(.+?)”的异议", title)
    assert name
    return name.group(1)


def codes_of(page) -> list[str]:
    """Return the codes of the products whose window is open."""
    text = page.locator(".st-key-card_windows").inner_text()
    return re.findall(r"\b\d{12}\b", text)


def decide(site: str, page, name: str, *, word: str, reason: str) -> None:
    """Open the objection that waits and decide it."""
    page.goto(f"{site}/objections")
    ready(page)
    row = page.locator("[class*='st-key-q_objection_']", has_text=name)
    assert RIGHT_HOLDER in row.inner_text()
    row.get_by_role("link", name="去处理").click()
    page.wait_for_url(re.compile("kind=objection"))
    form = page.locator(".st-key-card_decide")
    form.get_by_text(GROUNDS).wait_for()
    ready(page)
    form.get_by_role("textbox", name=re.compile("理由")).fill(reason)
    form.get_by_role("button", name=word).click()
    form.get_by_text(reason).wait_for(state="detached")
    ready(page)


def decided(site: str, page, name: str) -> str:
    """Return what is told of a decided objection."""
    page.goto(f"{site}/objections")
    ready(page)
    return page.locator(".st-key-card_decided").inner_text()


def test_an_objection_holds_a_shoe_back_and_dismissed_it_comes_back(site, visit):
    desk, other, market = visit("officer"), visit("deputy"), visit("marketer")
    windows(site, desk)
    code = codes_of(desk)[-1]
    name = object_to(site, desk, code)
    assert code not in codes_of(desk)
    assert why_not(site, market, code) == "有异议，等项目办公室决定"

    # Who wrote it down does not decide it.
    desk.goto(f"{site}/decide")
    ready(desk)
    assert desk.locator("[class*='st-key-q_']", has_text=name).count() == 0
    decide(site, other, name, word="驳回异议", reason=DISMISSED)
    assert DISMISSED in decided(site, other, name)
    windows(site, desk)
    assert code in codes_of(desk)  # the window goes on to its day for others
    assert re.fullmatch(r"异议期到 \d{4}-\d\d-\d\d", why_not(site, market, code))


def test_an_objection_upheld_keeps_the_shoe_out(site, visit):
    desk, other, market = visit("officer"), visit("deputy"), visit("marketer")
    windows(site, desk)
    code = codes_of(desk)[0]
    name = object_to(site, desk, code)
    decide(site, other, name, word="异议成立", reason=UPHELD)
    assert UPHELD in decided(site, other, name)
    windows(site, desk)
    assert code not in codes_of(desk)
    assert why_not(site, market, code) == "异议成立，改款重新核验后才能上"
    # The verification itself stands: what the code opens says so, and names no objection.
    public = visit(width=390)
    public.goto(f"{site}/verify/{code}")
    told = public.locator("body").inner_text()
    assert "异议" not in told
    assert RIGHT_HOLDER not in told


def why_not(site: str, page, code: str) -> str:
    """Return what the marketer is told of the window of a product."""
    page.goto(f"{site}/picker?c={ANY_CATEGORY}")
    ready(page)
    search = page.get_by_role("textbox", name=re.compile("搜索|查找")).first
    search.fill(code)
    search.press("Enter")
    page.get_by_text(re.compile("^1 款，其中 0 款")).first.wait_for()
    ready(page)
    page.locator("[class*='st-key-why_'] button").first.click()
    panel = page.locator(".st-key-card_why")
    line = panel.locator("li", has_text="异议期已过")
    line.wait_for()
    return line.locator(".told").inner_text().strip()
