from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta, timezone

import pytest

from marketplace.base.canonical import canonical_json
from marketplace.base.sheets import read_book, write_csv
from marketplace.base.words import LANGUAGES, has_key, label
from marketplace.exchange import kinds
from marketplace.exchange.exposure import store_month
from marketplace.exchange.fields import FIELDS
from marketplace.exchange.kinds import ImportKind, Outcome
from marketplace.exchange.outcomes import (
    ReportLine,
    count_outcomes,
    line_from,
    report_lines,
)
from marketplace.exchange.report import stamp_line, write_errors_xlsx, write_report_csv
from marketplace.exchange.templates import heading, write_template
from tests.exchange.builders import fields, read, uscc, xlsx

ROWS = [
    ["全市鞋企名单"],
    ["企业名称", "统一社会信用代码", "地址", "年产能（万双）", "用工人数"],
    ["甲鞋厂", uscc(1), "莆田市荔城区", 330, 120],
    ["乙鞋厂", "91350304MA000000O2", "莆田市荔城区", "很多", 1],
    ["丙鞋厂", None, "莆田市荔城区", 5, "７０"],
    ["=cmd|'/C calc'!A0", uscc(4), "莆田市荔城区", 5, -1],
]


def reading():
    return read("factories", xlsx(ROWS))


def lines():
    return [line for row in reading().rows for line in report_lines(row)]


def test_the_report_has_one_line_a_row_and_one_more_a_further_fault():
    text = write_report_csv(lines(), "zh").decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert list(table[0]) == ["row", "outcome", "column", "value", "reason", "fix"]
    assert [(t["row"], t["outcome"], t["column"]) for t in table] == [
        ("3", "inserted", ""),
        ("4", "rejected", "uscc"),
        ("4", "rejected", "capacity_pairs_per_year"),
        ("5", "draft", "uscc"),
        ("5", "draft", "staff"),
        ("6", "rejected", "staff"),
    ]
    assert table[1]["reason"] == (
        "统一社会信用代码第 17 位是字母 O；代码中没有字母 O，应是数字 0"
    )
    assert table[3]["reason"] == "没有统一社会信用代码，先存为草稿（待补代码）"
    assert table[5]["fix"] == "请核对后填 0 或正数"


def test_a_row_counts_once_whatever_it_has_to_say():
    assert count_outcomes(lines()) == {
        "inserted": 1,
        "updated": 0,
        "unchanged": 0,
        "draft": 1,
        "duplicate": 0,
        "rejected": 2,
    }


def test_what_the_commit_finds_comes_first():
    from marketplace.exchange.faults import RowFault

    row = reading().rows[2]
    fault = RowFault("name", "row_value_missing")
    made = report_lines(row, outcome=Outcome.UPDATED, further=[fault])
    assert [(line.outcome, line.column) for line in made] == [
        (Outcome.UPDATED, "name"),
        (Outcome.UPDATED, "uscc"),
        (Outcome.UPDATED, "staff"),
    ]


def test_a_line_is_kept_and_comes_back():
    for line in lines():
        stored = json.loads(canonical_json(line.stored()))
        again = line_from(stored)
        assert again.reason("en") == line.reason("en")
        assert (again.row, again.outcome, again.value) == (line.row, line.outcome, line.value)


def test_the_rows_to_correct_can_be_corrected_and_imported_as_they_are():
    buffer = io.BytesIO()
    stamp = stamp_line(
        "zh",
        as_of=datetime(2026, 11, 23, 8, tzinfo=timezone(timedelta(hours=8))),
        who="经办人甲",
        number="7",
    )
    written = write_errors_xlsx(reading(), lines(), buffer, lang="zh", stamp=stamp)
    assert written == 3
    sheet = read_book(buffer.getvalue(), "a.xlsx").sheets[0]
    assert sheet.rows[0][0] == "数据截至 2026-11-23 08:00　导出人 经办人甲　编号 7"
    assert sheet.rows[1][-4:] == ("原文件行号", "结果", "原因", "怎么改")
    assert sheet.rows[2][-4] == 4
    again = read("factories", buffer.getvalue())
    assert [row.hint for row in again.rows] == [
        Outcome.REJECTED,
        Outcome.DRAFT,
        Outcome.REJECTED,
    ]
    assert again.rows[2].values["name"] == "=cmd|'/C calc'!A0"  # nothing ran, nothing was lost


