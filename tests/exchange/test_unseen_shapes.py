"""Shapes of lists that no department has sent yet: what is taken, and what is honestly not."""

from __future__ import annotations

import pytest

from marketplace.base.errors import Invalid, Refused
from marketplace.exchange.kinds import SkipReason
from marketplace.exchange.outcomes import report_lines
from marketplace.exchange.periods import Period
from marketplace.exchange.values import parse_month, parse_when, parse_yes_no
from tests.exchange.builders import fields, read, uscc, xlsx

A, B, C = (f"（虚构）{sign}鞋厂" for sign in "甲乙丙")
ONE, TWO, THREE = (uscc(number) for number in (1, 2, 3))
ROAD = "莆田市荔城区一路1号"
PAIRS = "capacity_pairs_per_year"


def told(reading, *names):
    return [tuple(row.values.get(name) for name in names) for row in reading.rows]


def test_a_data_row_that_reads_like_a_heading_is_data():
    head = ["企业名称", "统一社会信用代码", "是否“规上”", "产能情况（万双/年）"]
    first = [A, ONE, "规上工业企业", 8]
    reading = read("factories", xlsx([head, first, [B, TWO, "规下企业", 9]]))
    assert reading.header_row == 1
    assert told(reading, "uscc", "above_scale", PAIRS) == [
        (ONE, True, 80_000),
        (TWO, False, 90_000),
    ]


def test_two_lists_side_by_side_are_refused_not_mixed():
    row = [A, ONE, 8, None, B, TWO, 9]
    head = ["企业名称", "统一社会信用代码", "产能（万双）"]
    groups = ["规上企业", None, None, None, "规下企业"]
    with pytest.raises(Invalid):
        read("factories", xlsx([groups, [*head, None, *head], row]))


def test_a_form_of_one_firm_is_no_list():
    form = [
        ["企业名称", A, "统一社会信用代码", ONE],
        ["法定代表人", "林×", "联系电话", "13800000001"],
    ]
    with pytest.raises(Refused, match="import_header_not_found"):
        read("factories", xlsx(form))


@pytest.mark.parametrize(
    "units",
    [
        ["", "", "", "万双/年", "万元", "人", "千瓦时"],
        ["", "", "", "（万双）", "（万元）", "（人）", "（度）"],
    ],
)
def test_a_row_of_units_below_the_heading_is_read_as_units(units):
    head = ["企业", "信用代码", "地址", "产能", "产值", "用工", "电力"]
    reading = read("factories", xlsx([head, units, [A, ONE, ROAD, 8, 900, 30, 5]]))
    assert told(reading, "uscc", PAIRS, "staff") == [(ONE, 80_000, 30)]


def test_years_below_a_capacity_are_told_apart_and_the_latest_is_read():
    head = ["企业名称", "信用代码", "年产能（万双）", None, None, "用工"]
    years = [None, None, 2022, 2023, 2024, None]
    reading = read(
        "factories",
        xlsx([head, years, [A, ONE, 6, 7, 8, 30]], merges=[(0, 2, 0, 4, "年产能（万双）")]),
    )
    assert told(reading, PAIRS, "staff") == [(80_000, 30)]


@pytest.mark.parametrize(
    ("title", "head", "below"),
    [
        ("2025年一季度重点鞋企运行表", "产量（万双）", None),
        ("2025年1-6月鞋企生产情况", "产量（万双）", None),
        ("鞋企生产月报", "产量（万双）", None),
        ("鞋企运行表", "产量（万双）", ["本期", "去年同期"]),
        ("鞋企运行表", "1-6月产量（万双）", None),
        ("鞋企运行表", "本月产量（万双）", None),
    ],
)
def test_the_output_of_a_part_of_a_year_is_not_taken_for_a_capacity(title, head, below):
    rows = [[title], ["企业名称", "信用代码", head]]
    rows += [[None, None, *below]] if below else []
    reading = read("factories", xlsx([*rows, [A, ONE, 8]]))
    assert PAIRS not in fields(reading)
    assert len(reading.rows) == 1


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("2025年一季度重点鞋企名单", "年产能（万双）"),
        ("2024年度鞋企产量表", "产量（万双）"),
        ("填报日期：2025年3月5日", "产量（万双）"),
    ],
)
def test_a_capacity_of_a_year_is_read_below_any_title(title, head):
    reading = read("factories", xlsx([[title], ["企业名称", "信用代码", head], [A, ONE, 8]]))
    assert told(reading, PAIRS) == [(80_000,)]


