"""An owner's day on a phone, in a chat's browser: a shoe, a change, the past, a message."""

from __future__ import annotations

import re

import pytest

from tests.features.scene import picture
from tests.journeys.test_every_page import ready

pytestmark = pytest.mark.browser

CHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0"


@pytest.fixture
def phone(site, chromium):
    """A signed-in owner in a chat's browser at 390 px."""
    context = chromium.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 390, "height": 844},
        user_agent=CHAT,
        has_touch=True,
    )
    context.add_cookies([{"name": "lang", "value": "zh", "url": site}])
    page = context.new_page()
    page.goto(f"{site}/auth/login")
    page.fill("input[name=login]", "owner")
    page.fill("input[name=password]", "walk-the-new-road-2026")
    page.click("form[action='/auth/login'] button[type=submit]")
    page.wait_for_url(f"{site}/")
    ready(page)
    yield page
    context.close()


def test_the_tabs_are_under_the_thumb_and_big_enough(site, phone):
    tabs = phone.locator(".st-key-tabbar a")
    assert tabs.count() == 4
    for n in range(4):
        box = tabs.nth(n).bounding_box()
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= 844.5
    tabs.nth(1).click()
    ready(phone)
    assert phone.locator("h1").inner_text() == "产品"
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_shoe_is_drafted_with_a_picture_and_nothing_typed_is_lost(site, phone):
    phone.goto(f"{site}/my_products")
    ready(phone)
    phone.get_by_text("添加一款鞋").click()
    phone.get_by_role("textbox", name="款名").fill("手机建档款")
    phone.get_by_role("textbox", name="货号").fill("PHONE-1")
    phone.get_by_role("button", name="建立草稿").click()
    phone.wait_for_url(re.compile(r"/my_product\?id=\d+"))
    ready(phone)
    assert "手机建档款" in phone.locator("h1").inner_text()
    phone.locator("input[type=file]").first.set_input_files(
        {"name": "shoe.png", "mimeType": "image/png", "buffer": picture()}
    )
    phone.get_by_role("button", name="保存 1 张照片").click()
    phone.locator(".st-key-card_photos img").first.wait_for()
    phone.get_by_role("textbox", name="零售价（元）").fill("很贵")
    phone.locator(".st-key-card_facts").get_by_role("button", name="保存").click()
    phone.get_by_text("价格应是数字").wait_for()
    phone.get_by_role("textbox", name="零售价（元）").fill("299.50")
    phone.get_by_role("textbox", name="鞋面").fill("网布")
    phone.locator(".st-key-card_facts").get_by_role("button", name="保存").click()
    ready(phone)
    phone.reload()
    ready(phone)
    assert phone.get_by_role("textbox", name="零售价（元）").input_value() == "299.50"
    # What is missing is named, and the product cannot be sent in before it is there.
    assert (
        phone.get_by_role("button", name="送审")
        .or_(phone.get_by_role("button", name="提交"))
        .first.is_disabled()
    )


def test_a_change_waits_for_the_office_and_can_be_taken_back(site, phone):
    phone.goto(f"{site}/my_profile")
    ready(phone)
    back = phone.get_by_role("button", name="撤回正在等待的变更")
    if back.count():
        back.click()
        ready(phone)
    phone.get_by_text("申请变更").click()
    phone.locator(".st-key-card_change").get_by_role("button", name="提交变更").click()
    phone.get_by_text("内容没有变化").wait_for()  # nothing was changed, nothing was sent
    ready(phone)
    staff = phone.locator(".st-key-card_change").get_by_label("用工人数")
    staff.fill("301")
    staff.press("Tab")
    phone.locator(".st-key-card_change").get_by_role("button", name="提交变更").click()
    phone.get_by_role("button", name="撤回正在等待的变更").wait_for()


def test_the_past_is_told_only_after_reading_who_sees_it(site, phone):
    phone.goto(f"{site}/my_profile")
    ready(phone)
    card = phone.locator(".st-key-card_disclosure")
    phone.get_by_role("button", name="撤回申报").click()
    phone.get_by_role("button", name="了解并申报").click()
    dialog = phone.locator('[role="dialog"]')
    dialog.get_by_text("绝不用来做什么").wait_for()
    assert dialog.get_by_role("radio").count() == 0  # nothing is asked on the first screen
    dialog.get_by_role("button", name="我已看完").click()
    dialog.get_by_role("button", name="提交申报").click()
    dialog.get_by_text("请选择一项").wait_for()
    dialog.get_by_text("不想说", exact=True).first.click()
    dialog.get_by_role("button", name="提交申报").click()
    phone.get_by_role("button", name="撤回申报").wait_for()
    # The office looked at an earlier one, and said why: that look stays readable.
    assert "安排品牌培训前了解情况" in card.inner_text()
    phone.get_by_role("button", name="撤回申报").click()
    phone.get_by_role("button", name="了解并申报").wait_for()
