"""An officer's day: register with a wrong code, put it right, inspect, export, print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from marketplace.base.identifiers import check_uscc, uscc_check_digit
from marketplace.base.sheets import read_book
from tests.journeys.pace import ready

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.browser

NAME = "虚构旅程鞋业有限公司"
HEAD = "91350304MA7XJRNY4"
CODE = HEAD + uscc_check_digit(HEAD)
OTHER = "0" if CODE[-1] != "0" else "1"


def fill(page, name: str, text: str) -> None:
    """Fill a field and leave it, so that the page hears of it."""
    field = page.get_by_role("textbox", name=name, exact=True).first
    field.fill(text)
    field.press("Tab")
    ready(page)


def register(site: str, page) -> str:
    """Register the factory with a wrong code first; return its number."""
    page.goto(f"{site}/register")
    ready(page)
    fill(page, "名称", NAME)
    fill(page, "统一社会信用代码", CODE[:-1] + OTHER)
    told = page.locator(".st-key-card_checks")
    # The 17 characters before ask for another last one; the page says which.
    assert f"应为“{CODE[-1]}”" in told.inner_text()
    page.get_by_role("button", name="登记", exact=True).click()
    ready(page)
    assert page.get_by_role("link", name="打开档案").count() == 0  # nothing was registered

    fill(page, "统一社会信用代码", CODE)
    told.get_by_text("代码校验通过，登记地 荔城区").wait_for()
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text(f"已登记：{NAME}").wait_for()
    page.get_by_role("link", name="打开档案").click()
    page.wait_for_url(re.compile(r"/dossier\?id=\d+"))
    ready(page)
    return page.url.split("id=")[1].split("&")[0]


def inspect(page) -> None:
    """Record an inspection: refused with one inspector, kept with two."""
    page.get_by_role("button", name="记录现场核查").first.click()
    dialog = page.get_by_role("dialog")
    ready(page)
    people = dialog.get_by_role("textbox", name=re.compile("核查人员"))
    people.fill("林晓岚")
    people.blur()  # as who looks for the button does: what was typed is kept first
    ready(page)
    dialog.get_by_role("button", name="保存").click()
    dialog.get_by_text("核查要两位人员，请写全。").wait_for()
    people.fill("林晓岚、陈一舟")
    dialog.get_by_role("button", name="保存").click()
    dialog.wait_for(state="detached")
    ready(page)
    row = page.locator(".st-key-card_inspections tbody tr")
    expect(row).to_have_count(1)
    assert "林晓岚、陈一舟" in row.first.inner_text()


def export(site: str, page) -> None:
    """Export what the search leaves and read it back."""
    page.goto(f"{site}/factories?q={NAME}")
    ready(page)
    page.get_by_text("共 1 家").first.wait_for()
    page.get_by_role("button", name="导出").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 Excel").click()
    book = read_book(Path(download.value.path()).read_bytes(), "factories.xlsx")
    rows = [[str(cell) for cell in row if cell is not None] for row in book.sheets[0].rows]
    text = "\n".join(" ".join(row) for row in rows)
    assert sum(CODE in row for row in rows) == 1
    assert re.search(r"EX-\d{8}-[0-9A-F]{8}", text)
    assert "林晓岚" in text  # who took it
    assert f"鞋企名单（搜索：{NAME}；按名称排序）" in text  # not the whole list, and it says so


def test_an_officers_day(site, visit):
    assert check_uscc(CODE) is None
    assert check_uscc(CODE[:-1] + OTHER) is not None
    page = visit("officer")
    number = register(site, page)
    assert NAME in page.locator("h1").inner_text()
    inspect(page)
    export(site, page)
    answer = page.goto(f"{site}/paper/factory/{number}")
    assert answer.status == 200
    paper = page.inner_text("body")
    assert NAME in paper
    assert CODE in paper
    assert re.search(r"编号 EX-\d{8}-[0-9A-F]{8}", paper)
    assert page.outside == []


def test_the_filter_is_the_address(site, visit):
    page = visit("officer")
    page.goto(f"{site}/factories?district=350304&status=enrolled")
    ready(page)
    narrowed = page.get_by_text(re.compile(r"^共 \d+ 家$")).first.inner_text()
    page.get_by_role("button", name=re.compile("^荔城区")).click()  # take the district off
    page.wait_for_url(lambda url: "district" not in url)
    ready(page)
    assert "status=enrolled" in page.url
    wider = page.get_by_text(re.compile(r"^共 \d+ 家$")).first.inner_text()
    assert int(re.sub(r"\D", "", wider)) > int(re.sub(r"\D", "", narrowed)) > 0
    page.go_back()
    page.goto(f"{site}/factories?q=nosuchfactory")
    page.get_by_text("没有符合条件的鞋企").wait_for()
    page.get_by_role("button", name="清除条件").click()
    # Other journeys may have brought firms in: at least the demo's 120 are back.
    page.get_by_text(re.compile(r"^共 1\d\d 家$")).first.wait_for()


def test_a_decision_opens_the_next_thing(site, visit):
    page = visit("officer")
    page.goto(f"{site}/decide")
    ready(page)
    page.locator(".st-key-decide_kind").get_by_text(re.compile("^资料变更")).click()
    ready(page)
    kind = page.locator('[class*="st-key-q_on_change_request"]').get_attribute("class")
    number = re.search(r"change_request_(\d+)", kind).group(1)
    page.goto(f"{site}/decide?kind=change_request&id={number}")  # among all that waits
    ready(page)
    before = page.locator('[class*="st-key-q_on_"]').get_attribute("class")
    card = page.locator(".st-key-card_decide")
    card.get_by_role("button", name="退回补正").click()
    card.get_by_text("请写明理由（至少 4 个字）。").wait_for()
    card.get_by_role("textbox", name="理由").fill("人数与社保记录不符，请附说明")
    card.get_by_role("button", name="退回补正").click()
    page.get_by_text("已办理，下一件已打开。").wait_for()
    ready(page)
    assert page.locator('[class*="st-key-q_on_"]').get_attribute("class") != before
