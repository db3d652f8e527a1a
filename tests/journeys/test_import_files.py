"""An officer brings files in, in a real browser; three departments' begin the whole path."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.exchange.builders import uscc, xlsx
from tests.exchange.test_stated import book
from tests.journeys.pace import ready

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.browser

SHARED = Path(__file__).parents[3] / "shared" / "data" / "import"


def upload(page, site: str, kind: str, *files) -> None:
    page.goto(f"{site}/import_file?kind={kind}")
    ready(page)
    page.set_input_files("input[type=file]", *files)
    page.wait_for_selector(".st-key-card_trial", timeout=60_000)
    page.wait_for_timeout(500)
    ready(page)


def report_of(page, name: str) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    content = Path(waiting.value.path()).read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_a_column_chosen_by_hand_is_read_and_a_wrong_file_is_explained(site, visit):
    page = visit("officer", lang="en")
    content = xlsx(
        [
            ["企业名称", "统一社会信用代码", "地址", "甲"],
            ["（虚构）手选列鞋业", uscc(901), "莆田市荔城区甲路1号", "660"],
        ]
    )
    file = {"name": "by-hand.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    upload(page, site, "factories", file)
    page.get_by_text("Columns read").click()
    box = page.locator('[data-testid="stSelectbox"]', has_text="Employees").first
    box.locator("input").fill("甲")
    box.locator("input").press("Enter")
    ready(page)
    page.get_by_text("Outcome of every row (1)").click()
    page.get_by_role("button", name="Import (1 row)").click()
    page.get_by_text("Imported as number").wait_for(timeout=60_000)

    page.goto(f"{site}/import_file?kind=factories")
    ready(page)
    wrong = {"name": "notes.csv", "mimeType": "text/csv", "buffer": b"hello,world\n1,2\n"}
    page.set_input_files("input[type=file]", wrong)
    page.get_by_text("no heading").or_(page.get_by_text("notes.csv”")).first.wait_for(
        timeout=30_000
    )
    assert page.locator(".st-key-card_trial").count() == 0


def test_the_template_downloads_and_comes_back_empty_handed(site, visit):
    page = visit("officer")
    page.goto(f"{site}/import_file?kind=stores")
    ready(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载模板").click()
    assert waiting.value.suggested_filename == "店铺名单_模板.xlsx"
    upload_path = waiting.value.path()
    page.set_input_files(
        "input[type=file]",
        {
            "name": "模板.xlsx",
            "mimeType": "application/octet-stream",
            "buffer": Path(upload_path).read_bytes(),
        },
    )
    page.get_by_text("没有需要导入的新内容").wait_for(timeout=30_000)


def test_of_a_workbook_of_months_the_sheet_is_chosen_and_its_name_is_the_month(site, visit):
    page = visit("officer", lang="en")
    head = ["平台", "店铺ID", "店铺名称", "在售商品数"]
    content = book(
        *((f"2025年{m}月", [["监测表"], head, ["淘宝", "1", "店", m]]) for m in (3, 4))
    )
    file = {"name": "months.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    upload(page, site, "exposure", file)
    page.get_by_text("every row is read as of “2025年3月”").wait_for()
    box = page.locator('[data-testid="stSelectbox"]', has_text="Sheet").first
    box.locator("input").fill("2025年4月")
    box.locator("input").press("Enter")
    page.get_by_text("every row is read as of “2025年4月”").wait_for(timeout=60_000)
    ready(page)
    expect(page.get_by_text("2025年3月. Choose another sheet")).to_have_count(1)
