"""A marketer's day: export, paste item numbers, build a collection, fill, publish, see it shown."""

from __future__ import annotations

import csv
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from marketplace.base.clock import SHANGHAI
from tests.journeys.pace import ready
from tests.journeys.walking import name_day

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.browser

TITLE_ZH, TITLE_EN = "旅程专场", "Journey collection"


def exported_numbers(site: str, page) -> list[str]:
    """Export a collection that is on; return the item numbers of the file."""
    page.goto(f"{site}/collections")
    ready(page)
    page.get_by_role("button", name="导出").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 CSV").click()
    rows = list(csv.reader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))
    assert rows[0][2] == "商品号"
    assert re.search(r"EX-\d{8}-[0-9A-F]{8}", rows[-1][0])  # the stamp: who, when, number
    return [row[2] for row in rows[1:-1]]


def ask(site: str, page, numbers: list[str]) -> None:
    """Paste numbers with an unknown and a repeated one among them; read every answer."""
    page.goto(f"{site}/check_items")
    ready(page)
    page.get_by_role("textbox", name=re.compile("商品号")).fill(
        "\n".join([*numbers, "000000000", numbers[0]])
    )
    page.get_by_role("button", name="核对", exact=True).click()
    answers = page.locator(".st-key-card_answers")
    # Every exported number may be shown; one is unknown; the repeated one is a no.
    answers.get_by_text(f"可以 {len(numbers)}，不可以 1，不认识 1").wait_for()
    answers.get_by_text("前面已经有这个商品号").first.wait_for()


def make(page, slots: int) -> None:
    """Make a collection that began yesterday."""
    yesterday = datetime.now(SHANGHAI) - timedelta(days=1)
    page.get_by_role("button", name="新建专场").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="中文标题").fill(TITLE_ZH)
    dialog.get_by_role("textbox", name="英文标题").fill(TITLE_EN)
    name_day(dialog, "开始", yesterday.strftime("%Y%m%d"))
    dialog.get_by_role("spinbutton", name="展位数").fill(str(slots))
    dialog.get_by_role("button", name="新建", exact=True).click()
    page.wait_for_url(re.compile(r"/(picker)?(\?c=\d+)?$"))
    page.get_by_text(f"为“{TITLE_ZH}”选 {slots} 款", exact=False).wait_for()
    ready(page)


def paste_into(page, number: str) -> None:
    """Put one product in by its pasted number: refused without a reason, kept with one."""
    page.get_by_role("button", name="粘贴商品号").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name=re.compile("商品号")).fill(number)
    dialog.get_by_role("button", name="核对", exact=True).click()
    go = dialog.get_by_role("button", name="把可以的 1 款放入空展位")
    go.click()
    dialog.get_by_text("请写明理由（至少 4 个字）。").wait_for()
    dialog.get_by_role("textbox", name=re.compile("为什么指定")).fill("开场主推，厂方已备货")
    go.click()
    dialog.wait_for(state="detached")
    ready(page)
    assert "已放 1" in page.locator(".st-key-card_slots").inner_text()


def test_a_marketers_day(site, visit):
    page = visit("marketer")
    numbers = exported_numbers(site, page)
    assert len(numbers) >= 2
    ask(site, page, numbers)
    page.goto(f"{site}/collections")
    ready(page)
    make(page, 4)
    paste_into(page, numbers[0])

    board = page.locator(".st-key-card_slots")
    board.get_by_role("button", name="按轮换补满 3 个").click()
    board.get_by_text("已放 4，还空 0", exact=False).wait_for()
    board.get_by_role("button", name="撤销上一次补满").click()
    board.get_by_text("已放 1，还空 3", exact=False).wait_for()  # the pin stays
    board.get_by_role("button", name="按轮换补满 3 个").click()
    board.get_by_text("已放 4，还空 0", exact=False).wait_for()
    ready(page)

    page.get_by_role("button", name="发布专场").click()
    page.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_text("展出中", exact=False).first.wait_for()
    assert page.outside == []

    nobody = visit()
    answer = nobody.goto(f"{site}/showcase/collections/journey-collection")
    assert answer.status == 200
    assert TITLE_ZH in nobody.inner_text("h1")
    assert nobody.locator("a[href*='/showcase/products/']").count() >= 4
    assert nobody.outside == []


def test_a_product_that_may_not_be_shown_says_why(site, visit):
    page = visit("marketer")
    page.goto(site)
    ready(page)
    page.get_by_text(re.compile(r"^还差条件 \d+$")).click()
    ready(page)
    card = page.locator('[class*="st-key-card_o"]').first
    expect(card.get_by_role("button", name="放入")).to_be_disabled()
    card.get_by_text(re.compile(r"^还差 \d 项$")).click()
    lines = page.locator(".st-key-card_why .z-why li")
    lines.first.wait_for()
    expect(lines).to_have_count(
        8
    )  # seven criteria, and the category the collection is bound to
    expect(lines.first.locator(".told")).to_have_count(1)  # what is asked for comes first
    assert page.locator(".st-key-card_why .told").count() >= 1
    shown = page.locator(".st-key-card_why").bounding_box()
    assert 0 <= shown["y"] < 900  # seen without scrolling


def test_on_a_phone_the_picker_goes_to_any_page_and_says_why_beside_the_product(site, visit):
    page = visit("marketer", width=390)
    page.goto(site)
    ready(page)
    page.get_by_text(re.compile(r"^还差条件 \d+$")).click()
    ready(page)
    told = page.get_by_text(re.compile(r"^第 1–9 款，共 \d+ 款$"))
    total = int(re.search(r"共 (\d+)", told.inner_text()).group(1))
    last = -(-total // 9)
    assert last > 7, "a jump by number is for more pages than stand side by side"
    to = page.get_by_placeholder("去第几页")
    to.fill(str(last))
    to.press("Enter")
    page.get_by_text(f"第 {last * 9 - 8}–{total} 款，共 {total} 款").wait_for()
    ready(page)
    card = page.locator('[class*="st-key-card_o"]').last
    card.get_by_text(re.compile(r"^还差 \d 项$")).click()
    ready(page)
    panel = page.locator(".st-key-why_here")
    expect(panel).to_be_visible()
    expect(page.locator(".st-key-card_why")).to_be_hidden()
    card_box, box = card.bounding_box(), panel.bounding_box()
    assert card_box["y"] < box["y"]
    assert box["y"] + box["height"] <= card_box["y"] + card_box["height"] + 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
