from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.base.errors import Invalid, Refused
from marketplace.base.sheets import write_csv
from marketplace.exchange.kinds import ImportKind, Outcome, SkipReason
from marketplace.exchange.outcomes import report_lines
from marketplace.exchange.periods import Period, Precision
from marketplace.exchange.reading import read_rows
from tests.exchange.builders import PUTIAN, fields, read, uscc, xlsx

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is absent")
# The truth calls two of our canonical columns by shorter names.
TRUTH_COLUMN = {"capacity_pairs_per_year": "capacity", "district": "region"}

HEADER = ["序号", "企业名称", "统一社会信用代码", "地址", "年产能（万双）", "用工人数"]
FIRMS = [
    [1, "莆田市甲鞋厂（虚构）", uscc(1), "莆田市荔城区一路1号", 330, 120],
    [2, "莆田市乙鞋厂（虚构）", uscc(2), "莆田市荔城区一路2号", 45, 30],
    [3, "莆田市丙鞋厂（虚构）", uscc(3), "莆田市荔城区一路3号", 8.5, 12],
]
EXPECTED = [
    ("莆田市甲鞋厂(虚构)", uscc(1), 3_300_000, 120),
    ("莆田市乙鞋厂(虚构)", uscc(2), 450_000, 30),
    ("莆田市丙鞋厂(虚构)", uscc(3), 85_000, 12),
]


def told(reading):
    wanted = ("name", "uscc", "capacity_pairs_per_year", "staff")
    return [tuple(row.values.get(field) for field in wanted) for row in reading.rows]


def shared(kind: str, name: str):
    return read_rows(ImportKind(kind), (SHARED / name).read_bytes(), name, regions=PUTIAN)


def outcome_and_column(row) -> str:
    line = report_lines(row)[0]
    if line.outcome in {Outcome.REJECTED, Outcome.DRAFT}:
        return f"{line.outcome}:{TRUTH_COLUMN.get(line.column, line.column)}"
    return line.outcome.value


@needs_shared
def test_every_row_of_the_factory_list_ends_as_the_truth_says():
    reading = shared("factories", "import/1_工信局_鞋企名单.xlsx")
    with (SHARED / "import/truth_1.csv").open(encoding="utf-8") as file:
        truth = {int(line["row"]): line["outcome"] for line in csv.DictReader(file)}
    assert {row.row: outcome_and_column(row) for row in reading.rows} == truth
    assert [(s.row, s.reason) for s in reading.skipped] == [
        (47, SkipReason.TOTAL),
        (48, SkipReason.REMARK),
    ]
    assert reading.header_row == 3


@needs_shared
def test_capacities_of_the_factory_list_come_to_pairs():
    rows = {r.row: r for r in shared("factories", "import/1_工信局_鞋企名单.xlsx").rows}
    assert rows[5].values["capacity_pairs_per_year"] == 3_720_000  # 372 万双
    assert rows[34].values["capacity_pairs_per_year"] == 2_630_000  # 263万双
    assert rows[36].values["capacity_pairs_per_year"] == 3_650_000  # 3,650,000双
    assert rows[28].values["staff"] == 700  # ７００
    assert rows[32].values["phone"] == "13106792470"
    assert rows[5].values["district"] == "350322"


@needs_shared
def test_the_penalty_register_is_read_with_unknown_and_impossible_dates():
    rows = {r.row: r for r in shared("earlier-records", "import/2_市监局_处罚台账.xlsx").rows}
    assert len(rows) == 18
    assert rows[3].values["value_fen"] == 298_560_000  # 298.56 万元
    assert rows[3].values["decided_on"] == Period(
        date(2014, 5, 10), date(2014, 5, 11), Precision.DAY
    )
    assert outcome_and_column(rows[8]) == "rejected:decided_on"  # 2013-02-30
    assert [f.code for f in rows[12].faults] == ["row_date_unknown"]
    assert rows[12].hint is None
    assert rows[14].values["decided_on"] == Period(
        date(2020, 9, 1), date(2020, 10, 1), Precision.MONTH
    )


