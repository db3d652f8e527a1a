"""A lead for an agency: put together, signed by another, answered, its outcome counted, printed."""

from __future__ import annotations

import re

import pytest

from tests.journeys.pace import ready
from tests.journeys.walking import choose, fill, press

pytestmark = pytest.mark.browser

TITLE = "虚构旅程反复上架的链接"
FACTS = "项目巡查和认定所见如下，供贵单位核查。企业、店铺均为虚构。"


def test_a_lead_is_signed_by_another_answered_counted_and_printed(site, visit):
    author = visit("officer")
    number = put_together(site, author)
    # Who put it together may not sign it, and there is no letter before it is signed.
    card = author.locator(".st-key-card_lead")
    assert card.get_by_role("button", name="签发并移送").count() == 0
    assert "由准备人以外的复核人签发" in card.inner_text()
    assert author.get_by_role("link", name="打印移送函").count() == 0
    assert visit("officer").goto(f"{site}/paper/referral/{number}").status == 404

    signer = visit("reviewer")
    sign(site, signer, number)
    letter = signer.get_by_role("link", name="打印移送函").get_attribute("href")
    before = counted(site, author)

    lead(site, author, number)
    keep_the_answer(author)
    keep_an_outcome(author)
    after = counted(site, author)
    assert after - before == 2  # two filed cases of this lead, nothing else happened

    author.goto(site + letter)
    paper = author.locator("body").inner_text()
    for part in ("线索移送函", TITLE, FACTS, "Ed25519"):
        assert part in paper
    assert "未提供" in paper
    assert "既往" not in paper  # earlier records never leave the house
    assert visit("owner", width=390).goto(site + letter).status == 404


def lead(site: str, page, number: str) -> None:
    """Open a lead."""
    page.goto(f"{site}/referrals?id={number}")
    page.locator(".st-key-card_package").wait_for()
    ready(page)


def put_together(site: str, page) -> str:
    """Start from the question who opened a store; return the number of the draft."""
    page.goto(f"{site}/referrals?view=stores&store=星屿步")
    ready(page)
    page.locator("[class*='st-key-card_opener_']").get_by_role(
        "button", name="准备移送"
    ).first.click()
    box = page.get_by_role("dialog")
    box.get_by_text("由另一位复核人看过并签发后才移送").wait_for()
    ready(page)
    press(box, "存为草稿")
    assert box.get_by_role("alert").count() >= 1  # without a title and facts nothing is kept
    choose(box, "移送部门", "公安经侦部门（演示）")
    fill(box, "标题", TITLE)
    fill(box, "事实说明", FACTS)
    box.get_by_role("button", name="存为草稿").click()
    box.wait_for(state="detached")
    page.goto(f"{site}/referrals?status=draft")
    ready(page)
    row = page.locator("[class*='st-key-q_lead_']", has_text=TITLE)
    row.get_by_role("link", name=re.compile("^打开 XS")).click()
    page.wait_for_url(re.compile(r"id=\d+"))
    page.locator(".st-key-card_package").wait_for()
    ready(page)
    found = re.search(r"id=(\d+)", page.url)
    assert found
    return found.group(1)


def sign(site: str, page, number: str) -> None:
    """Read the package and sign it from the queue of decisions."""
    page.goto(f"{site}/decide?kind=referral&id={number}")
    ready(page)
    form = page.locator(".st-key-card_decide")
    assert FACTS in form.inner_text()
    assert "已认定的违规" in form.inner_text()
    press(form, "签发并移送")
    box = page.get_by_role("dialog")
    box.get_by_text(re.compile(r"答复时限 \d+ 个工作日")).wait_for()
    box.get_by_role("button", name="确认签发").click()
    box.wait_for(state="detached")
    lead(site, page, number)
    told = page.locator("body").inner_text()
    assert "签名有效，内容自签发后未变" in told
    assert re.search(r"\d{4}-\d\d-\d\d 前应答复", told)


def keep_the_answer(page) -> None:
    """Record that the agency took it up; the number of its paper is needed."""
    press(page, "登记答复")
    box = page.get_by_role("dialog")
    box.get_by_role("button", name="保存答复").wait_for()
    ready(page)
    fill(box, "部门文号", "演示收〔2026〕88号（虚构）")
    box.get_by_role("button", name="保存答复").click()
    box.wait_for(state="detached")
    page.locator(".st-key-card_lead").get_by_text("已接收").first.wait_for()
    ready(page)


def keep_an_outcome(page) -> None:
    """Record two filed cases."""
    press(page, "登记结果")
    box = page.get_by_role("dialog")
    box.get_by_role("button", name="保存结果").wait_for()
    ready(page)
    count = box.get_by_role("spinbutton", name="数量")
    count.fill("2")
    count.press("Tab")
    ready(page)
    fill(box, "来源", "立案告知书（虚构）")
    box.get_by_role("button", name="保存结果").click()
    box.wait_for(state="detached")
    page.locator(".st-key-card_outcomes").get_by_text("立案（件） 2").wait_for()
    ready(page)


def counted(site: str, page) -> int:
    """Return how many filed cases the counts show, over all quarters and agencies."""
    page.goto(f"{site}/referrals?view=counts")
    ready(page)
    table = page.locator("table").first
    heads = [head.strip() for head in table.locator("th").all_inner_texts()]
    place = heads.index("立案（件）")
    return sum(
        int(row.locator("td").nth(place).inner_text())
        for row in table.locator("tbody tr").all()
    )
