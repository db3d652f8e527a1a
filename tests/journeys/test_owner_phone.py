"""An owner's day on a phone, in a chat's browser: a shoe, a change, the past, a message."""

from __future__ import annotations

import re

import pytest

from tests.features.scene import picture
from tests.journeys.pace import ready

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser

CHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0"
SAY = '[class*="_side_"] textarea'  # a case's field for the owner's say


def sign_in(page) -> None:
    """Sign the demo owner in on the page that asks for it."""
    page.fill("input[name=login]", "owner")
    page.fill("input[name=password]", "walk-the-new-road-2026")
    page.click("form[action='/auth/login'] button[type=submit]")
    ready(page)


@pytest.fixture
def phone(visit):
    """A signed-in owner in a chat's browser at 390 px."""
    return visit("owner", width=390, height=844, user_agent=CHAT, has_touch=True)


def say_field(page):
    """Go to the case of the demo's suspicion and return the field for the owner's say."""
    field = page.locator(SAY).first
    link = page.locator(".st-key-card_next").get_by_role("link", name="陈述申辩")
    field.or_(link).first.wait_for()
    if link.count():
        page.locator(".st-key-card_next").get_by_text("还没有认定，先听您说").wait_for()
        link.click()
    field.wait_for()
    return field


def leave(page):
    """Look up from the field, as a finger on anything else does."""
    page.locator(SAY).first.blur()


def test_the_tabs_are_under_the_thumb_and_big_enough(site, phone):
    phone.goto(site)
    tabs = phone.locator(".st-key-tabbar a")
    tabs.nth(3).wait_for()  # links are drawn by a script of their own, a moment after the rest
    expect(tabs).to_have_count(4)
    for n in range(4):
        box = tabs.nth(n).bounding_box()
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= 844.5
    # The one next step is the loudest thing on the page, as wide as its card.
    step = (
        phone.locator(".st-key-card_next").get_by_role("link", name="陈述申辩").bounding_box()
    )
    assert step["height"] >= 50
    assert step["width"] >= 250
    tabs.nth(1).click()
    ready(phone)
    assert [t.get_attribute("aria-current") for t in tabs.all()] == [None, "page", None, None]
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
    phone.locator(".st-key-card_photos img").first.wait_for()
    phone.get_by_role("textbox", name="零售价（元）").fill("很贵")
    phone.locator(".st-key-card_facts").get_by_role("button", name="保存").click()
    phone.get_by_text("价格应是数字").wait_for()
    phone.get_by_role("textbox", name="零售价（元）").fill("299.50")
    phone.get_by_role("textbox", name="鞋面").fill("网布")
    phone.locator(".st-key-card_facts").get_by_role("button", name="保存").click()
    phone.get_by_text("已保存", exact=True).wait_for()
    phone.reload()
    ready(phone)
    expect(phone.get_by_role("textbox", name="零售价（元）")).to_have_value("299.50")
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
    ask = phone.get_by_text("申请变更")
    back.or_(ask).first.wait_for()  # a page just opened may not have drawn either yet
    if back.count():
        back.click()
        expect(back).to_have_count(0)
        ready(phone)  # a press into a page that is being drawn anew may be lost
    ask.click()
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


def test_a_closed_phone_loses_no_word_left_or_not_left(site, phone):
    phone.goto(site)
    say_field(phone).fill("图案是我们自己画的，")
    leave(phone)
    phone.get_by_text("已自动保存").wait_for()
    field = say_field(phone)
    field.press("End")
    field.press_sequentially("底稿在厂里。")  # typed, not left: the server has not heard of it
    phone.wait_for_timeout(100)
    there = phone.url
    phone.close()

    again = phone.context.new_page()
    again.goto(there)
    ready(again)
    whole = "图案是我们自己画的，底稿在厂里。"
    again.wait_for_function(
        "([say, text]) => document.querySelector(say)?.value === text", arg=[SAY, whole]
    )
    # The server has it now, so another device has it too, and this browser keeps no copy.
    again.wait_for_function(
        "() => !Object.keys(localStorage).some(k => k.startsWith('z-keep'))"
    )
    again.get_by_role("button", name="清空，重新填").click()
    again.get_by_role("button", name="清空，重新填").wait_for(state="detached")
    expect(say_field(again)).to_have_value("")


