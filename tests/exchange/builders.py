"""Files of the kind departments send, built from a few fictional firms."""

from __future__ import annotations

import io

import xlsxwriter

from marketplace.base.identifiers import uscc_check_digit
from marketplace.base.sheets import read_book
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.reading import Reading, read_book_rows
from marketplace.exchange.regions import RegionTable

PUTIAN = RegionTable(
    districts={
        "350302": ("城厢区", "城厢", "chengxiang"),
        "350303": ("涵江区", "涵江", "hanjiang"),
        "350304": ("荔城区", "荔城", "licheng"),
        "350305": ("秀屿区", "秀屿", "xiuyu", "北岸"),
        "350322": ("仙游县", "仙游", "xianyou"),
    },
    city_names=("莆田", "putian"),
    code_prefixes=("3503",),
)


def uscc(number: int, region: str = "350304") -> str:
    """A code whose check digit holds."""
    body = f"91{region}MA{number:07d}"
    return body + uscc_check_digit(body)


def xlsx(rows, *, merges=(), sheets=()) -> bytes:
    """A workbook; `merges` are (top, left, bottom, right, text)."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    for before in sheets:
        book.add_worksheet(before).write(0, 0, "填表前请阅读")
    page = book.add_worksheet("数据")
    for top, left, bottom, right, text in merges:
        page.merge_range(top, left, bottom, right, text)
    merged = {(m[0], m[1]) for m in merges}
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell is not None and (r, c) not in merged:
                put = page.write_string if isinstance(cell, str) else page.write
                put(r, c, cell)
    book.close()
    return buffer.getvalue()


def firms_partly_hidden() -> bytes:
    """A list of four firms and a note, with the rows 3, 5 and 6 hidden."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet("名单")
    page.write_row(0, 0, ["企业名称", "统一社会信用代码", "地址", "用工人数"])
    for row, name in enumerate("甲乙丙丁", start=1):
        page.write_row(row, 0, [f"（虚构）{name}鞋厂", uscc(row), "莆田市荔城区", 50])
    page.write(5, 0, "备注：以上为2024年数据")
    for row in (2, 4, 5):
        page.set_row(row, options={"hidden": True})
    book.close()
    return buffer.getvalue()


def read(kind: str, content: bytes, **options) -> Reading:
    """Read without the child process; that has its own tests."""
    book = read_book(content, "名单")
    return read_book_rows(ImportKind(kind), book, "名单", regions=PUTIAN, **options)


def fields(reading: Reading) -> dict[str, str]:
    """Field → heading."""
    return {use.field: use.header for use in reading.mapping.columns}