@pytest.mark.parametrize("title", ["2024年店铺销量", "店铺销量（截至2024年3月）"])
def test_columns_of_one_month_each_are_not_taken_for_the_month_of_the_row(title):
    head = ["店铺ID", "店铺名称", "1月销量", "2月销量", "3月销量"]
    reading = read("exposure", xlsx([[title], head, ["900001", "店", 1, 2, 3]]))
    assert "sold" not in fields(reading)
    assert [report_lines(row)[0].outcome for row in reading.rows] == ["rejected"]


def test_what_is_checked_is_found_under_its_many_names():
    for head in ("抽检数", "抽检件数", "抽检商品数量", "本月抽检数", "抽检SKU数", "核查商品数"):
        rows = [["店铺ID", "月份", "在售商品数", head], ["900001", "2024-03", 300, 20]]
        assert told(read("exposure", xlsx(rows)), "checked") == [(20,)]
    for head in ("抽检率", "未抽检数"):
        rows = [["店铺ID", "月份", "在售商品数", head], ["900001", "2024-03", 300, 20]]
        assert "checked" not in fields(read("exposure", xlsx(rows)))


def test_ditto_is_what_the_row_above_holds_and_said():
    head = ["企业名称", "统一社会信用代码", "所属区县", "年产能（万双）"]
    rows = [[A, ONE, "仙游县", 8], [B, TWO, "同上", 9], [C, THREE, "〃", 7]]
    reading = read("factories", xlsx([head, *rows]))
    assert told(reading, "district") == [("350322",)] * 3
    said = [[(f.code, f.facts) for f in row.faults] for row in reading.rows]
    assert said == [[], *[[("row_same_above", {"taken": "仙游县"})]] * 2]


def test_ditto_is_not_taken_for_a_code_or_a_quantity():
    head = ["企业名称", "统一社会信用代码", "地址", "年产能（万双）"]
    rows = [[A, ONE, ROAD, 8], [B, "同上", ROAD, 9], [C, THREE, ROAD, "同上"]]
    reading = read("factories", xlsx([head, *rows]))
    lines = [report_lines(row)[0] for row in reading.rows]
    assert [(line.outcome, line.column) for line in lines] == [
        ("inserted", ""),
        ("rejected", "uscc"),
        ("rejected", PAIRS),
    ]


def test_a_padded_district_is_the_district():
    head = ["企业名称", "统一社会信用代码", "县区", "地址"]
    reading = read("factories", xlsx([head, [A, ONE, "仙 游 县", "莆 田 市 仙 游 县"]]))
    assert told(reading, "district") == [("350322",)]


@pytest.mark.parametrize(
    ("cell", "first", "taken"),
    [
        ("24/3/1", "2024-03-01", "2024-03-01"),
        ("24年3月15日", "2024-03-15", "2024-03-15"),
        ("Mar-24", "2024-03-01", "2024-03"),
        ("March 2024", "2024-03-01", None),
        ("03/2024", "2024-03-01", None),
    ],
)
def test_a_date_that_can_be_no_other_is_read(cell, first, taken):
    parsed = parse_when(cell, column="decided_on")
    assert isinstance(parsed.value, Period)
    assert parsed.value.from_on.isoformat() == first
    noted = [(f.code, f.facts["taken"], f.blocking) for f in parsed.faults]
    assert noted == ([("row_year_two_digits", taken, False)] if taken else [])


@pytest.mark.parametrize("cell", ["24/3/15", "98/3/1", "24-Mar", "3/2024/1", "13/2024"])
def test_a_date_that_can_be_another_is_refused(cell):
    parsed = parse_when(cell, column="decided_on")
    assert parsed.value is None
    assert parsed.faults[0].blocking


def test_a_first_day_stands_for_its_month_and_the_advice_shows_a_month():
    parsed = parse_month("24/3/1", column="month")
    assert isinstance(parsed.value, Period)
    assert (parsed.value.from_on.isoformat(), parsed.value.precision) == ("2024-03-01", "month")
    assert parse_month("春季", column="month").faults[0].fix_code == "row_month_unreadable"


@pytest.mark.parametrize(
    ("cell", "value"),
    [("☑是 □否", True), ("□是 ☑否", False), ("□规上 ■规下", False), ("✔️", True), ("╳", False)],
)
def test_a_ticked_choice_is_what_is_ticked(cell, value):
    assert parse_yes_no(cell, column="above_scale").value is value


