"""Files as other departments would send them, expectations written before the reader was tried."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
import xlsxwriter

from marketplace.base.errors import Invalid
from marketplace.base.sheets import read_book
from marketplace.exchange.kinds import SkipReason
from marketplace.exchange.outcomes import report_lines
from tests.exchange.builders import fields, read, uscc, xlsx
from tests.exchange.test_unseen_files import book_of, csv_of, values_of

CODES = [uscc(number) for number in range(1, 40)]
NAMES = [f"莆田市虚构{number:03d}鞋业有限公司" for number in range(1, 40)]
ONE, TWO, THREE, FOUR = CODES[:4]
A, B, C, D = NAMES[:4]
ROAD = "福建省莆田市荔城区新度镇工业路1号"
CAPACITY = "capacity_pairs_per_year"


def told(reading):
    """Row → outcome, with the column of what keeps it out, and the columns something is said of."""
    seen = {}
    for row in reading.rows:
        lines = report_lines(row)
        first = lines[0]
        place = f":{first.column}" if first.outcome == "rejected" else ""
        seen[row.row] = (
            f"{first.outcome}{place}",
            {line.column for line in lines if line.code},
        )
    return seen


def outcomes(reading):
    return {row: outcome for row, (outcome, _) in told(reading).items()}


def column(head: str, *cells):
    rows = [[n, c, v] for n, c, v in zip(NAMES, CODES, cells, strict=False)]
    return read("factories", xlsx([["企业名称", "统一社会信用代码", head], *rows]))


def cells_of(head: str, field: str, *cells):
    """For each cell: the value, or why it was refused, or that it was left out and said."""
    reading = column(head, *cells)
    found = []
    for row in reading.rows:
        codes = [fault.code for fault in row.faults if fault.column == field]
        value = row.values.get(field)
        found.append(value if value is not None or not codes else codes[0])
    return found


# ---- which column is which field ------------------------------------------------------------


@pytest.mark.parametrize(
    ("headings", "field", "taken"),
    [
        (["注册号", "统一社会信用代码", "企业名称"], "uscc", "统一社会信用代码"),
        (["负责人", "法定代表人", "企业名称", "信用代码"], "legal_representative", "法定代表人"),
        (["年产量（万双）", "年产能（万双）", "企业名称", "信用代码"], CAPACITY, "年产能（万双）"),
        (["2023年产量（双）", "2024年产量（双）", "企业名称", "信用代码"], CAPACITY, "2024年产量（双）"),
        (["注册地址", "生产地址", "企业名称", "信用代码"], "address", "生产地址"),
        (["上月末用工总数", "本月末用工总数", "企业名称", "信用代码"], "staff", "本月末用工总数"),
        (["曾用名", "企业名称", "信用代码"], "name", "企业名称"),
        (["主管单位", "企业名称", "信用代码"], "name", "企业名称"),
        (["女职工人数", "职工人数", "企业名称", "信用代码"], "staff", "职工人数"),
        (["女职工人数", "技术人员数", "企业名称", "信用代码"], "staff", None),
        (["安全负责人", "企业名称", "信用代码"], "legal_representative", None),
        (["电子邮箱地址", "企业名称", "信用代码"], "address", None),
        (["是否规上培育企业", "企业名称", "信用代码"], "above_scale", None),
        (["新增产能（万双）", "企业名称", "信用代码"], CAPACITY, None),
        (["年产值（万元）", "企业名称", "信用代码"], CAPACITY, None),
        (["地址/Address", "企业名称/Company", "信用代码/USCC"], "address", "地址/Address"),
        (["聯絡電話", "企業名稱", "統一社會信用代碼"], "phone", "聯絡電話"),
    ],
)  # fmt: skip
def test_of_several_columns_the_most_exact_is_the_field(headings, field, taken):
    reading = read("factories", xlsx([headings, ["x"] * len(headings)]))
    assert fields(reading).get(field) == taken


def test_a_column_nobody_reads_may_stand_twice_and_one_that_is_read_may_not():
    twice = xlsx([["序号", "序号", "企业名称", "信用代码"], [1, 1, A, ONE]])
    assert values_of(read("factories", twice), "uscc") == [(ONE,)]
    with pytest.raises(Invalid) as refused:
        read("factories", xlsx([["企业名称", "信用代码"] * 2, [A, ONE, B, TWO]]))
    assert [f.code for f in refused.value.faults] == ["import_header_repeated"] * 2


def test_a_sheet_that_explains_the_columns_is_not_the_list():
    explained = ["企业名称", "信用代码", "地址", "电话", "用工人数", "年产能（万双）"]
    content = book_of(
        模板说明=[explained, ["必填，执照全称", "必填，18位", "必填", "选填", "选填", "选填"]],
        名单=[["企业名称", "信用代码"], [A, ONE], [B, TWO]],
    )
    reading = read("factories", content)
    assert (reading.sheet_name, values_of(reading, "uscc")) == ("名单", [(ONE,), (TWO,)])


# ---- rows that are no data ------------------------------------------------------------------


def test_rows_below_a_heading_that_say_it_again_belong_to_it():
    rows = [
        ["序号", "企业情况", None, None, "规模", None],
        ["No.", "企业名称", "信用代码", "地址", "产能", "用工"],
        [None, "Name", "USCC", "Address", "万双", "人"],
        ["甲", "乙", 1, 2, 3, 4],
        [1, A, ONE, ROAD, 12, 30],
    ]
    reading = read(
        "factories", xlsx(rows, merges=[(0, 1, 0, 3, "企业情况"), (0, 4, 0, 5, "规模")])
    )
    # 12 x 10,000 pairs
    assert values_of(reading, "uscc", CAPACITY, "staff") == [(ONE, 120_000, 30)]
    assert [(s.row, s.reason) for s in reading.skipped] == [(4, SkipReason.COLUMN_NUMBERS)]


def test_what_stands_below_and_between_the_firms_is_skipped_and_said():
    head = ["序号", "企业名称", "信用代码", "产能(万双)", "人数"]
    tail = {
        ("（示例）", "（示例）某某鞋业有限公司", "91350300XXXXXXXXXX"): SkipReason.EXAMPLE,
        (None, "必填", "必填18位", "选填"): SkipReason.REMARK,
        ("小计（荔城区）", None, None, 3, 30): SkipReason.TOTAL,
        (None, "荔城区合计", None, 3, 30): SkipReason.TOTAL,
        ("合计：2家，产能3万双",): SkipReason.TOTAL,
        ("说明", "1、本表一式三份"): SkipReason.REMARK,
        (None, "2.产能按设计产能填报"): SkipReason.SECTION,
        (None, "涵江区（3家）"): SkipReason.SECTION,
        (None, None, "管委会（盖章）"): SkipReason.REMARK,
        ("审核：", None, "制表："): SkipReason.REMARK,
    }
    reading = read("factories", xlsx([head, [1, A, ONE, 1, 10], *map(list, tail)]))
    assert [row.row for row in reading.rows] == [2]
    reasons = [(s.row, s.reason) for s in reading.skipped]
    assert [row for row, _ in reasons] == list(range(3, 3 + len(tail)))
    spoken = {SkipReason.REMARK, SkipReason.SECTION}  # which of the two matters to nobody
    for (_, reason), wanted in zip(reasons, tail.values(), strict=True):
        assert reason is wanted or {reason, wanted} <= spoken


def test_a_firm_stays_a_firm_whatever_its_name_and_remark_sound_like():
    head = ["企业名称", "信用代码", "地址", "备注"]
    rows = [
        ["注：某厂", ONE, ROAD, None],
        ["说明书印刷鞋材厂", None, ROAD, None],
        ["总计鞋业有限公司", None, ROAD, None],
        [B, None, ROAD, "小计"],
    ]
    reading = read("factories", xlsx([head, *rows]))
    assert list(outcomes(reading).values()) == ["inserted", "draft", "draft", "draft"]
    assert reading.skipped == ()


# ---- cells ----------------------------------------------------------------------------------


def test_a_capacity_whose_unit_nobody_names_is_left_out_and_said():
    reading = column("年产能", 80, 4.5, "30万双", "80", 0, "约5")
    assert told(reading) == {
        2: ("inserted", {CAPACITY}),
        3: ("inserted", {CAPACITY}),
        4: ("inserted", set()),
        5: ("inserted", {CAPACITY}),
        6: ("inserted", set()),
        7: ("inserted", {CAPACITY}),
    }
    taken = [(None,), (None,), (300_000,), (None,), (0,), (None,)]
    assert values_of(reading, CAPACITY) == taken


@pytest.mark.parametrize(
    ("head", "cell", "pairs"),
    [
        ("capacity_pairs_per_year", 800, 800),
        ("Annual capacity (pairs)", 800, 800),
        ("年产双数", 800, 800),
        ("产能，单位：双", 800, 800),
        ("年产能 万双", 12, 120_000),
        ("年产能:万双", 12, 120_000),
        ("产能[万双]", 12, 120_000),
        ("Capacity (K pairs/yr)", 120, 120_000),
        ("Annual capacity (million pairs)", 1.2, 1_200_000),
    ],
)
def test_the_unit_of_a_heading_is_found_wherever_it_stands(head, cell, pairs):
    reading = column(head, cell)
    assert (values_of(reading, CAPACITY), told(reading)[2][1]) == ([(pairs,)], set())


@pytest.mark.parametrize(
    "head",
    ["产能（双/日）", "日产能（双）", "月产能（万双）", "每周产量（双）", "Monthly capacity"],
)
def test_a_quantity_of_a_shorter_time_is_no_capacity_of_a_year(head):
    assert CAPACITY not in fields(column(head, 30_000))


def test_a_capacity_out_of_proportion_to_the_staff_is_pointed_out():
    head = ["企业名称", "信用代码", "年产能（万双）", "人数"]
    reading = read("factories", xlsx([head, [A, ONE, 12_000, 30], [B, TWO, 12, 30]]))
    # 120,000,000 pairs by 30 people; 120,000 by as many are nothing to speak of
    assert told(reading) == {2: ("inserted", {CAPACITY}), 3: ("inserted", set())}
    assert reading.rows[0].values[CAPACITY] == 120_000_000


def test_the_one_column_of_two_that_says_yes_is_read():
    rows = [
        ["企业名称", "信用代码", "是否规上", None],
        [None, None, "是", "否"],
        [A, ONE, "√", None],
        [B, TWO, None, "√"],
    ]
    reading = read("factories", xlsx(rows, merges=[(0, 2, 0, 3, "是否规上")]))
    assert values_of(reading, "above_scale") == [(True,), (None,)]


def test_a_number_too_large_for_the_larger_unit_tells_the_column():
    # 800,000 x 10,000 pairs is more than any firm makes: the column counts pairs. 80 pairs a
    # year are no capacity even so.
    reading = column("年产能", 800_000, "45,000", 6_000, 80)
    assert values_of(reading, CAPACITY) == [(800_000,), (45_000,), (6_000,), (None,)]


@pytest.mark.parametrize(
    ("head", "field", "cells", "expected"),
    [
        (
            "年产能（万双）",
            CAPACITY,
            ["1万双/月", "3000双/天", "月产1万双", "0.5亿双", "'12", "12万双/年"],
            [*["row_number_other_span_out"] * 3, 50_000_000, 120_000, 120_000],
        ),
        (
            "联系电话",
            "phone",
            ["+86 594 2345678", "13800000001.0", "1.3800000001E+10", "1.38E+10", 13800000001.0, "0594-2345678-801",
             "传真0594-2345678", "13800000001 传真：0594-2345678", "138****0001"],
            ["05942345678", "13800000001", "13800000001", "phone_form", "13800000001", "05942345678#801",
             "phone_form", "13800000001", "phone_form"],
        ),
        (
            "是否规上",
            "above_scale",
            ["已入规", "未入规", "规模以上企业", "待定", "限上"],
            [True, False, True, None, "row_yes_no_unreadable"],
        ),
        (
            "用工人数",
            "staff",
            ["约300人", "300余人", "200-300", "1,200", "不足10人", "#DIV/0!", "1.200", "暂缺", "300（估）", "300（含临时工）", "¥300"],
            ["row_number_about_out", "row_number_about_out", "row_number_range_out", 1_200,
             "row_number_about_out", "row_cell_error", "row_number_fraction", None,
             "row_number_about_out", 300, "row_unit_unknown"],
        ),
    ],
)  # fmt: skip
def test_a_cell_is_read_for_certain_or_its_fault_is_named(head, field, cells, expected):
    found = cells_of(head, field, *cells)
    assert found == expected


def test_words_instead_of_a_code_make_a_draft_and_half_a_code_keeps_the_row_out():
    cells = ["暂未办理", "无营业执照", "9.1350304E+17", 9.1350304e17, "3503046001234", "*" * 18]
    rows = [[name, cell, ROAD] for name, cell in zip(NAMES, cells, strict=False)]
    reading = read("factories", xlsx([["企业名称", "代码", "地址"], *rows]))
    assert list(outcomes(reading).values()) == ["draft"] * 2 + ["rejected:uscc"] * 4


def test_figures_and_errors_are_no_name_of_a_firm():
    rows = [["123", ONE], ["#N/A", TWO], ["-", THREE], ["A&B 鞋业", FOUR]]
    reading = read("factories", xlsx([["企业名称", "信用代码"], *rows]))
    assert list(outcomes(reading).values()) == ["rejected:name"] * 3 + ["inserted"]


def test_a_formula_that_failed_or_was_never_worked_out_is_not_taken_for_a_blank():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet("名单")
    page.write_row(0, 0, ["企业名称", "信用代码", "人数", "年产能（万双）", "备注"])
    for row, (name, code) in enumerate(zip(NAMES[:4], CODES[:4], strict=True), start=1):
        page.write_row(row, 0, [name, code, 5, 10])
    page.write_formula(1, 2, "=5+5", None, "")
    page.write_formula(2, 3, "=1/0", None, "#DIV/0!")
    page.write_formula(3, 4, "=VLOOKUP(1,A1:B2,2)", None, "#N/A")
    page.write_formula(4, 2, "=2+5", None, 7)
    book.close()
    reading = read("factories", buffer.getvalue())
    assert told(reading) == {
        2: ("rejected:staff", {"staff"}),
        3: (f"rejected:{CAPACITY}", {CAPACITY}),
        4: ("inserted", {"note"}),
        5: ("inserted", set()),
    }
    assert reading.rows[3].values["staff"] == 7


def test_a_text_formula_that_came_to_nothing_is_a_blank():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet("名单")
    page.write_row(0, 0, ["序号", "企业名称"])
    page.write_formula(1, 0, '=IF(B2="","",1)', None, "")
    book.close()
    out = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                text = re.sub(rb'<c r="A2">', b'<c r="A2" t="str">', text)
            new.writestr(name, text)
    assert read_book(out.getvalue(), "名单").sheets[0].rows[1] == (None, None)


# ---- rows of the same firm ------------------------------------------------------------------


def test_a_row_without_a_code_repeats_the_firm_of_its_name_wherever_that_stands():
    head = ["企业名称", "信用代码", "地址", "用工人数"]
    rows = [
        [A, None, ROAD, 10],  # repeats row 3
        [A, ONE, ROAD, 10],
        [A, None, None, 12],  # no address: the only firm of the name
        [A, None, "莆田市涵江区别处1号", 10],  # another place
        [B, None, ROAD, 5],
        [B, None, None, 5],
        [C, None, None, 5],
    ]
    reading = read("factories", xlsx([head, *rows]))
    assert list(outcomes(reading).values()) == [
        "duplicate", "inserted", "duplicate", "draft", "draft", "duplicate", "draft",
    ]  # fmt: skip
    assert reading.rows[0].faults[0].facts == {"first_row": 3}


def test_a_row_that_is_kept_out_is_not_said_to_be_a_draft():
    reading = read(
        "factories", xlsx([["企业名称", "信用代码", "人数"], [A, None, "很多"], [B, None, 3]])
    )
    said = [[line.code for line in report_lines(row)] for row in reading.rows]
    assert said == [["row_number_unreadable", "row_uscc_absent"], ["row_uscc_missing"]]


@pytest.mark.parametrize(
    ("district", "code"),
    [("荔城", "350304"), ("荔城区新度镇", "350304"), ("仙游县管委会", "350322")],
)
def test_a_district_is_known_by_its_short_name(district, code):
    reading = read("factories", xlsx([["企业名称", "信用代码", "属地"], [A, ONE, district]]))
    assert values_of(reading, "district") == [(code,)]


# ---- other kinds and forms ------------------------------------------------------------------


def test_a_register_of_courts_and_of_money_without_a_unit():
    courts = read(
        "earlier-records",
        xlsx([["案号", "被告人（单位）", "判决日期", "非法经营数额（万元）"], ["（2018）闽0304刑初1号", A, "2018年8月8日", 120.5]]),
    )  # fmt: skip
    assert values_of(courts, "name", "value_fen") == [(A, 120_500_000)]  # 120.5 x 10,000 x 100
    head = ["企业名称", "处罚文号", "处罚日期", "货值金额"]
    small = read("earlier-records", xlsx([head, [A, "c1", "2018-01-01", 298.56]]))
    assert told(small) == {2: ("inserted", {"value_fen"})}
    rows = [[A, "c1", "2018-01-01", 298_560], [B, "c2", "2018-01-01", 880]]
    yuan = read("earlier-records", xlsx([head, *rows]))
    assert values_of(yuan, "value_fen") == [(29_856_000,), (88_000,)]


@pytest.mark.parametrize(
    ("kind", "headings", "field", "taken"),
    [
        ("earlier-records", ["立案日期", "当事人", "文号"], "decided_on", None),
        ("earlier-records", ["当事人", "文号", "罚款金额（万元）"], "value_fen", None),
        (
            "earlier-records",
            ["扣留日期", "申报企业名称", "扣留决定书编号"],
            "decided_on",
            "扣留日期",
        ),
        ("exposure", ["月份", "店铺ID", "下架商品数", "侵权率"], "infringing", None),
        ("stores", ["网店编号", "网店名称", "开店主体"], "store_no", "网店编号"),
        ("products", ["品牌", "产品名称", "成本价", "一口价"], "price_fen", "一口价"),
        ("products", ["品牌", "产品名称", "成本价"], "price_fen", None),
    ],
)
def test_other_kinds_know_their_columns_and_leave_their_neighbors(kind, headings, field, taken):
    reading = read(kind, xlsx([headings, ["x"] * len(headings)]))
    assert fields(reading).get(field) == taken


def test_canonical_names_of_money_are_in_fen():
    head = ["name", "decision_no", "decided_on", "value_fen"]
    reading = read("earlier-records", csv_of([head, [A, "c1", "2019-03-04", 36_000]]))
    assert (values_of(reading, "value_fen"), told(reading)[2][1]) == ([(36_000,)], set())


def test_what_is_no_web_address_is_left_out_of_a_store():
    head = ["店铺ID", "店铺名称", "企业名称", "店铺链接"]
    rows = [
        ["1", "甲", A, "https://a.example/1"],
        ["2", "乙", A, "见备注"],
        ["3", "丙", A, "javascript:x"],
    ]
    reading = read("stores", xlsx([head, *rows]))
    assert values_of(reading, "url") == [("https://a.example/1",), (None,), (None,)]
    assert [said for _, said in told(reading).values()] == [set(), {"url"}, {"url"}]


def test_numbers_of_stores_and_goods_that_lost_their_end_are_refused():
    head = ["店铺编号", "店铺名称", "企业名称"]
    rows = [["1.23457E+11", "甲", A], ["123456789012.0", "乙", A], ["TB-1.5", "丙", A]]
    reading = read("stores", csv_of([head, *rows], "gb18030"))
    assert outcomes(reading)[2] == "rejected:store_no"
    assert values_of(reading, "store_no")[1:] == [("123456789012",), ("TB-1.5",)]
    goods = ["品牌", "商品名称", "条码", "企业名称"]
    code = read("products", csv_of([goods, ["甲", "乙", "6901234567892.0", A]], "utf-8"))
    assert values_of(code, "gtin") == [("6901234567892",)]


def test_rows_of_a_csv_are_numbered_as_the_spreadsheet_does():
    text = f'名单\n\n企业名称,信用代码,地址\n"{A}",{ONE},"{ROAD}\n二楼"\n\n{B},x,\n'
    reading = read("factories", text.encode("utf-8-sig"))
    assert outcomes(reading) == {4: "inserted", 6: "rejected:uscc"}
