"""Files of the kind that nobody has seen yet: each ends in the exact outcome of every row."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from marketplace.base.errors import Refused
from marketplace.exchange.kinds import SkipReason
from marketplace.exchange.outcomes import report_lines
from tests.exchange.builders import fields, read, uscc, xlsx

CODES = [uscc(number) for number in range(1, 9)]
NAMES = [f"（虚构）{sign}鞋厂" for sign in "甲乙丙丁戊己庚辛"]
A, B, C = NAMES[:3]
ONE, TWO, THREE = CODES[:3]
ROAD = "莆田市荔城区一路1号"
TEL = "13800000001"


def csv_of(rows, encoding="utf-8", delimiter=","):
    lines = [delimiter.join("" if c is None else str(c) for c in row) for row in rows]
    return "\r\n".join(lines).encode(encoding)


def outcome_of(row) -> str:
    first = report_lines(row)[0]
    return f"{first.outcome}:{first.column}" if first.outcome != "inserted" else "inserted"


def values_of(reading, *names):
    return [tuple(row.values.get(name) for name in names) for row in reading.rows]


# Each layout holds the same two firms: 80 and 4.5 times ten thousand pairs, 120 and 30 people.
HEAD = [
    "序号",
    "企业名称",
    "统一社会信用代码",
    "地址",
    "联系电话",
    "年产能（万双）",
    "用工人数",
]
ROWS = [[1, A, ONE, ROAD, TEL, 80, 120], [2, B, TWO, ROAD, TEL, 4.5, 30]]


def with_head(*head, rows=ROWS):
    return lambda: xlsx([list(head), *rows])


def below(*titles, head=HEAD, rows=ROWS):
    return lambda: xlsx([*titles, head, *rows])


LAYOUTS = {
    "an attachment number and two titles": below(
        ["附件2"], ["2025年制鞋业企业产能调查表"], ["填报单位（盖章）：某局", None, "2025年3月"]
    ),
    "the unit above the table": below(
        ["企业产能表"],
        ["填报单位：某局", None, None, None, None, "单位：万双、人"],
        head=[*HEAD[:5], "年产能", "从业人员"],
    ),
    "a unit of account above the table": below(
        ["计量单位：万双"], head=[*HEAD[:5], "产能", "用工"]
    ),
    "blank rows between title and heading": below(["名单"], [], []),
    "the unit after a slash": with_head(*HEAD[:5], "产能/万双", "人数/人"),
    "the unit per year": with_head(*HEAD[:5], "产能(万双/年)", "职工总数（人）"),
    "spaces inside the headings": with_head(
        "序 号", "企 业 名 称", "统一社会 信用代码", "地　址", "电 话", "年 产 能（万双）", "用 工"
    ),
    "line breaks inside the headings": with_head(
        "序号", "企业\n名称", "统一社会\n信用代码", "生产\n地址", "联系\n电话", "年产能\n(万双)", "用工\n人数"
    ),
    "numbered headings": with_head(
        "序号", "1.企业名称", "2.统一社会信用代码", "3.地址", "4.联系电话", "5.年产能（万双）", "6.用工人数"
    ),
    "starred headings": with_head(
        "序号", "*企业名称", "*统一社会信用代码", "*地址", "联系电话", "*年产能（万双）", "用工人数"
    ),
    "an explained heading": with_head(
        "序号", "单位全称（与营业执照一致）", "信用代码（18位）", "生产地址（具体到门牌）",
        "联系电话（手机）", "年产能（万双）", "员工人数（含临时工）",
    ),
    "words of a tax office": with_head(
        "序号", "纳税人名称", "纳税人识别号", "生产经营地址", "联系方式", "年产量（万双）", "从业人数"
    ),
    "words of a town": with_head(
        "编号", "鞋厂", "三证合一代码", "厂区所在地", "手机", "年加工能力（万双）", "工人数"
    ),
    "words of an association": with_head(
        "No", "会员单位名称", "信用代码", "厂址", "电话", "设计产能（万双）", "员工规模"
    ),
    "a code column nobody names": with_head(
        "序号", "企业名称", "证号", "地址", "电话", "产能（万双）", "人数"
    ),
    "English headings": with_head(
        "No.", "Company name", "Unified social credit code", "Registered address", "Tel.",
        "Annual capacity (10k pairs)", "No. of employees",
    ),
    "English and Chinese headings": with_head(
        "序号", "企业名称 Company", "统一社会信用代码 USCC", "地址 Address", "电话 Tel",
        "年产能（万双） Capacity", "用工人数 Staff",
    ),
    "thousands of pairs": lambda: xlsx(
        [[*HEAD[:5], "年产能（千双）", "用工人数"], [*ROWS[0][:5], 800, 120], [*ROWS[1][:5], 45, 30]]
    ),
    "pairs with separators": lambda: xlsx(
        [[*HEAD[:5], "年产能（双）", "用工人数"], [*ROWS[0][:5], "800,000", 120], [*ROWS[1][:5], "45，000", 30]]
    ),
    "the unit in the cells": lambda: xlsx(
        [[*HEAD[:5], "年产能", "用工"], [*ROWS[0][:5], "80万双/年", "120人"], [*ROWS[1][:5], "45千双", "30 名"]]
    ),
    "the unit in brackets in the cells": lambda: xlsx(
        [[*HEAD[:5], "年产能", "用工"], [*ROWS[0][:5], "80（万双）", 120], [*ROWS[1][:5], "4.5万双（设计）", 30]]
    ),
    "full-width digits": lambda: xlsx(
        [HEAD, [*ROWS[0][:5], "８０", "１２０"], [*ROWS[1][:5], "４．５", "３０"]]
    ),
    "numbers as text": lambda: xlsx(
        [HEAD, [*ROWS[0][:5], " 80 ", "120"], [*ROWS[1][:5], "4.50", "30.0"]]
    ),
    "a column more and empty ones between": lambda: xlsx(
        [
            ["序号", None, "企业名称", "成立日期", "统一社会信用代码", "地址", None, "联系电话", "邮编", "产能（万双）", "用工"],
            [1, None, A, "2010-1-1", ONE, ROAD, None, TEL, "351100", 80, 120],
            [2, None, B, "2011-1-1", TWO, ROAD, None, TEL, "351100", 4.5, 30],
        ]
    ),
    "merged two-line heading": lambda: xlsx(
        [
            ["序号", "企业信息", None, None, "联系电话", "规模", None],
            [None, "名称", "信用代码", "住所", None, "年产能（万双）", "用工（人）"],
            *ROWS,
        ],
        merges=[(0, 0, 1, 0, "序号"), (0, 1, 0, 3, "企业信息"), (0, 4, 1, 4, "联系电话"), (0, 5, 0, 6, "规模")],
    ),
    "a column divided below its heading": lambda: xlsx(
        [
            [*HEAD[:5], "产能（万双）", None, "用工人数"],
            [None, None, None, None, None, "设计", "实际", None],
            [*ROWS[0][:5], 80, 60, 120],
            [*ROWS[1][:5], 4.5, 3, 30],
        ]
    ),
    "comma, UTF-8": lambda: csv_of([HEAD, *ROWS]),
    "comma, UTF-8 with its mark": lambda: csv_of([HEAD, *ROWS], "utf-8-sig"),
    "tab, UTF-16": lambda: csv_of([HEAD, *ROWS], "utf-16", "\t"),
    "comma, GB18030, below a title": lambda: csv_of(
        [["企业名单", *[None] * 6], HEAD, *ROWS], "gb18030"
    ),
    "semicolon, GB18030": lambda: csv_of([HEAD, *ROWS], "gb18030", ";"),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_two_firms_are_read_the_same_from_every_layout(layout):
    reading = read("factories", LAYOUTS[layout]())
    told = values_of(
        reading, "name", "uscc", "capacity_pairs_per_year", "staff", "phone", "district"
    )
    # 80 x 10,000 and 4.5 x 10,000 pairs
    assert told == [
        ("(虚构)甲鞋厂", ONE, 800_000, 120, TEL, "350304"),
        ("(虚构)乙鞋厂", TWO, 45_000, 30, TEL, "350304"),
    ]
    assert all(row.hint is None for row in reading.rows)


def column(head: str, *cells):
    return xlsx(
        [["企业名称", "统一社会信用代码", head], *([n, c, v] for n, c, v in zip(NAMES, CODES, cells, strict=False))]
    )  # fmt: skip


CELLS = {
    # heading, field: cell → (value, outcome)
    ("年产能（万双）", "capacity_pairs_per_year"): {
        "约80万双": (None, "inserted:capacity_pairs_per_year"),
        "80万双左右": (None, "inserted:capacity_pairs_per_year"),
        "80-100": (None, "inserted:capacity_pairs_per_year"),
        "80万～100万双": (None, "inserted:capacity_pairs_per_year"),
        "很多": (None, "rejected:capacity_pairs_per_year"),
        "年产80万双": (800_000, "inserted"),
        "暂无": (None, "inserted"),
        "/": (None, "inserted"),
    },
    ("联系电话", "phone"): {
        13800000001.0: (TEL, "inserted"),
        "138-0000-0001": (TEL, "inserted"),
        "138 0000 0001": (TEL, "inserted"),
        "+86 13800000001": (TEL, "inserted"),
        "13800000001、0594-2345678": (f"{TEL} / 05942345678", "inserted"),
        "13800000001 13900000002": (f"{TEL} / 13900000002", "inserted"),
        "张厂长 13800000001": (TEL, "inserted:phone"),
        "1380000": (None, "inserted:phone"),  # left out, masked and said; the firm goes in
    },
    ("所属县区", "district"): {
        "荔城": ("350304", "inserted"),
        "莆田市荔城区": ("350304", "inserted"),
        "荔城区政府": ("350304", "inserted"),
        "荔城区工业和信息化局": ("350304", "inserted"),
        "福建省莆田市仙游县": ("350322", "inserted"),
        "350303": ("350303", "inserted"),
        "市辖区": ("350304", "inserted"),  # the code tells
        "思明区": ("思明区", "rejected:district"),
    },
    ("是否规上", "above_scale"): {
        "√": (True, "inserted"),
        "×": (False, "inserted"),
        "是（2023年入库）": (True, "inserted"),
        "规下": (False, "inserted"),
        1: (True, "inserted"),
        "☑": (True, "inserted"),
        None: (None, "inserted"),
        "是/否": (None, "rejected:above_scale"),
    },
}


@pytest.mark.parametrize("place", CELLS, ids=[field for _, field in CELLS])
def test_cells_as_people_write_them(place):
    head, field = place
    expected = CELLS[place]
    reading = read("factories", column(head, *expected))
    assert fields(reading)[field] == head
    told = [
        (row.values.get(field), first if (first := outcome_of(row)) else "")
        for row in reading.rows
    ]
    wanted = [
        (value, "inserted" if outcome.startswith("inserted") else outcome)
        for value, outcome in expected.values()
    ]
    assert told == wanted
    noted = [bool(row.faults) for row in reading.rows]
    assert noted == [outcome != "inserted" for _, outcome in expected.values()]


def test_codes_as_people_write_them():
    cells = [
        ONE.lower(),
        f"　{TWO[:8]} {TWO[8:]}\n",
        f"'{THREE}",
        f"代码：{CODES[3]}",
        CODES[4].replace("0", "O", 1),
        CODES[5][:-1],
        "办理中",
        91350304,
    ]
    rows = [[name, cell, ROAD] for name, cell in zip(NAMES, cells, strict=True)]
    reading = read("factories", xlsx([["企业名称", "统一社会信用代码", "地址"], *rows]))
    assert [(row.values.get("uscc"), outcome_of(row)) for row in reading.rows] == [
        (ONE, "inserted"),
        (TWO, "inserted"),
        (THREE, "inserted"),
        (CODES[3], "inserted"),
        (None, "rejected:uscc"),
        (None, "rejected:uscc"),
        (None, "draft:uscc"),
        (None, "rejected:uscc"),
    ]
    fault = reading.rows[4].faults[0]
    assert (fault.code, fault.facts["suggestion"]) == ("uscc_letter_o", CODES[4])


def test_rows_that_are_no_firms_are_skipped_and_said():
    tail = [
        ["一、荔城区", None, None, None, None, None, None],
        ROWS[0],
        ["荔城区小计", None, None, None, None, 80, 120],
        ["二、涵江区", None, None, None, None, None, None],
        ROWS[1],
        [None, "小计：", None, None, None, 4.5, 30],
        ["合 计", "2家", None, None, None, 84.5, 150],
        [None, "平均", None, None, None, 42.25, 75],
        ["共2家企业", None, None, None, None, None, None],
        [3, None, None, None, None, None, None],
        [
            "单位负责人（签字）：",
            None,
            None,
            "填表人：张×",
            None,
            "填报日期：2025年5月6日",
            None,
        ],
        [None, None, None, "（盖章）", None, None, None],
        ["备注：产能为设计产能", None, None, None, None, None, None],
        ["第1页，共1页", None, None, None, None, None, None],
    ]
    reading = read("factories", xlsx([HEAD, *tail]))
    assert [row.row for row in reading.rows] == [3, 6]
    assert [(s.row, s.reason) for s in reading.skipped] == [
        (2, SkipReason.SECTION),
        (4, SkipReason.TOTAL),
        (5, SkipReason.SECTION),
        (7, SkipReason.TOTAL),
        (8, SkipReason.TOTAL),
        (9, SkipReason.TOTAL),
        (10, SkipReason.TOTAL),
        (11, SkipReason.NUMBER_ONLY),
        (12, SkipReason.REMARK),
        (13, SkipReason.REMARK),
        (14, SkipReason.REMARK),
        (15, SkipReason.REMARK),
    ]


def test_a_capacity_of_a_month_is_not_taken_for_one_of_a_year():
    reading = read("factories", xlsx([["企业名称", "信用代码", "月产能（万双）"], [A, ONE, 8]]))
    assert "capacity_pairs_per_year" not in fields(reading)


def test_an_output_value_in_yuan_is_not_taken_for_pairs():
    reading = read(
        "factories", xlsx([["企业名称", "信用代码", "年产量（万元）"], [A, ONE, 800]])
    )
    assert "capacity_pairs_per_year" not in fields(reading)


def book_of(**sheets):
    """A workbook of several sheets; a name that ends in `_hidden` is hidden."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for r, row in enumerate(rows):
            page.write_row(r, 0, row)
        if name.endswith("_hidden"):
            page.hide()
    book.close()
    return buffer.getvalue()


SHORT = ["企业名称", "统一社会信用代码"]


def test_a_hidden_sheet_and_a_page_of_instructions_are_not_read():
    content = book_of(
        填表说明=[["请如实填写"], ["1. 企业名称与执照一致"]],
        名单=[SHORT, [A, ONE]],
        旧名单_hidden=[[*SHORT, "地址", "电话"], [B, TWO, ROAD, TEL]],
    )
    reading = read("factories", content)
    assert (reading.sheet_name, values_of(reading, "uscc")) == ("名单", [(ONE,)])
    assert reading.other_sheets == ()


def test_of_several_lists_one_is_read_the_others_are_named_and_can_be_chosen():
    content = book_of(荔城区=[SHORT, [A, ONE]], 涵江区=[SHORT, [B, TWO]], 空表=[SHORT])
    reading = read("factories", content)
    assert (reading.sheet_name, reading.other_sheets) == ("荔城区", ("涵江区",))
    other = read("factories", content, sheet="涵江区")
    assert values_of(other, "uscc") == [(TWO,)]
    with pytest.raises(Refused, match="import_sheet_unknown"):
        read("factories", content, sheet="秀屿区")
