"""The first half of the long journey: a firm is registered, certified and verifies a shoe."""

from __future__ import annotations

import re

from marketplace.base.identifiers import uscc_check_digit
from tests.features.scene import picture
from tests.journeys.pace import ready
from tests.journeys.walking import Walk, choose, fill, name_day, press, upload, within

NAME = "（虚构）远行鞋业有限公司"
HEAD = "91350304MA7WLKPTH"
CODE = HEAD + uscc_check_digit(HEAD)
CHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0"


def register(walk: Walk, officer) -> None:
    """1. The officer registers a firm by form and hands its head the way in."""
    walk.go(officer, "/register")
    fill(officer, "名称", NAME)
    fill(officer, "统一社会信用代码", CODE)
    fill(officer, "地址", "莆田市荔城区远行路1号")
    press(officer, "登记")
    officer.get_by_text(f"已登记：{NAME}").wait_for()
    walk.shot(officer, "registered")
    officer.get_by_role("link", name="打开档案").click()
    officer.wait_for_url(re.compile(r"/dossier\?id=\d+"))
    ready(officer)
    walk.known["factory"] = re.search(r"id=(\d+)", officer.url).group(1)
    walk.known["link"] = link_for(officer, "郑远行（演示）")
    walk.shot(officer, "link-for-the-head")


def link_for(officer, name: str) -> str:
    """Name the head of the firm whose dossier is open; return his one-time link."""
    dialog = officer.get_by_role("dialog")
    press(officer, "给负责人登录链接")
    fill(dialog, "姓名", name)
    press(dialog, "建立账号")
    press(dialog, "生成链接")
    dialog.get_by_role("img", name="登录二维码").wait_for()
    return dialog.locator("code").inner_text().strip()


def enter_by_link(walk: Walk, link: str):
    """2. The head opens the link in a chat on his phone and sets his own PIN."""
    phone = walk.visit(width=390, user_agent=CHAT)
    phone.goto(link)
    phone.get_by_role("button", name="在这台手机上进入").click()
    phone.fill("input[name=pin]", "280519")
    phone.fill("input[name=pin_again]", "280519")
    phone.get_by_role("button", name="设好并进入").click()
    phone.wait_for_url(f"{walk.site}/")
    ready(phone)
    return phone


def hand_in(walk: Walk, phone) -> None:
    """5, 6. The head signs the commitment and hands in his business license."""
    card = phone.locator(".st-key-card_next")
    walk.shot(phone, "next-step")
    card.get_by_text("签字的承诺书").first.wait_for()
    upload(card, "承诺书.png", picture(60))
    card.get_by_text("已存好").wait_for()
    fill(card, "签署人", "郑远行")
    press(card, "提交")
    walk.go(phone, "/?do=condition.real_name")
    card.get_by_role("heading", name="实名认证").wait_for()
    upload(card, "营业执照.png", picture(70))
    card.get_by_text("已存好").wait_for()
    press(card, "提交")
    waits = phone.locator(".st-key-card_waits")
    waits.get_by_text("实名认证").wait_for()
    waits.get_by_text("入库", exact=True).wait_for()
    walk.shot(phone, "handed-in")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def brand_and_mark(walk: Walk, phone) -> None:
    """7. The head records his brand and its registered mark."""
    walk.go(phone, "/my_brands")
    form = phone.locator(".st-key-card_new")
    fill(form, "品牌中文名", "远行记")
    press(form, "登记品牌")
    phone.get_by_role("heading", name="远行记").wait_for()
    phone.get_by_text("添加商标").click()
    card = phone.locator('[class*="st-key-card_b"]').first
    fill(card, "注册号或申请号", "77123456")
    choose(card, "状态", "核准注册")
    name_day(card, "注册日", "20210107")
    name_day(card, "有效期至", "20310107")
    press(card, "保存")
    card.get_by_text("商标 77123456").wait_for()
    walk.shot(phone, "brand")


def draft(walk: Walk, phone) -> None:
    """7. The head draws up a shoe on his phone, piece by piece."""
    walk.go(phone, "/my_products")
    phone.get_by_text("添加一款鞋").click()
    fill(phone, "款名", "远行一号")
    fill(phone, "货号", "YX-1")
    press(phone, "建立草稿")
    phone.wait_for_url(re.compile(r"/my_product\?id=\d+"))
    ready(phone)
    walk.known["product"] = re.search(r"id=(\d+)", phone.url).group(1)
    upload(phone.locator(".st-key-card_photos"), "shoe.png", picture(90))
    phone.locator(".st-key-card_photos img").first.wait_for()
    facts = phone.locator(".st-key-card_facts")
    choose(facts, "类别", "跑步鞋")
    fill(facts, "零售价（元）", "299.50")
    fill(facts, "鞋面", "网布")
    fill(facts, "介绍", "自有楦型，前掌加宽")
    press(facts, "保存")
    proof = phone.locator(".st-key-card_design")
    proof.get_by_text("外观设计专利").click()
    ready(phone)
    fill(proof, "专利号或登记号", "ZL202430001234")
    name_day(proof, "设计日期", "20240105")
    upload(proof, "design.png", picture(100))
    press(proof, "保存")


def send_in(walk: Walk, phone) -> None:
    """7. The head adds the test report and sends the shoe in."""
    card = phone.locator(".st-key-card_test")
    card.get_by_text("添加检验报告").click()
    fill(card, "报告编号", "HC-2026-0001")
    fill(card, "检验机构", "衡川检测（虚构）")
    fill(card, "CMA 编号", "230000000000")
    card.get_by_text("合格", exact=True).click()
    ready(phone)
    name_day(card, "签发日期", "20261001")
    name_day(card, "有效期至", "20281001")
    press(card, "保存")
    whole = phone.locator(".st-key-card_complete")
    whole.get_by_text("完整度 10/10").wait_for()  # a barcode may be left out
    walk.shot(phone, "shoe-complete")
    press(whole, "送审")
    phone.get_by_text("已提交或已核验的产品内容固定").wait_for()
    walk.shot(phone, "shoe-sent-in")


def look_and_accept(walk: Walk, officer) -> None:
    """5. The officer accepts the commitment, approves the license, checks the mark."""
    for waits, words, name in (
        ("入库", "受理入库", "commitment"),
        ("实名认证", "同意", "license"),
        ("商标核对", "与公开登记核对无误", "mark"),
    ):
        walk.go(officer, f"/dossier?id={walk.known['factory']}")
        tasks = officer.locator(".st-key-card_tasks")
        row = tasks.locator('[data-testid="stHorizontalBlock"]', has_text=waits)
        row.last.get_by_role("button", name="处理").click()
        dialog = officer.get_by_role("dialog")
        dialog.get_by_role("button", name=words, exact=True).wait_for()
        ready(officer)
        walk.shot(officer, f"decide-{name}")
        dialog.get_by_role("button", name=words, exact=True).click()
        dialog.wait_for(state="detached")
    walk.shot(officer, "dossier")


def verify(walk: Walk, reviewer) -> None:
    """7. The reviewer lays design and shoe side by side and verifies it."""
    walk.go(reviewer, f"/decide?kind=product&id={walk.known['product']}")
    card = reviewer.locator(".st-key-card_decide")
    card.get_by_text("YX-1").first.wait_for()
    walk.shot(reviewer, "side-by-side")
    card.get_by_text("已对照设计依据和产品照片").click()
    press(within(card), "通过核验")
    reviewer.get_by_text("已办理").first.wait_for()