def test_a_choice_without_a_tick_is_none():
    assert parse_yes_no("□是 □否", column="above_scale").faults[0].blocking


def test_headings_in_two_languages_whichever_stands_first():
    head = [
        "Enterprise 企业名称",
        "USCC 统一社会信用代码",
        "Legal Rep. 法人",
        "Mobile 手机",
        "Email 地址",
    ]
    reading = read("factories", xlsx([head, [A, ONE, "林×", "13800000001", "a@example.com"]]))
    assert told(reading, "name", "uscc", "legal_representative", "phone") == [
        ("(虚构)甲鞋厂", ONE, "林×", "13800000001")
    ]
    assert "address" not in fields(reading)


def test_cells_of_a_questionnaire_and_of_hong_kong():
    head = ["企業名稱", "統一社會信用代碼", "年產能（萬雙）", "聯絡電話"]
    rows = [[A, ONE, 8, "138 0000 0001\n139 0000 0002"], [B, TWO, "120000雙（2024年）", None]]
    reading = read("factories", xlsx([head, *rows]))
    assert told(reading, PAIRS, "phone") == [
        (80_000, "13800000001 / 13900000002"),
        (120_000, None),
    ]


@pytest.mark.parametrize("cell", ["营业执照办理中", "正在办理", "待办", "无证"])
def test_a_license_that_is_being_made_leaves_a_draft(cell):
    reading = read("factories", xlsx([["企业名称", "统一社会信用代码"], [A, cell], [B, ONE]]))
    assert [row.hint for row in reading.rows] == ["draft", None]


def test_lines_of_comparison_and_of_issue_are_no_firms():
    rows = [
        ["企业名称", "统一社会信用代码", "产能（万双）"],
        [A, ONE, 8],
        ["同比增长", None, "5%"],
        ["累计占比", None, "100%"],
        [None, None, "2025年3月31日"],
        ["二〇二五年三月"],
    ]
    reading = read("factories", xlsx(rows))
    assert len(reading.rows) == 1
    assert [skipped.reason for skipped in reading.skipped] == [
        *[SkipReason.TOTAL] * 2,
        *[SkipReason.REMARK] * 2,
    ]


@pytest.mark.parametrize(
    ("kind", "head", "cell", "fix"),
    [
        ("factories", "用工人数", "很多", "row_number_persons"),
        ("factories", "年产能（万双）", "很多", "row_number_unreadable"),
        ("earlier-records", "货值（元）", "很多", "row_number_fen"),
    ],
)
def test_the_advice_shows_an_example_in_the_unit_of_the_column(kind, head, cell, fix):
    reading = read(kind, xlsx([["企业名称", "统一社会信用代码", head], [A, ONE, cell]]))
    assert [f.fix_code for f in reading.rows[0].faults if f.blocking] == [fix]


def test_a_choice_that_fits_no_column_is_told_with_those_there_are():
    rows = [["企业", None, "用工"], ["名称", "信用代码", None], [A, ONE, 30]]
    content = xlsx(rows, merges=[(0, 0, 0, 1, "企业")])
    for chosen, known in (
        ("电话", "A 企业 名称, B 企业 信用代码, C 用工"),
        ("企业", "A 企业 名称"),
    ):
        with pytest.raises(Invalid) as caught:
            read("factories", content, overrides={"staff": chosen})
        (fault,) = caught.value.faults
        assert (fault.place, fault.code) == ("staff", "import_column_unknown")
        assert str(fault.facts["known"]).startswith(known)
    with pytest.raises(Invalid) as caught:
        read("factories", content, overrides={"nosuch": "C"})
    assert str(caught.value.faults[0].facts["known"]).startswith("name, uscc, address")


def test_a_column_of_bands_is_left_for_one_of_numbers():
    head = ["企业名称", "统一社会信用代码", "人员规模", "参保人数"]
    reading = read("factories", xlsx([head, [A, ONE, "50-99人", 61], [B, TWO, "50-99人", 70]]))
    assert told(reading, "staff") == [(61,), (70,)]
    alone = read("factories", xlsx([head[:3], [A, ONE, "50-99人"]]))
    assert alone.rows[0].faults[0].code == "row_number_range_out"


