"""The auditor draws ten decisions by a seed, replays one, records a verdict, reads the interval."""

from __future__ import annotations

import re

import pytest

from tests.journeys.pace import ready

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.browser


def test_the_auditor_draws_ten_judges_one_and_sees_the_interval(site, visit):
    page = visit("auditor")
    page.goto(f"{site}/oversight")
    ready(page)
    assert "不是结论" in page.locator("[data-testid=stMain]").inner_text()
    page.goto(f"{site}/oversight?view=draws")
    ready(page)
    page.get_by_role("textbox", name="种子").fill("journey-2026")
    page.get_by_role("textbox", name="种子").press("Tab")
    ready(page)
    page.get_by_role("button", name="抽取", exact=True).click()
    page.wait_for_url(re.compile(r"draw=\d+"))
    ready(page)
    items = page.locator(".st-key-card_items")
    expect(items.locator("tbody tr")).to_have_count(10)
    assert "还没有能判断的" in page.locator(".st-key-card_errors").inner_text()

    items.get_by_role("link", name="复核").first.click()
    page.wait_for_url(re.compile(r"/replay\?id=\d+"))
    ready(page)
    body = page.locator("[data-testid=stMain]").inner_text()
    for part in ("第 1 件", "当时的事实", "佐证材料", "规则版本", "后来怎样"):
        assert part in body
    form = page.locator(".st-key-card_verdict")
    form.get_by_text("有误", exact=True).click()
    ready(page)
    form.get_by_role("textbox", name="理由").fill("缺一份佐证材料，当时不应通过")
    form.get_by_role("textbox", name="理由").press("Tab")
    ready(page)
    form.get_by_role("button", name="记录结论").click()
    form.get_by_text("更正结论").wait_for()  # what is offered once one is recorded
    ready(page)

    page.get_by_role("link", name="回到这次抽取").click()
    page.wait_for_url(re.compile(r"draw=\d+"))
    ready(page)
    told = page.locator(".st-key-card_errors").inner_text()
    assert "1 件能判断的里 1 件有误：100%" in told
    assert "95% 区间 2.5–100.0%" in told  # Clopper-Pearson of 1 in 1
    assert "还有 9 件没有复核" in told
    assert page.outside == []


def test_an_officer_has_no_such_page(site, visit):
    page = visit("officer")
    page.goto(f"{site}/oversight")
    ready(page)
    assert page.locator(".st-key-card_concentration").count() == 0