# A busy phone: as soon as a field is left nothing is drawn for a while, so that the beginning and
# the end of the run it starts are drawn as one.
BUSY = """
addEventListener("focusout", () => setTimeout(() => {
  const from = performance.now();
  while (performance.now() - from < 6000);
}, 30), true);
"""

# A slow line: what is told while `window.slowMs` stands leaves that much later.
SLOW = """
(() => {
  const plain = WebSocket.prototype.send;
  WebSocket.prototype.send = function (what) {
    if (window.slowMs) setTimeout(() => plain.call(this, what), window.slowMs);
    else plain.call(this, what);
  };
})();
"""

COPIES = (
    "Object.keys(localStorage).filter(k => k.startsWith('z-keep')).map(k => k.split('_')[2])"
)


def test_a_busy_phone_forgets_its_copy_once_the_server_has_it(site, phone):
    phone.goto(site)
    say_field(phone).press_sequentially("只写，不离开")
    phone.wait_for_timeout(100)
    there = phone.url
    phone.close()

    again = phone.context.new_page()
    again.add_init_script(BUSY)
    again.goto(there)
    again.wait_for_function(
        "([say, text]) => document.querySelector(say)?.value === text",
        arg=[SAY, "只写，不离开"],
    )
    again.wait_for_function(f"() => {COPIES}.length === 0")
    again.get_by_text("已自动保存").first.wait_for()
    again.get_by_role("button", name="清空，重新填").click()
    again.get_by_role("button", name="清空，重新填").wait_for(state="detached")


def test_a_slow_line_never_makes_the_browser_forget_too_early(site, phone):
    phone.add_init_script(SLOW)
    phone.goto(site)
    say_field(phone).fill("先写这一处")
    answer = phone.locator('[class*="_answer_"] textarea').first
    leave(phone)
    answer.fill("再写那一处")
    phone.evaluate("window.slowMs = 6000")
    answer.blur()
    # The run of the first field ends while the words of the second are still on their way.
    phone.wait_for_function(f"() => !{COPIES}.includes('side')")
    assert phone.evaluate(COPIES) == ["answer"]
    phone.wait_for_function(f"() => {COPIES}.length === 0")
    phone.evaluate("window.slowMs = 0")
    drops = phone.get_by_role("button", name="清空，重新填")
    for left in (1, 0):
        drops.first.click()
        expect(drops).to_have_count(left)


def test_an_expired_session_gives_the_words_back_after_signing_in(site, phone):
    phone.goto(site)
    field = say_field(phone)
    field.fill("登录过期前写的话")
    # Signed out on another device: the session ends while the page is open.
    phone.context.request.get(f"{site}/auth/logout")
    leave(phone)
    phone.get_by_role("heading", name="请先登录").wait_for()
    phone.get_by_role("link", name="登录").click()
    phone.wait_for_url(re.compile("/auth/login"))
    sign_in(phone)
    expect(say_field(phone)).to_have_value("登录过期前写的话")
    phone.get_by_role("button", name="清空，重新填").click()
    phone.get_by_role("button", name="清空，重新填").wait_for(state="detached")


def test_two_quick_taps_are_one_brand(site, phone):
    phone.goto(f"{site}/my_brands")
    ready(phone)
    form = phone.locator(".st-key-card_new")
    form.get_by_role("textbox", name="品牌中文名").fill("双击牌")
    button = form.get_by_role("button", name="登记品牌")
    button.dblclick()
    phone.get_by_role("heading", name="双击牌").wait_for()
    ready(phone)
    expect(phone.get_by_role("heading", name="双击牌")).to_have_count(1)
    expect(form.get_by_role("textbox", name="品牌中文名")).to_have_value("")


def test_a_photo_goes_to_the_step_that_was_chosen_below(site, phone):
    # Whatever is pressed or sent up after a choice, the choice stays open, over a reload too.
    phone.goto(site)
    ready(phone)
    other = phone.locator("[class*=st-key-go_own_returned_]").first
    wanted = other.locator("b").inner_text()
    other.get_by_role("link", name="办这一件").click()
    card = phone.locator(".st-key-card_next")
    card.get_by_role("heading", name=wanted).wait_for()
    ready(phone)
    card.locator("input[type=file]").first.set_input_files(
        {"name": "book.png", "mimeType": "image/png", "buffer": picture()}
    )
    card.get_by_text("已存好：book.png").wait_for()
    phone.reload()
    ready(phone)
    assert card.get_by_role("heading", name=wanted).is_visible()
    assert card.get_by_text("已存好：book.png").is_visible()
