"""What an officer does inside a dossier: look up a phone, give a link, suspend, add a store."""

from __future__ import annotations

import re

import pytest

from tests.journeys.pace import ready

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.browser

RELAPSED = 67  # of the demo: three findings since enrollment, decided by two people in turn


@pytest.fixture
def dossier(site, visit):
    """Open the dossier of the demo owner's factory as an officer."""
    page = visit("officer")
    page.goto(f"{site}/dossier?id=1")
    ready(page)
    return page


def test_a_phone_is_shown_in_full_only_to_somebody_who_says_why(dossier):
    card = dossier.locator(".st-key-card_people")
    assert re.search(r"\d{3}\*{4}\d{4}", card.inner_text())
    card.get_by_role("button", name="查看完整电话").click()
    dialog = dossier.get_by_role("dialog")
    dialog.get_by_role("button", name="查看", exact=True).click()
    dialog.get_by_text("请写明理由（至少 4 个字）。").wait_for()
    assert re.search(r"1\d{10}", dialog.inner_text()) is None
    dialog.get_by_role("textbox", name="为什么要看").fill("约定现场核查时间")
    dialog.get_by_role("button", name="查看", exact=True).click()
    dialog.locator("code").wait_for()
    assert re.fullmatch(r"1\d{10}", dialog.locator("code").inner_text().strip())


def test_an_owner_signs_in_with_the_link_he_was_given(site, dossier, visit):
    dossier.get_by_role("button", name="给负责人登录链接").click()
    dialog = dossier.get_by_role("dialog")
    dialog.get_by_role("button", name="生成链接").click()
    dialog.get_by_role("img", name="登录二维码").wait_for()
    address = dialog.locator("code").inner_text().strip()
    assert address.startswith(f"{site}/auth/link/")
    phone = visit(width=390)
    phone.goto(address)
    assert phone.locator("form").count() >= 1  # the page that asks for a new PIN


def test_a_suspended_product_needs_a_reason_and_leaves_at_once(dossier):
    card = dossier.locator(".st-key-card_products")
    before = card.get_by_text("已通过", exact=True).count()
    card.get_by_role("button", name="办理").first.click()
    dossier.get_by_role("menuitem", name="暂停展示").click()
    dialog = dossier.get_by_role("dialog")
    dialog.get_by_role("button", name="暂停展示").click()
    dialog.get_by_text("请写明理由（至少 4 个字）。").wait_for()
    dialog.get_by_role("textbox", name=re.compile("理由")).fill(
        "抽检样品鞋底图案与他人设计近似"
    )
    dialog.get_by_role("button", name="暂停展示").click()
    dialog.wait_for(state="detached")
    ready(dossier)
    assert card.get_by_text("已失效", exact=True).count() >= 1
    assert before >= 1


def test_a_finding_opened_on_a_product_has_it_chosen(dossier):
    card = dossier.locator(".st-key-card_products")
    card.get_by_role("button", name="办理").first.click()
    dossier.get_by_role("menuitem", name="记录发现").click()
    ready(dossier)
    chosen = dossier.get_by_role("dialog").locator("[data-testid=stMultiSelect]")
    chosen.locator("[data-tag]").first.wait_for()
    expect(chosen.locator("[data-tag]")).to_have_count(1)


def test_a_hold_read_in_a_dossier_is_acted_on_in_the_same_dialog(site, visit):
    page = visit("reviewer")
    page.goto(f"{site}/dossier?id=66")  # of the demo: its hold is due for review
    ready(page)
    page.locator("[class*=st-key-ask_task_hold] button").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="恢复结算").click()
    ready(page)
    expect(page.get_by_role("dialog")).to_have_count(1)
    go = dialog.get_by_role("button", name="恢复结算").last
    go.click()
    ready(page)
    assert dialog.get_by_role("textbox").count() >= 1
    assert dialog.get_by_role("alert").first.is_visible()
    assert "出了问题" not in dialog.inner_text()


def test_a_store_is_declared_and_then_confirmed(dossier):
    card = dossier.locator(".st-key-card_stores")
    card.get_by_role("button", name="登记店铺").click()
    dialog = dossier.get_by_role("dialog")
    for name, text in (
        ("平台", "淘宝（演示）"),
        ("店铺号", "JOURNEY-1"),
        ("店铺名称", "旅程新店（虚构）"),
        ("依据什么认定", "平台后台截图"),
    ):
        dialog.get_by_role("textbox", name=name, exact=True).fill(text)
    dialog.get_by_role("button", name="保存").click()
    dialog.wait_for(state="detached")
    row = card.get_by_role("row").filter(has_text="旅程新店")
    row.filter(has_text="已申报").wait_for()
    card.get_by_role("button", name="确认归属").click()
    row.filter(has_text="已确认").wait_for()


def test_a_dialog_left_open_does_not_follow_to_another_factory(site, visit):
    """Links inside the app keep the session, and with it what was left open."""
    page = visit("officer")
    page.goto(f"{site}/decide")
    ready(page)
    page.locator(".st-key-decide_kind").get_by_text(re.compile("^达标条件")).click()
    ready(page)
    waiting = page.get_by_role("button", name=re.compile("^打开这一件 达标条件"))
    link = page.locator(".st-key-card_decide [data-testid=stPageLink] a")
    waiting.nth(0).click()
    ready(page)
    first = link.inner_text().splitlines()[-1]
    link.click()
    page.wait_for_url(re.compile("/dossier"))
    ready(page)
    page.get_by_role("button", name="记录发现").click()
    page.get_by_role("dialog").wait_for()
    page.go_back()
    page.locator(".st-key-card_decide").wait_for()
    ready(page)
    waiting.nth(1).click()
    ready(page)
    assert link.inner_text().splitlines()[-1] != first
    link.click()
    page.wait_for_url(re.compile("/dossier"))
    page.locator(".st-key-card_conduct").wait_for()
    ready(page)
    assert page.get_by_role("dialog").count() == 0


def test_a_finding_is_overturned_by_somebody_else_with_a_reason(site, visit):
    page = visit("reviewer")
    page.goto(f"{site}/dossier?id={RELAPSED}")
    ready(page)
    card = page.locator(".st-key-card_conduct")
    before = card.get_by_text("已推翻", exact=True).count()
    card.get_by_role("button", name="推翻一条发现").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").click()
    page.get_by_role("option").nth(1).click()
    # This one was decided by this very reviewer: it takes somebody else.
    dialog.get_by_text("须由别的复核人推翻").wait_for()
    assert dialog.get_by_role("textbox", name="理由").count() == 0
    dialog.get_by_role("combobox").click()
    page.get_by_role("option").nth(0).click()  # the latest offense: the deputy decided it
    dialog.get_by_text("之后的违规重新计次").wait_for()
    go = dialog.get_by_role("button", name="推翻一条发现")
    go.click()
    dialog.get_by_text("请先勾选").wait_for()
    dialog.get_by_text("我已看清上面的后果", exact=True).click()
    go.click()
    dialog.get_by_text("请写明理由（至少 4 个字）。").wait_for()
    dialog.get_by_role("textbox", name="理由").fill("原图由厂方设计，出示了底稿")
    go.click()
    dialog.wait_for(state="detached")
    ready(page)
    expect(card.get_by_text("已推翻", exact=True)).to_have_count(before + 1)
    page.goto(f"{site}/paper/factory/{RELAPSED}")
    assert "已推翻" in page.inner_text("body")
