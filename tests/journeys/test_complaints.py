"""A notice on its whole way: right holder, officer, owner on a phone, a second person, points."""

from __future__ import annotations

import re

import pytest

from tests.journeys.pace import ready

pytestmark = pytest.mark.browser

STORE, ITEM = "DEMO0000", "600099"  # the first store of the demo owner's factory


def press(page, name: str) -> None:
    """Press the button of this name, in a dialog where one is open."""
    dialog = page.get_by_role("dialog")
    if dialog.count() and not dialog.get_by_role("button", name=name, exact=True).count():
        dialog.wait_for(state="hidden")  # the one before is still closing
    within = dialog if dialog.count() else page
    within.get_by_role("button", name=name, exact=True).first.click()
    ready(page)


def fill(page, label: str, text: str) -> None:
    page.get_by_role("textbox", name=label).first.fill(text)


def opened_case(page, site: str) -> str:
    """Find the case of the listing in the list and open it; return its address."""
    page.goto(f"{site}/cases?q={ITEM}")
    ready(page)
    page.get_by_role("link", name=re.compile("打开案件")).first.click()
    page.wait_for_url(re.compile(r"/case\?id=\d+"))
    ready(page)
    return page.url


def card_of(page, site: str):
    """Return the owner's card of the case about the listing."""
    page.goto(f"{site}/my_cases")
    ready(page)
    return page.locator("[class*=st-key-card_case_]", has_text=ITEM).first


def file(holder, site: str) -> None:
    holder.goto(f"{site}/file_notice")
    ready(holder)
    lines = holder.get_by_role("textbox", name=re.compile("清单")).first
    lines.fill(f"{STORE}\t{ITEM}\t鞋侧弧线与注册商标近似，见附图")
    lines.blur()
    holder.get_by_role("button", name="提交 1 件").wait_for()
    press(holder, "提交 1 件")
    holder.wait_for_url(f"{site}/")
    holder.locator("[data-testid=stMain]").get_by_text(ITEM).first.wait_for()


def answer(owner, site: str) -> None:
    card = card_of(owner, site)
    card.get_by_role("textbox", name="您的说明").fill("图案由外包公司提供，我厂事先不知情")
    card.get_by_text("我确认以上内容属实").click()
    ready(owner)
    card.get_by_role("button", name="提交", exact=True).click()
    owner.get_by_text("已提交，经办人会看到").first.wait_for()
    assert owner.evaluate("document.documentElement.scrollWidth <= innerWidth")


def uphold_and_record(officer, case: str) -> None:
    officer.goto(case)
    ready(officer)
    press(officer, "投诉成立")
    fill(officer, "理由", "与注册图样逐点对照，鞋侧图形近似")
    press(officer, "认定成立")
    press(officer, "记录发现")
    fill(officer, "看到了什么", "鞋侧图形与注册商标近似，1 件商品")
    press(officer, "记录")
    officer.get_by_text("请厂方陈述申辩").first.wait_for()


def state_side(owner, site: str) -> None:
    card = card_of(owner, site)
    card.get_by_role("textbox", name="您的陈述申辩").fill("已全部下架并更换图案，附截图")
    card.get_by_role("button", name="提交陈述申辩").click()
    owner.get_by_text("已提交，经办人和认定的人都会看到").first.wait_for()


def decide(reviewer, case: str) -> None:
    reviewer.goto(case)
    ready(reviewer)
    press(reviewer, "认定发现")
    reviewer.get_by_text("第 1 次违规").wait_for()  # what follows is said before the decision
    fill(reviewer, "理由", "两人对照后一致认定近似")
    press(reviewer, "认定成立")
    reviewer.get_by_text("本案已结").first.wait_for()


def test_a_notice_goes_from_the_right_holder_to_the_points_with_the_owner_heard(site, visit):
    holder = visit("right_holder")
    file(holder, site)
    officer = visit("officer")
    case = opened_case(officer, site)
    press(officer, "转送商家")
    press(officer, "转送")
    officer.get_by_text("等商家说明").first.wait_for()
    owner = visit("owner", width=390)
    answer(owner, site)
    uphold_and_record(officer, case)
    state_side(owner, site)
    decide(visit("reviewer"), case)
    assert "两人对照后一致认定近似" in card_of(owner, site).inner_text()
    holder.goto(f"{site}/")
    ready(holder)
    filed = holder.locator("[class*=st-key-card_filed_]", has_text=ITEM).first
    assert "成立" in filed.inner_text()
    assert "两人对照后一致认定近似" not in filed.inner_text()  # the finding is not his to read