@needs_shared
def test_the_platform_months_are_read_from_gb18030_without_a_fault():
    reading = shared("exposure", "import/3_平台_店铺月报.csv")
    assert reading.encoding == "gb18030"
    assert len(reading.rows) == 688
    assert [row for row in reading.rows if row.faults] == []


@needs_shared
def test_a_foreign_list_without_codes_ends_in_honest_rejections():
    reading = shared("factories", "facility_list_messy.csv")
    assert Counter(row.hint for row in reading.rows) == {Outcome.REJECTED: 15}
    assert {row.faults[0].code for row in reading.rows} == {
        "row_outside_country",
        "row_outside_address",
    }


def plain():
    return xlsx([HEADER, *FIRMS])


def below_titles():
    rows = [
        ["全市鞋企名单"],
        [],
        ["填报单位：某局", None, None, "日期：2026.3"],
        HEADER,
        *FIRMS,
    ]
    return xlsx(rows, merges=[(0, 0, 0, 5, "全市鞋企名单")])


def two_row_heading():
    top = ["序号", "企业基本情况", None, None, "生产情况", None]
    below = [None, "名称", "统一社会信用代码", "住所", "产能\n（万双）", "职工人数"]
    merges = [
        (1, 0, 2, 0, "序号"),
        (1, 1, 1, 3, "企业基本情况"),
        (1, 4, 1, 5, "生产情况"),
    ]
    return xlsx([["名单"], top, below, *FIRMS], merges=merges)


def unit_in_second_row():
    top = ["序号", "企业名称", "信用代码", "地址", "年产能", "员工人数"]
    below = [None, None, None, None, "万双", "人"]
    return xlsx([top, below, *FIRMS])


def other_order():
    order = [5, 4, 2, 1, 3]
    heads = {
        5: "从业人员（人）",
        4: "年生产能力/万双",
        2: "信用代码",
        1: "单位名称",
        3: "生产地址",
    }
    return xlsx([[heads[i] for i in order], *([firm[i] for i in order] for firm in FIRMS)])


def english():
    head = [
        "No.",
        "Company Name",
        "USCC",
        "Address",
        "Annual Capacity (10k pairs)",
        "Employees",
    ]
    return xlsx([head, *FIRMS])


def in_pairs():
    head = ["序号", "厂名", "社会信用代码", "厂址", "产能（双）", "用工数"]
    return xlsx([head, *([*f[:4], f"{f[4] * 10_000:,.0f}", f[5]] for f in FIRMS)])


def on_second_sheet():
    return xlsx([HEADER, *FIRMS], sheets=["填写说明"])


def text_table(encoding, delimiter):
    def build():
        lines = [["全市鞋企名单", *[""] * 5], HEADER, *FIRMS]
        text = "\r\n".join(delimiter.join(str(c) for c in line) for line in lines)
        return text.encode(encoding)

    return build


