"""An owner reads his compliance score on a phone, disputes a record, and reads the answer."""

from __future__ import annotations

import re

import pytest

from tests.journeys.pace import ready

pytestmark = pytest.mark.browser

WHY = "当天两件已下架，平台记录可查"
ANSWER = "平台记录显示当天确已下架，这一项不再计入"


def score(page):
    """Return the card of the score."""
    return page.locator(".st-key-card_score")


def open_component(page, name: str):
    """Open one component of the score."""
    part = score(page).locator("[data-testid='stExpander']", has_text=name).first
    part.locator("summary").click()
    ready(page)
    return part


def test_an_owner_disputes_a_record_and_reads_what_was_answered(site, visit):
    phone = visit("owner3", width=390)
    phone.goto(f"{site}/my_profile")
    ready(phone)
    card = score(phone)
    told = card.inner_text()
    before = int(re.search(r"现在\s*(\d+)\s*/ 100", told).group(1))
    assert "没有任何记录时为" in told
    assert "不对外提供，不用于推荐和排序" in told
    part = open_component(phone, "成立的违规")
    opened = part.inner_text()
    assert re.search(r"最多影响 \d+ 分", opened)
    assert "依据：" in opened
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    button = part.get_by_role("button", name="有异议").first
    assert button.bounding_box()["height"] >= 44
    button.click()
    box = phone.locator("[data-testid='stPopoverBody']")
    box.get_by_text("处罚本身请走申诉").wait_for()
    box.get_by_role("textbox", name="异议理由").fill(WHY)
    box.get_by_role("button", name="提交异议").click()
    score(phone).get_by_text("已提的异议").wait_for()
    ready(phone)
    waiting = score(phone).inner_text()
    assert WHY in waiting
    # What it is about is told in words, by the store and the day of the record, and until when.
    day = r"\d{4}-\d\d-\d\d"
    assert re.search(rf"（虚构） · {day} · {day} 前答复", waiting)

    answer(site, visit("deputy"))

    phone.goto(f"{site}/my_profile")
    ready(phone)
    after = score(phone).inner_text()
    assert ANSWER in after
    assert int(re.search(r"现在\s*(\d+)\s*/ 100", after).group(1)) > before
    phone.goto(f"{site}/my_messages")
    ready(phone)
    phone.get_by_text(re.compile("异议")).first.wait_for()


def answer(site: str, desk) -> None:
    """Decide the dispute as an officer who had no hand in the record."""
    desk.goto(f"{site}/decide")
    ready(desk)
    desk.get_by_text(re.compile(r"^评价分异议 \d")).click()
    ready(desk)
    for row in desk.locator("[class*='st-key-q_']").all():
        row.get_by_role("button").click()
        ready(desk)
        if WHY in desk.locator(".st-key-card_decide").inner_text():
            break
    form = desk.locator(".st-key-card_decide")
    assert WHY in form.inner_text()
    assert "违规和扣分不变，要改须走申诉" in form.inner_text()
    form.get_by_role("textbox", name=re.compile("理由")).fill(ANSWER)
    form.get_by_role("button", name="异议成立").click()
    desk.get_by_text(WHY).first.wait_for(state="detached")
    ready(desk)
