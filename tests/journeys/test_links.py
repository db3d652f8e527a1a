"""The queue of linked stores: a false link is cut and stays cut, a true one ends in a note."""

from __future__ import annotations

import re

import pytest

from tests.journeys.pace import ready

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.browser

# Three stores of the demo share a payee; two of them as a platform statement names them.
STATED = ("DEMO0640", "DEMO0440")
APART = "鹿鸣渡鞋铺"
WHY = "收款账户属于同一家代账公司，两家店铺互不相干"


@pytest.fixture
def desk(visit):
    """The reviewer, who had no hand in what the demo cut."""
    return visit("reviewer")


def open_queue(site: str, page) -> None:
    page.goto(f"{site}/links")
    ready(page)
    assert "不扣分、不下架、不停业" in page.locator("body").inner_text()


def test_a_false_link_is_cut_with_a_reason_and_stays_cut(site, desk, visit):
    open_queue(site, desk)
    row = desk.locator("[class*='st-key-q_review_']", has_text=APART).first
    row.get_by_role("link", name=re.compile("^处理")).click()
    desk.wait_for_url(re.compile("kind=link_review"))
    form = desk.locator(".st-key-card_decide")
    form.get_by_text("没有被认定任何问题").wait_for()
    ready(desk)
    assert "关联组合计" in form.inner_text()
    cut(desk, form.locator("[class*='st-key-card_link_']", has_text="同一收款账户").first)

    # The account ties it to a third store too: it is still in the group, and still in the queue.
    open_queue(site, desk)
    expect(desk.locator("[class*='st-key-q_review_']", has_text=APART)).to_have_count(1)
    desk.goto(f"{site}/links?view=links&reason=payee&q={APART}")
    ready(desk)
    cut(desk, desk.locator("[class*='st-key-card_link_all_']", has_text=APART).first)
    open_queue(site, desk)
    assert desk.locator("[class*='st-key-q_review_']", has_text=APART).count() == 0
    desk.goto(f"{site}/links?status=decided")
    ready(desk)
    ended = desk.locator("[class*='st-key-q_review_']", has_text=APART).first.inner_text()
    assert "关联不实，已切断" in ended
    assert WHY in ended

    derive_again(site, visit("officer"))
    desk.goto(f"{site}/links?view=links&reason=payee&q={APART}")
    ready(desk)
    desk.get_by_text("没有这样的关联").wait_for()
    desk.goto(f"{site}/links?view=links&reason=payee&standing=cut&q={APART}")
    ready(desk)
    kept = desk.locator("[class*='st-key-card_link_all_']", has_text=APART)
    expect(kept).to_have_count(2)
    assert all(WHY in text for text in kept.all_inner_texts())
    open_queue(site, desk)
    assert desk.locator("[class*='st-key-q_review_']", has_text=APART).count() == 0


def cut(page, link) -> None:
    """Cut a link; without a reason nothing is cut."""
    link.get_by_role("button", name="切断").click()
    box = page.get_by_role("dialog")
    box.get_by_text("重新推导或再次导入都不会恢复").wait_for()
    box.get_by_role("button", name="确认切断").click()
    box.get_by_text(re.compile("请写明理由")).wait_for()
    box.get_by_role("textbox").fill(WHY)
    box.get_by_role("button", name="确认切断").click()
    box.wait_for(state="detached")
    ready(page)


def count_of(page, what: str) -> int:
    """Return the number the list says it has."""
    told = page.get_by_text(re.compile(rf"共 \d+ {what}")).first.inner_text()
    return int(re.search(r"\d+", told).group())


def derive_again(site: str, page) -> None:
    """Read a statement that ties the same two stores by the same payee again, which derives all."""
    page.goto(f"{site}/links?view=links&reason=payee&standing=cut")
    ready(page)
    page.get_by_role("button", name="导入店铺特征").click()
    box = page.get_by_role("dialog")
    box.get_by_role("textbox", name="来源").fill("平台对账单，十一月（虚构）")
    rows = "平台,店铺号,类别,内容\n" + "".join(
        f"淘宝（演示）,{number},收款账户,6200000000004417\n" for number in STATED
    )
    box.locator("input[type=file]").set_input_files(
        {"name": "对账单.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    box.get_by_role("button", name="导入", exact=True).click()
    box.wait_for(state="detached")
    ready(page)


def test_a_link_that_is_true_ends_in_a_note_beside_the_total_of_the_group(site, visit):
    desk = visit("reviewer")
    open_queue(site, desk)
    waiting = count_of(desk, "件核查")
    row = desk.locator("[class*='st-key-q_review_']", has_text="星屿步运动店").first
    row.get_by_role("link", name=re.compile("^处理")).click()
    desk.wait_for_url(re.compile("kind=link_review"))
    form = desk.locator(".st-key-card_decide")
    form.get_by_text("没有被认定任何问题").wait_for()
    ready(desk)
    assert "经营关系（已确认）" in form.inner_text()
    # A holding the register confirmed is no suspicion: there is nothing to cut about it.
    known = form.locator("[class*='st-key-card_link_']", has_text="经营关系（已确认）")
    assert known.get_by_role("button", name="切断").count() == 0
    group = form.locator("table", has_text="累计扣分").first
    points = [int(text) for text in group.locator("tr td:last-child").all_inner_texts()]
    assert points[-1] == sum(points[:-1])  # the total stands under the stores' own points
    assert "扣分和关闭仍按单店计算" in form.inner_text()

    form.get_by_text("继续留意", exact=True).click()
    form.get_by_role("textbox", name=re.compile("理由")).fill(
        "同一主体的第二家店，商品未见问题"
    )
    form.get_by_role("button", name="了结核查").click()
    desk.get_by_text("没有被认定任何问题").first.wait_for(state="attached")
    ready(desk)
    open_queue(site, desk)
    assert count_of(desk, "件核查") == waiting - 1
    desk.goto(f"{site}/links?status=decided")
    ready(desk)
    ended = desk.locator("[class*='st-key-q_review_']", has_text="星屿步运动店").inner_text()
    assert "继续留意" in ended
    assert "同一主体的第二家店，商品未见问题" in ended