LAYOUTS = {
    "plain": plain,
    "below_titles": below_titles,
    "two_row_heading": two_row_heading,
    "unit_in_second_row": unit_in_second_row,
    "other_order": other_order,
    "english": english,
    "in_pairs": in_pairs,
    "on_second_sheet": on_second_sheet,
    "utf16_tab": text_table("utf-16", "\t"),
    "utf8_bom_comma": text_table("utf-8-sig", ","),
    "gb18030_semicolon": text_table("gb18030", ";"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_firms_are_read_from_every_layout(layout):
    reading = read("factories", LAYOUTS[layout]())
    assert told(reading) == EXPECTED
    assert all(row.hint is None for row in reading.rows)


def test_totals_in_any_column_remarks_sections_and_repeated_headings_are_skipped_and_said():
    rows = [
        HEADER,
        ["荔城区"],
        FIRMS[0],
        [None, "小计", None, None, 330, 120],
        HEADER,
        FIRMS[1],
        [4, None, None, None, None, None],
        [None, None, "合计：2家", None, 375, 150],
        [None, None, None, "总　计", 375, 150],
        ["填报人：张×", None, None, "审核人：李×"],
        ["备注：1.本表为年报数"],
    ]
    reading = read("factories", xlsx(rows))
    assert [row.row for row in reading.rows] == [3, 6]
    assert [(s.row, s.reason) for s in reading.skipped] == [
        (2, SkipReason.SECTION),
        (4, SkipReason.TOTAL),
        (5, SkipReason.REPEATED_HEADER),
        (7, SkipReason.NUMBER_ONLY),
        (8, SkipReason.TOTAL),
        (9, SkipReason.TOTAL),
        (10, SkipReason.REMARK),
        (11, SkipReason.REMARK),
    ]


def test_a_firm_whose_name_sounds_like_a_total_stays_when_it_has_a_code():
    odd = [1, "总计", uscc(9), "莆田市荔城区", 1, 1]
    reading = read("factories", xlsx([HEADER, odd]))
    assert [row.values["name"] for row in reading.rows] == ["总计"]


def test_repeats_are_duplicates_and_equal_names_with_other_codes_are_not():
    rows = [
        HEADER,
        FIRMS[0],
        [2, FIRMS[0][1], uscc(7), FIRMS[0][3], 5, 5],  # the same name, another firm
        FIRMS[0],  # the same again (serial numbers are not read)
        [4, "莆田甲鞋厂（虚构）", uscc(1), FIRMS[0][3], 330, 120],  # another name, same code
        [5, "无码鞋厂（虚构）", None, "莆田市荔城区", 1, 1],
        [6, "无码 鞋厂(虚构)", "待补", "莆田市荔城区", 1, 1],  # the same draft again
        [7, "无码鞋厂（虚构）", None, "莆田市秀屿区", 1, 1],  # another address
    ]
    reading = read("factories", xlsx(rows))
    assert [row.hint for row in reading.rows] == [
        None,
        None,
        Outcome.DUPLICATE,
        Outcome.DUPLICATE,
        Outcome.DRAFT,
        Outcome.DUPLICATE,
        Outcome.DRAFT,
    ]
    assert reading.rows[2].faults[0].facts == {"first_row": 2}
    assert (reading.rows[3].faults[0].column, reading.rows[3].faults[0].code) == (
        "name",
        "row_repeats_differently",
    )


def test_a_person_is_masked_in_what_a_report_says_of_a_repeat():
    head = ["企业名称", "信用代码", "联系电话"]
    rows = [["甲", uscc(1), "13106792470"], ["甲", uscc(1), "13106792471"]]
    fault = read("factories", xlsx([head, *rows])).rows[1].faults[0]
    assert (fault.column, fault.value) == ("phone", "131****2471")


def test_a_corrected_row_after_a_rejected_one_is_no_duplicate():
    wrong = [1, FIRMS[0][1], uscc(1), FIRMS[0][3], "很多", 120]
    reading = read("factories", xlsx([HEADER, wrong, FIRMS[0]]))
    assert [row.hint for row in reading.rows] == [Outcome.REJECTED, None]


def test_every_fault_of_a_row_gets_its_line():
    bad = [1, None, "9135O304MA0000001X", "莆田市荔城区", "很多", -5]
    lines = report_lines(read("factories", xlsx([HEADER, bad])).rows[0])
    assert [(line.row, line.outcome, line.column) for line in lines] == [
        (2, Outcome.REJECTED, "uscc"),
        (2, Outcome.REJECTED, "capacity_pairs_per_year"),
        (2, Outcome.REJECTED, "staff"),
        (2, Outcome.REJECTED, "name"),
    ]


def test_ragged_csv_rows_are_rejected_with_their_number_and_never_shifted():
    text = f"企业名称,统一社会信用代码,地址\n甲厂,{uscc(1)}\n乙厂,{uscc(2)},莆田,x\n丙厂,{uscc(3)},莆田,\n"
    reading = read("factories", text.encode())
    assert [(row.row, row.hint) for row in reading.rows] == [
        (2, Outcome.REJECTED),
        (3, Outcome.REJECTED),
        (4, None),
    ]
    assert reading.rows[0].faults[0].facts == {"cells": 2, "expected": 3}


def test_a_heading_that_stands_twice_is_refused_with_row_and_columns():
    rows = [["名单"], ["企业名称", "信用代码", "电话", "电话"], ["甲", uscc(1), "1", "2"]]
    with pytest.raises(Invalid) as invalid:
        read("factories", xlsx(rows))
    fault = invalid.value.faults[0]
    assert fault.code == "import_header_repeated"
    assert fault.facts == {"header": "电话", "row": 2, "columns": "C, D"}


def test_a_file_without_a_heading_is_refused():
    with pytest.raises(Refused) as refused:
        read("factories", xlsx([["a", "b"], [1, 2], [3, 4]]))
    assert refused.value.code == "import_header_not_found"


def test_a_chosen_column_wins_by_heading_or_letter_and_may_be_left_out():
    rows = [["企业名称", "曾用名", "信用代码", "电话"], ["甲", "乙", uscc(1), "13106792470"]]
    by_heading = read("factories", xlsx(rows), overrides={"name": "曾用名", "phone": ""})
    assert by_heading.rows[0].values["name"] == "乙"
    assert "phone" not in by_heading.rows[0].values
    assert read("factories", xlsx(rows), overrides={"name": "B"}).rows[0].values["name"] == "乙"


def test_wrong_choices_are_all_named_at_once():
    with pytest.raises(Invalid) as invalid:
        read("factories", plain(), overrides={"nam": "企业名称", "staff": "没有这列"})
    assert [(f.place, f.code) for f in invalid.value.faults] == [
        ("nam", "import_field_unknown"),
        ("staff", "import_column_unknown"),
    ]


def test_the_saved_columns_of_a_source_fit_its_next_file():
    first = read("factories", other_order())
    again = read("factories", other_order(), overrides=first.mapping.as_overrides())
    assert told(again) == told(first) == EXPECTED


def test_a_code_column_without_a_telling_heading_is_known_by_its_contents():
    rows = [["企业名称", "登记证", "地址"], *([f[1], f[2], f[3]] for f in FIRMS)]
    reading = read("factories", xlsx(rows))
    use = reading.mapping.find("uscc")
    assert use is not None
    assert (use.letter, use.basis.value) == ("B", "contents")


def test_a_phone_of_the_head_is_a_phone_and_the_head_stays_the_head():
    head = ["企业名称", "法定代表人", "法定代表人电话", "是否规上企业", "所属区县"]
    reading = read("factories", xlsx([head, ["甲", "张×", 13106792470, "是", "荔城区"]]))
    assert fields(reading) == {
        "name": "企业名称",
        "legal_representative": "法定代表人",
        "phone": "法定代表人电话",
        "above_scale": "是否规上企业",
        "district": "所属区县",
    }
    assert reading.rows[0].values["phone"] == "13106792470"


def test_a_capacity_without_a_unit_is_pointed_out():
    rows = [["企业名称", "信用代码", "年产能"], ["甲", uscc(1), 330]]
    assert read("factories", xlsx(rows)).unsaid_units == ("capacity_pairs_per_year",)
    assert read("factories", plain()).unsaid_units == ()


def test_text_merged_over_rows_belongs_to_each_and_numbers_do_not():
    rows = [["企业名称", "所属区县", "用工人数"], ["甲", None, None], ["乙", None, None]]
    content = xlsx(rows, merges=[(1, 1, 2, 1, "荔城区"), (1, 2, 2, 2, 40)])
    reading = read("factories", content)
    assert [row.values["district"] for row in reading.rows] == ["350304", "350304"]
    assert [row.values["staff"] for row in reading.rows] == [40, None]


def test_a_register_with_other_words_is_read():
    head = [
        "序号",
        "当事人",
        "处罚决定书文号",
        "违法行为",
        "作出处罚决定日期",
        "查扣数量",
        "案值（元）",
    ]
    rows = [
        ["台账"],
        head,
        [1, "甲", "莆市监〔2015〕1号", "侵权", "2015.3.4", "1.2万双", "35,000"],
    ]
    values = read("earlier-records", xlsx(rows)).rows[0].values
    assert values["quantity_pairs"] == 12_000
    assert values["value_fen"] == 3_500_000
    assert values["decision_no"] == "莆市监〔2015〕1号"


def test_months_of_a_store_are_read_under_other_words_and_bad_ones_refused():
    text = (
        "月份;店铺编号;在售商品;抽检商品数;侵权件数;主动发现数;权利人投诉\n"
        "2024年1月;TB1;100;20;3;1;2\n"
        "2024年2月;TB1;100;20;3;1;1\n"
        "2024年13月;TB1;100;20;0;0;0\n"
        "2024年3月;TB1;;;;;\n"
        "2024年1月;TB1;100;20;3;1;2\n"
        "2024年4月;TB1;100;20;30;;\n"
    )
    reading = read("exposure", text.encode("utf-8-sig"))
    assert [(r.hint, r.faults[0].code if r.faults else "") for r in reading.rows] == [
        (None, ""),
        (Outcome.REJECTED, "row_counts_disagree"),
        (Outcome.REJECTED, "row_date_impossible"),
        (Outcome.REJECTED, "row_quantity_missing"),
        (Outcome.DUPLICATE, "row_repeats"),
        (None, "row_found_beyond"),  # it comes in, and enters no rate
    ]


def test_stores_and_products_are_read():
    stores = read(
        "stores",
        xlsx(
            [
                ["平台", "店铺ID", "店铺名称", "经营主体", "信用代码"],
                ["淘宝", 70000, "甲铺", "甲", uscc(1)],
            ]
        ),
    )
    assert stores.rows[0].values == {
        "store_no": "70000",
        "platform": "淘宝",
        "name": "甲铺",
        "uscc": uscc(1),
        "operator_name": "甲",
    }
    products = read(
        "products",
        xlsx(
            [
                ["品牌", "商品名称", "货号", "类目", "零售价", "条形码", "信用代码", "商品ID"],
                ["甲牌", "跑鞋", "A-1", "跑步鞋", 299, 9780471117094, uscc(1), "600000000001"],
                ["甲牌", "跑鞋", "A-2", "跑步鞋", 0, None, uscc(1), None],
                [None, "跑鞋", "A-3", "跑步鞋", 199, "123", uscc(1), None],
            ]
        ),
    )
    assert products.rows[0].values["price_fen"] == 29_900
    assert products.rows[0].values["gtin"] == "9780471117094"
    assert [outcome_and_column(row) for row in products.rows] == [
        "inserted",
        "rejected:price_fen",
        "rejected:gtin",
    ]


@settings(max_examples=40, deadline=None)
@given(
    order=st.permutations(range(6)),
    titles=st.integers(0, 4),
    blanks=st.integers(0, 2),
)
def test_neither_column_order_nor_rows_above_change_what_is_read(order, titles, blanks):
    above = [[f"莆田市制鞋企业名单 {i}"] for i in range(titles)] + [[] for _ in range(blanks)]
    body = [[row[i] for i in order] for row in (HEADER, *FIRMS)]
    reading = read("factories", xlsx([*above, *body]))
    assert told(reading) == EXPECTED
    assert reading.header_row == titles + blanks + 1


# A zero byte keeps the whole table out, by its place: no person typed it.
WRITTEN = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=6)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(st.none(), WRITTEN, st.integers(-9, 10**18), st.booleans()),
            min_size=6,
            max_size=6,
        ),
        max_size=5,
    )
)
def test_no_row_is_lost_whatever_stands_in_it(rows):
    text = [["" if c is None else str(c) for c in row] for row in rows]
    reading = read("factories", write_csv(HEADER, text))
    filled = {i + 2 for i, row in enumerate(text) if any(cell.strip() for cell in row)}
    numbers = [row.row for row in reading.rows] + [row.row for row in reading.skipped]
    assert len(numbers) == len(set(numbers))
    assert filled == set(numbers)