def test_rows_to_correct_from_a_two_row_heading_are_read_again():
    top = ["企业", None, "生产情况", None]
    below = ["名称", "代码", "产能", "人员"]
    units = [None, None, "万双", "人"]
    result = read(
        "factories", xlsx([top, below, units, ["甲", None, "很多", 3], ["乙", None, 5, 4]])
    )
    buffer = io.BytesIO()
    made = [line for row in result.rows for line in report_lines(row)]
    assert write_errors_xlsx(result, made, buffer, lang="zh") == 2
    again = read("factories", buffer.getvalue())
    assert {u.field: u.index for u in again.mapping.columns} == {
        u.field: u.index for u in result.mapping.columns
    }
    assert again.rows[1].values["capacity_pairs_per_year"] == 50_000


def test_a_formula_in_a_report_value_is_neutralized():
    line = ReportLine(
        2, Outcome.REJECTED, "staff", "=1+1", "row_number_unreadable", "row_ragged"
    )
    text = write_report_csv([line], "en").decode("utf-8-sig")
    assert "2,rejected,staff,'=1+1," in text


@pytest.mark.parametrize("kind", list(ImportKind))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_template_is_read_back_with_every_column_in_its_field(kind, lang):
    buffer = io.BytesIO()
    write_template(kind, buffer, lang=lang, choices={"district": ["荔城区", "秀屿区"]})
    result = read(kind.value, buffer.getvalue())
    specs = [spec for spec in FIELDS[kind] if spec.in_template]
    wanted = {s.name: heading(kind, s, lang) for s in specs}
    assert fields(result) == wanted
    assert result.rows == ()
    assert result.unsaid_units == ()
    units = {use.field: use.unit for use in result.mapping.columns if use.unit}
    assert units == {s.name: s.template_unit for s in specs if s.template_unit}


def test_every_word_of_import_has_a_label_in_both_languages():
    enums = (kinds.ImportKind, kinds.Outcome, kinds.SkipReason, kinds.Basis, kinds.Unit)
    for enum in enums:
        for member in enum:
            assert all(label(member, lang) for lang in LANGUAGES)
    assert has_key("error.row_ragged")


def test_every_code_that_can_be_reported_has_a_reason_and_a_fix():
    import re
    from pathlib import Path

    import marketplace.exchange as package
    from marketplace.base import identifiers

    sources = [Path(identifiers.__file__), *Path(package.__file__).parent.glob("*.py")]
    codes = {
        code
        for source in sources
        for code in re.findall(
            r'"((?:row|uscc|gtin|phone)_[a-z_]+)"', source.read_text("utf-8")
        )
    } - {"row_number", "uscc_proposed", "row_too_long"}  # the last is of the ledger of points
    assert len(codes) > 30
    assert [code for code in sorted(codes) if not has_key(f"error.{code}")] == []
    assert [code for code in sorted(codes) if not has_key(f"exchange.fix.{code}")] == []


def test_a_store_month_keeps_gaps_as_gaps():
    head = ["店铺ID", "月份", "在售商品数", "抽查商品数", "侵权商品数", "其中主动发现"]
    text = [["TB1", "2024-01", "100", "", "3", "1"]]
    row = read("exposure", write_csv(head, text)).rows[0]
    month = store_month(row.values)
    assert month.month == 2024 * 12  # January is 0
    assert month.quantities == {"listed": 100}
    # 3 found, 1 of them proactively, of 2 the origin is not told
    assert (month.proactive, month.complaints, month.unsplit, month.infringing) == (1, 0, 2, 3)
