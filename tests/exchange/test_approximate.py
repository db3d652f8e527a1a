"""A firm is not lost for a word before a number; what has no exact figure is left out and said."""

from __future__ import annotations

import pytest

from marketplace.exchange.outcomes import report_lines
from tests.exchange.builders import read, uscc, xlsx

ONE = uscc(1)
A = "（虚构）甲鞋厂"
HEAD = ["企业名称", "统一社会信用代码", "年产能（万双）", "用工人数"]


@pytest.mark.parametrize(
    ("capacity", "staff", "codes"),
    [
        ("约12万双", "近300人", ["row_number_about_out"] * 2),
        ("12万余双", "100-120人", ["row_number_about_out", "row_number_range_out"]),
        ("年产约10万双", "数百人", ["row_number_about_out"] * 2),
        ("十余万双", "20人以下", ["row_number_about_out"] * 2),
        ("停产", "300起", ["row_number_state_out", "row_number_about_out"]),
        ("1万双/月", "两三百人", ["row_number_other_span_out", "row_number_about_out"]),
    ],
)
def test_a_firm_with_approximate_figures_comes_in_without_them(capacity, staff, codes):
    (row,) = read("factories", xlsx([HEAD, [A, ONE, capacity, staff]])).rows
    lines = report_lines(row)
    assert [(line.outcome, line.code) for line in lines] == [("inserted", c) for c in codes]
    assert [line.value for line in lines] == [capacity, staff]
    assert (row.values["capacity_pairs_per_year"], row.values["staff"]) == (None, None)
    assert "没有收入" in lines[0].reason("zh")
    assert "再导入一次" in lines[0].fix("zh")


@pytest.mark.parametrize(("capacity", "staff"), [("很多", 30), (12, -5), ("12吨", 30)])
def test_a_figure_that_may_be_a_slip_still_keeps_the_row_out(capacity, staff):
    (row,) = read("factories", xlsx([HEAD, [A, ONE, capacity, staff]])).rows
    assert row.hint == "rejected"


def test_a_decision_comes_in_without_its_quantity_but_a_seizure_is_its_quantity():
    head = ["当事人", "统一社会信用代码", "处罚决定书文号", "处罚日期", "涉案数量（双）"]
    rows = [
        [A, ONE, "莆罚〔2020〕1号", "2020-01-03", "约300双"],
        [A, ONE, None, "2020-01-03", "约300双"],
        [A, ONE, None, "2020-01-03", "约900双"],  # would else repeat the row above
    ]
    reading = read("earlier-records", xlsx([head, *rows]))
    said = [(row.hint, row.faults[0].code) for row in reading.rows]
    kept_out = ("rejected", "row_number_about")
    assert said == [(None, "row_number_about_out"), kept_out, kept_out]


def test_the_counts_of_a_month_are_exact_or_the_month_stays_out():
    head = ["店铺ID", "月份", "抽查商品数", "侵权商品数"]
    (row,) = read("exposure", xlsx([head, ["900001", "2024-03", 40, "约3"]])).rows
    assert (row.hint, row.faults[0].code) == ("rejected", "row_number_about")


def test_a_store_opened_at_about_a_time_comes_in_without_the_day():
    head = ["店铺ID", "店铺名称", "开店时间"]
    dates = ["大约2018年", "2018年底", "2018年3月", "春节"]
    rows = [[f"90000{n}", "店", date] for n, date in enumerate(dates)]
    said = [
        (row.hint, [fault.code for fault in row.faults])
        for row in read("stores", xlsx([head, *rows])).rows
    ]
    assert said == [
        (None, ["row_date_about_out"]),
        (None, ["row_date_about_out"]),
        (None, []),
        ("rejected", ["row_date_unreadable"]),
    ]
