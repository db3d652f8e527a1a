"""An owner reads on his phone why his store is closed, appeals; another officer's decision reverses it."""

from __future__ import annotations

import re

import pytest

from tests.journeys.pace import ready

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.browser


def go_from_the_first_page(phone, site):
    """Open the reasons from what stands first on the owner's first page."""
    phone.goto(f"{site}/")
    ready(phone)
    first = phone.locator(".st-key-card_stopped")  # before anything he is asked to do
    assert "已关闭" in first.inner_text()
    assert first.bounding_box()["y"] < phone.locator(".st-key-card_next").bounding_box()["y"]
    first.get_by_role("link", name="看原因，去申诉").click()
    phone.wait_for_url(re.compile("/my_measures"))
    phone.locator("[class*='st-key-card_store_']").first.wait_for()
    ready(phone)


def test_an_owner_reads_why_appeals_and_the_ledger_is_reversed(site, visit):
    phone = visit("owner2", width=390)
    go_from_the_first_page(phone, site)
    card = phone.locator("[class*='st-key-card_store_']").first
    closed = card.inner_text()
    assert "已关闭" in closed
    assert "第 4 次违规：扣 24 分，累计 50 分，达到 48 分" in closed
    for head in ("一、事实", "三、证据", "四、规则依据", "六、由谁作出", "七、如何申诉"):
        assert head in closed
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    store = card.locator("h2").first.inner_text()
    button = card.get_by_role("button", name="申诉", exact=True)
    assert button.bounding_box()["height"] >= 44
    button.click()
    card.get_by_role("textbox", name="请说明理由").fill(
        "所指六件中有四件是自有品牌的款，登记在先。"
    )
    card.get_by_role("button", name="提交申诉").click()
    card.get_by_text("审理中").first.wait_for()

    author = visit("officer")
    author.goto(f"{site}/decide")
    ready(author)
    author.get_by_text(re.compile(r"^发现待办 \d")).wait_for()
    assert author.get_by_text(re.compile(r"^申诉 \d")).count() == 0  # he recorded the case

    desk = visit("deputy")
    desk.goto(f"{site}/decide")
    ready(desk)
    desk.get_by_text(re.compile(r"^申诉 \d")).click()
    ready(desk)
    row = desk.locator("[class*='st-key-q_']").filter(has_text=f"申诉 · {store}")
    expect(row).to_have_count(1)
    row.get_by_role("button").click()
    ready(desk)
    form = desk.locator(".st-key-card_decide")
    assert "自有品牌的款" in form.inner_text()
    form.get_by_role("textbox", name=re.compile("答复理由")).fill(
        "登记在先属实，图形并不近似，原认定撤销。"
    )
    form.get_by_role("button", name="申诉成立").click()
    ready(desk)

    phone.goto(f"{site}/my_measures")
    ready(phone)
    after = phone.locator("[class*='st-key-card_store_']", has_text=store).first.inner_text()
    assert "累计扣分 26 分" in after  # 0 + 2 + 24
    assert "已关闭" not in after
    assert "已撤销" in after
    phone.goto(f"{site}/my_messages")
    ready(phone)
    phone.get_by_text(re.compile("申诉成立")).first.wait_for()


def test_the_office_looks_back_at_a_store_and_prints_what_the_owner_was_told(site, visit):
    desk = visit("auditor")
    desk.goto(f"{site}/appeals")
    ready(desk)
    assert "申诉结果" in desk.locator("body").inner_text()
    owner = visit("owner3", width=390)
    owner.goto(f"{site}/my_measures")
    ready(owner)
    paper = owner.get_by_role("link", name="打印处理说明").first.get_attribute("href")
    owner.goto(site + paper)
    assert "SHA-256" in owner.locator("body").inner_text()
    stranger = visit("owner", width=390)
    assert stranger.goto(site + paper).status == 404