def test_parts_of_the_staff_below_its_heading_are_not_the_staff():
    head = ["企业名称", "统一社会信用代码", "从业人员（人）", None, None]
    parts = [None, None, "总数", "其中：女性", "其中：本地"]
    reading = read(
        "factories",
        xlsx([head, parts, [A, ONE, 90, 40, 30]], merges=[(0, 2, 0, 4, "从业人员（人）")]),
    )
    assert told(reading, "staff") == [(90,)]


def test_a_decision_typed_with_other_brackets_is_the_same_decision():
    head = ["企业名称", "统一社会信用代码", "处罚决定书文号", "处罚日期"]
    numbers = ["莆罚（２０２０）１号", "莆罚[2020] 1号", "莆罚【2020】1号", "莆罚〔2020〕2号"]
    rows = [[A, ONE, number, "2020-01-03"] for number in numbers]
    reading = read("earlier-records", xlsx([head, *rows]))
    assert [row.hint for row in reading.rows] == [None, "duplicate", "duplicate", None]
    assert reading.rows[1].faults[0].code == "row_repeats"  # the brackets are no difference
    assert told(reading, "decision_no")[0] == (numbers[0],)  # shown as it was written


def test_what_a_firm_can_make_goes_before_what_it_made():
    head = ["企业名称", "统一社会信用代码", "实际产量（万双）", "设计能力（万双）"]
    assert told(read("factories", xlsx([head, [A, ONE, 6, 8]])), PAIRS) == [(80_000,)]


def test_a_padded_heading_keeps_its_last_sign():
    head = ["企 业 名 称", "统一社会信用代码", "法 人", "职 工"]
    reading = read("factories", xlsx([head, [A, ONE, "林×", 30]]))
    assert told(reading, "legal_representative", "staff") == [("林×", 30)]
    other = read(
        "factories", xlsx([["企业名称", "统一社会信用代码", "负 责 人"], [A, ONE, "林×"]])
    )
    assert told(other, "legal_representative") == [("林×",)]


def test_a_blank_row_below_a_merged_place_is_no_firm():
    head = ["县区", "企业名称", "统一社会信用代码"]
    rows = [["荔城区", A, ONE], [None, None, None], [None, B, TWO]]
    reading = read("factories", xlsx([head, *rows], merges=[(1, 0, 3, 0, "荔城区")]))
    assert told(reading, "uscc", "district") == [(ONE, "350304"), (TWO, "350304")]


def test_a_numbered_town_above_its_firms_is_no_firm():
    head = ["序号", "企业名称", "统一社会信用代码"]
    reading = read("factories", xlsx([head, ["一", "新度镇", None], [1, A, ONE], [2, B, None]]))
    assert told(reading, "name") == [("(虚构)甲鞋厂",), ("(虚构)乙鞋厂",)]


@pytest.mark.parametrize(
    "line",
    [
        ["1月小计", None, "2家"],
        ["其中：规上企业", None, "1家"],
        ["新度小计", "2家", None],
        ["负责人：", "林×", "填表人：", "陈×"],
        ["审核：李×", None, "制表：王×", "2025年1月10日"],
        [None, "制表日期", "2025年3月5日"],
    ],
)
def test_sums_and_signatures_in_any_columns_are_no_firms(line):
    head = ["县区", "企业名称", "法定代表人", "统一社会信用代码", "用工人数"]
    reading = read("factories", xlsx([head, ["荔城区", A, "林×", ONE, 30], line]))
    assert len(reading.rows) == 1


def test_a_subtotal_of_a_brand_is_no_product():
    head = ["品牌", "产品名称", "吊牌价（元）", "企业名称"]
    rows = [["云步", "跑鞋", "399元/双", A], ["云步小计", "1款", None, None]]
    assert told(read("products", xlsx([head, *rows])), "name", "price_fen") == [
        ("跑鞋", 39_900)
    ]


def test_a_title_in_one_cell_names_no_column_and_still_tells_the_month():
    rows = [
        ["2025年2月电商平台莆田鞋店巡查情况"],
        ["序号", "店铺ID", "在售商品数", "来源", None],
        [None, None, None, "主动发现", "投诉"],
        [1, "900001", 300, 1, 0],
    ]
    reading = read("exposure", xlsx(rows))
    assert "platform" not in fields(reading)
    ((month, store_no, listed, proactive),) = told(
        reading, "month", "store_no", "listed", "proactive"
    )
    assert isinstance(month, Period)
    assert (month.from_on.isoformat(), store_no, listed, proactive) == (
        "2025-02-01",
        "900001",
        300,
        1,
    )
