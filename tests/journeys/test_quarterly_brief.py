"""An officer prepares the quarterly brief: figures, methods, data quality, preview, issue, paper, workbook."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from marketplace.base.clock import SystemClock, today
from marketplace.base.sheets import read_book
from marketplace.desk.quarters import quarter_on

pytestmark = pytest.mark.browser

PLACE = "350303"  # issued by nobody yet, whatever other journeys did


def ready(page) -> None:
    """Wait until the app's script has run."""
    page.wait_for_selector(
        '[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=60_000
    )
    page.wait_for_timeout(500)


def table(page, key: str) -> list[list[str]]:
    """Return the cells of a table card."""
    rows = page.locator(f".st-key-{key} tbody tr").all()
    return [[cell.inner_text() for cell in row.locator("td").all()] for row in rows]


def look_before(site: str, page) -> None:
    """Open the overview, the methods one click behind, then what is wrong with the data."""
    page.goto(f"{site}/overview")
    ready(page)
    title = page.locator(".st-key-card_compliance-program h2").inner_text()
    assert re.search(r"降到|升到|没有明显变化|太少|不算下降|入库前没有观察", title)
    page.get_by_role("link", name=re.compile("方法")).last.click()
    page.wait_for_url(re.compile("/methods"))
    ready(page)
    assert page.locator(".st-key-card_conclusions a").count() >= 5
    page.goto(f"{site}/data_quality")
    ready(page)
    assert page.locator('[class*="st-key-card_quality_"]').count() >= 1
    with page.expect_download() as download:
        page.locator(".st-key-take_missing").get_by_role("button", name="数据（CSV）").click()
    heading, *rows = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert heading == "鞋企,店铺,起始月,截止月,月数"
    told = page.locator(".st-key-card_quality_missing").inner_text()
    assert f"{len(rows) - 1} 条" in told  # a line for each row, and the stamp
    assert "EX-" in rows[-1]


def look_at_the_year(site: str, page) -> None:
    """Order the firms by what was found in twelve months, take the list out, open the first."""
    page.goto(f"{site}/last_year?order=listings")
    ready(page)
    rows = table(page, "z_grid")
    found = [int(row[5].replace(",", "")) for row in rows]
    assert found == sorted(found, reverse=True)
    page.locator(".stMain").get_by_role("button", name="导出").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 CSV").click()
    heads, first, *_rest = csv.reader(
        Path(download.value.path()).read_text("utf-8-sig").splitlines()
    )
    told = dict(zip(heads, first, strict=True))
    assert rows[0][0].startswith(told["鞋企"])
    assert rows[0][2].replace(",", "") == told["抽查件数 n"]
    assert rows[0][5].replace(",", "") == told["侵权商品"]
    assert float(rows[0][4].split()[0]) == round(float(told["每千件发现"]), 1)
    page.keyboard.press("Escape")
    page.locator(".st-key-z_grid").get_by_role("link").first.click()
    page.wait_for_url(re.compile("/dossier"))
    ready(page)
    assert page.get_by_text(told["鞋企"]).count() >= 1
    page.go_back()
    page.wait_for_url(re.compile("order=listings"))


def workbook(page) -> dict[str, tuple]:
    """Download the workbook and return sheet → rows."""
    with page.expect_download() as download:
        page.get_by_role("button", name="下载全部表格（XLSX）").click()
    book = read_book(Path(download.value.path()).read_bytes(), "quarter.xlsx")
    return {sheet.name: sheet.rows for sheet in book.sheets}


def plain(cell: object) -> str:
    """Return a cell of the workbook as the page shows it."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return "" if cell is None else str(cell)
    return f"{cell:,.0f}" if float(cell).is_integer() else f"{cell:,.1f}"


def same(shown: str, cell: object) -> bool:
    """Tell whether a number of the page is the number of the workbook; 12.0 is 12 there."""
    return shown == plain(cell) or shown == f"{plain(cell)}.0"


def test_an_officer_prepares_the_quarterly_brief(site, visit):
    last = quarter_on(today(SystemClock())).previous
    page = visit("officer")
    look_before(site, page)
    look_at_the_year(site, page)

    page.goto(f"{site}/quarter?district={PLACE}")
    ready(page)
    page.get_by_text("尚未出具").first.wait_for()
    preview = table(page, "card_sheet_numbers")
    assert len(preview) >= 20
    page.get_by_role("button", name="出具本季报告").click()
    page.get_by_role("button", name="确认出具").click()
    page.get_by_text(f"{last.key}，第 1 期").first.wait_for(timeout=60_000)
    ready(page)
    shown = table(page, "card_sheet_numbers")
    assert shown == preview  # what was previewed is what was frozen
    assert page.get_by_role("button", name="出具本季报告").count() == 0
    conclusions = [
        n.inner_text() for n in page.locator(".st-key-card_said_conclusions .z-note").all()
    ]
    assert len(conclusions) == 2

    rows = workbook(page)
    kept = {str(row[0]): row for row in rows["表1"] if row and row[0]}
    for name, count, n, rate, _definition in shown:
        assert all(
            same(cell, held)
            for cell, held in zip((count, n, rate), kept[name][1:4], strict=True)
        ), name
    said = {str(row[1]) for row in rows["文字"] if len(row) > 1}
    assert said >= set(conclusions)
    with page.expect_download() as download:
        page.get_by_role("button", name="图 1（SVG）").click()
    svg = Path(download.value.path()).read_text()
    assert svg.startswith("<svg")
    assert "var(" not in svg

    address = page.get_by_role("link", name=re.compile("打印")).get_attribute("href")
    answer = page.goto(f"{site}{address}")
    assert answer.status == 200
    paper = page.inner_text("body")
    for sentence in conclusions:
        assert sentence in paper
    for name, count, *_rest in shown:
        assert name in paper
        assert count in paper
    assert re.search(r"编号 EX-\d{8}-[0-9A-F]{8}", paper)
    assert "第 1 期" in paper
    assert page.outside == []


def test_the_brief_is_in_english_too(site, visit):
    page = visit("officer", lang="en")
    earlier = quarter_on(today(SystemClock())).previous.previous.previous
    page.goto(f"{site}/quarter?quarter={earlier.key}")
    ready(page)
    page.get_by_role("heading", name="Corrected since").wait_for()
    text = page.locator('[data-testid="stMain"]').inner_text()
    assert "when issued" in text
    assert "What cannot be said" in text
    assert not re.search("[一-鿿]{6,}", page.locator(".st-key-card_said_program").inner_text())


def test_a_quarter_to_come_and_a_district_of_nobody_are_refused(site, visit):
    page = visit("officer")
    coming = quarter_on(today(SystemClock())).next
    page.goto(f"{site}/quarter?quarter={coming.key}&district=999999")
    ready(page)
    page.get_by_text(f"{coming.key} 还没有开始").wait_for()
    assert page.get_by_text("999999").count() >= 1
    page.get_by_text("请换一个季度或范围。").wait_for()
    assert page.get_by_role("button", name="出具本季报告").count() == 0
    page.goto(f"{site}/quarter?quarter=lastyear")
    ready(page)
    page.get_by_text("“lastyear”不是季度").wait_for()
    assert page.goto(f"{site}/paper/quarter/999").status == 404
    assert page.goto(f"{site}/paper/quarter/1?district=999999").status == 404
