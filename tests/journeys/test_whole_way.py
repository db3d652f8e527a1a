"""The whole way of one notice: right holder, officer, owner on a phone, appeal, release."""

from __future__ import annotations

import re

import pytest

from tests.journeys import test_complaints as notice
from tests.journeys.pace import ready

pytestmark = pytest.mark.browser

ITEM = "600877"
PHONE = 390


def appeal(owner, site: str) -> str:
    """Open the measure on a phone and appeal against the newest statement; return the store."""
    owner.goto(f"{site}/my_measures")
    ready(owner)
    assert owner.evaluate("document.documentElement.scrollWidth <= innerWidth")
    card = owner.locator("[class*='st-key-card_store_']").first
    assert "下架" in card.inner_text()
    for head in ("一、事实", "四、规则依据", "七、如何申诉"):
        assert head in card.inner_text()
    button = card.get_by_role("button", name="申诉", exact=True).first
    assert button.bounding_box()["height"] >= 44
    button.click()
    card.get_by_role("textbox", name="请说明理由").fill(
        "该图形由我厂于2019年作品登记，附登记证号。"
    )
    card.get_by_role("button", name="提交申诉").click()
    card.get_by_text("审理中").first.wait_for()
    return card.locator("h2").first.inner_text()


def release(desk, site: str, store: str) -> None:
    """Decide the appeal by somebody who had no part; the measures end."""
    desk.goto(f"{site}/decide")
    ready(desk)
    desk.get_by_text(re.compile(r"^申诉 \d")).click()
    ready(desk)
    row = desk.locator("[class*='st-key-q_']").filter(has_text=f"申诉 · {store}").first
    row.get_by_role("button").click()
    form = desk.locator(".st-key-card_decide")
    form.get_by_text(re.compile("2019年作品登记")).first.wait_for()
    ready(desk)
    reason = form.get_by_role("textbox", name=re.compile("答复理由"))
    reason.fill("作品登记在先属实，图形并非仿冒，原认定撤销。")
    reason.press("Tab")
    ready(desk)
    form.get_by_role("button", name="申诉成立").click()
    form.get_by_text(re.compile("2019年作品登记")).first.wait_for(state="detached")


def test_from_the_notice_to_the_release_nobody_loses_the_thread(site, visit, monkeypatch):
    monkeypatch.setattr(notice, "ITEM", ITEM)
    holder = visit("right_holder")
    notice.file(holder, site)
    officer = visit("officer")
    case = notice.opened_case(officer, site)
    notice.press(officer, "转送商家")
    notice.press(officer, "转送")
    officer.get_by_text("等商家说明").first.wait_for()
    owner = visit("owner", width=PHONE)
    notice.answer(owner, site)
    notice.uphold_and_record(officer, case)
    notice.state_side(owner, site)
    reviewer = visit("reviewer")
    reviewer.goto(case)
    ready(reviewer)
    notice.press(reviewer, "认定发现")
    reviewer.get_by_text(re.compile(r"第 \d 次违规")).first.wait_for()
    notice.fill(reviewer, "理由", "两人对照后一致认定近似")
    notice.press(reviewer, "认定成立")
    reviewer.get_by_text("本案已结").first.wait_for()
    store = appeal(owner, site)
    release(visit("deputy"), site, store)
    owner.goto(f"{site}/my_measures")
    ready(owner)
    card = owner.locator("[class*='st-key-card_store_']", has_text=store).first
    card.get_by_text(re.compile("已撤销")).first.wait_for()
    assert "累计扣分 0 分" in card.inner_text()  # the taken-back offense costs nothing
    owner.goto(f"{site}/my_messages")
    ready(owner)
    owner.get_by_text(re.compile("申诉成立")).first.wait_for()
    holder.goto(f"{site}/")
    ready(holder)
    filed = holder.locator("[class*=st-key-card_filed_]", has_text=ITEM).first
    assert "2019年作品登记" not in filed.inner_text()  # the owner's appeal is not his to read
