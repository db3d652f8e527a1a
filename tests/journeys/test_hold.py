"""An officer holds a disputed amount; the owner reads it on his phone; a part is released."""

from __future__ import annotations

import re

import pytest

from tests.journeys.pace import ready

pytestmark = pytest.mark.browser


def fill(page, name: str, text: str) -> None:
    field = page.get_by_role("textbox", name=re.compile(name)).last
    field.fill(text)
    field.press("Tab")
    ready(page)


def test_an_officer_holds_the_owner_reads_and_a_part_is_released(site, visit):
    desk = visit("officer")
    place(site, desk)
    phone = visit("owner3", width=390)
    phone.goto(f"{site}/my_measures")
    ready(phone)
    own = phone.locator("[class*='st-key-card_own_hold_']", has_text="¥20.50").first
    told = own.inner_text()
    assert "两位买家申请退款，退款办完前留足这一笔" in told
    assert re.search(r"\d{4}-\d\d-\d\d 自动恢复结算", told)
    assert "不服可以申诉" in told
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

    release(desk)
    phone.goto(f"{site}/my_measures")
    ready(phone)
    own = phone.locator("[class*='st-key-card_own_hold_']", has_text="¥20.50").first
    told = own.inner_text()
    assert "¥12.50" in told  # 20.50 − 8
    assert re.search(r"回执 MN\d{4}-\d{6}", told)
    paper = own.get_by_role("link", name="打印回执").get_attribute("href")
    phone.goto(site + paper)
    assert "恢复结算 ¥8.00" in phone.locator("body").inner_text()
    stranger = visit("owner", width=390)
    assert stranger.goto(site + paper).status == 404

    auditor = visit("auditor")
    auditor.goto(f"{site}/holds?view=books")
    ready(auditor)
    books = auditor.locator("body").inner_text()
    assert "账平" in books
    assert "不符" not in books


def place(site: str, desk) -> None:
    """Hold 20.50 of what is left in dispute, after a yuan too much was refused."""
    desk.goto(f"{site}/holds?status=running")
    ready(desk)
    assert "账平" in desk.locator("body").inner_text()
    desk.get_by_role("link", name=re.compile("打开 ZH")).last.click()
    desk.get_by_role("link", name=re.compile("（虚构）")).last.click()
    desk.get_by_role("button", name="暂缓货款").wait_for()
    ready(desk)
    desk.get_by_role("button", name="暂缓货款").click()
    form = desk.get_by_role("dialog")
    form.get_by_role("button", name="暂缓结算").wait_for()
    ready(desk)
    # 258 − 200 − 30 = 28 yuan of the newest upheld finding with room are left.
    choose_with_room(desk, form)
    fill(desk, "暂缓金额", "29")
    fill(desk, "为什么", "两位买家申请退款，退款办完前留足这一笔")
    form.get_by_role("button", name="暂缓结算").click()
    form.get_by_text(re.compile("超过争议金额")).wait_for()
    fill(desk, "暂缓金额", "20.50")
    form.get_by_role("button", name="暂缓结算").click()
    form.wait_for(state="detached")
    ready(desk)
    desk.locator(".st-key-card_holds").get_by_text("¥20.50 暂缓").first.wait_for()


def release(desk) -> None:
    """Let 8 yuan of the newest hold go."""
    card = desk.locator(".st-key-card_holds")
    card.get_by_role("link", name=re.compile("打开 ZH")).first.click()
    desk.get_by_role("button", name="恢复结算").wait_for()
    ready(desk)
    desk.get_by_role("button", name="恢复结算").click()
    box = desk.get_by_role("dialog")
    box.get_by_role("button", name="恢复结算").wait_for()
    fill(desk, "恢复多少", "8")
    fill(desk, "理由", "其中一位买家确认收货，不再退款")
    box.get_by_role("button", name="恢复结算").click()
    box.wait_for(state="detached")
    ready(desk)


def choose_with_room(desk, form) -> None:
    """Take the finding of which something is left to hold."""
    form.get_by_text("最多可暂缓").wait_for()
    if "最多可暂缓\n¥28.00" in form.inner_text():
        return
    form.get_by_role("combobox").first.click()
    desk.get_by_role("option").first.wait_for()
    count = desk.get_by_role("option").count()
    desk.keyboard.press("Escape")
    for place in range(count):
        form.get_by_role("combobox").first.click()
        desk.get_by_role("option").nth(place).click()
        ready(desk)
        if "¥28.00" in form.inner_text():
            return
    raise AssertionError(form.inner_text())
