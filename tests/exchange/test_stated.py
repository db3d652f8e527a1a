"""What no column tells: the period in a title or a sheet's name, the unit in a cell's format."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter

from marketplace.base.errors import Invalid, Refused
from marketplace.base.sheets import Beside, read_book_guarded
from marketplace.base.sheets.formats import read_format
from marketplace.exchange.importing.requests import sheet_names
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.outcomes import report_lines
from marketplace.exchange.reading import read_book_rows
from marketplace.exchange.report import write_errors_xlsx
from marketplace.exchange.stated import stated_period
from tests.exchange.builders import PUTIAN, firms_partly_hidden, read, uscc, xlsx

MONTHS = ["平台", "店铺ID", "店铺名称", "在售商品数", "抽查商品数"]
SHOP = ["淘宝", "100", "店", 900, 40]
PENALTIES = ["企业名称", "统一社会信用代码", "处罚决定书文号", "案由", "数量（双）"]
PENALTY = ["（虚构）甲鞋厂", uscc(1), "莆市监罚〔2019〕1号", "侵权", 120]
FIRMS = ["企业名称", "统一社会信用代码", "地址", "年产能", "用工人数"]


def book(*sheets):
    """Sheets of (name, rows); a cell may be (number, format)."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer)
    for name, rows in sheets:
        page = workbook.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, tuple):
                    page.write(r, c, cell[0], workbook.add_format({"num_format": cell[1]}))
                elif isinstance(cell, str):
                    page.write_string(r, c, cell)
                elif cell is not None:
                    page.write(r, c, cell)
    workbook.close()
    return buffer.getvalue()


def months_of(content, kind="exposure", field="month", **options):
    """What each row says of its period, or the first fault that keeps it out."""
    reading = read(kind, content, **options)
    told = []
    for row in reading.rows:
        blocking = [fault.code for fault in row.faults if fault.blocking]
        period = row.values.get(field)
        told.append(blocking[0] if blocking else period and period.from_on.isoformat())
    return told


@pytest.mark.parametrize(
    ("titles", "from_on", "until_on"),
    [
        (["2025年3月曝光量统计表"], "2025-03-01", "2025-04-01"),
        (["莆田市网店监测月报（2025年03月份）"], "2025-03-01", "2025-04-01"),
        (["二〇二五年三月店铺监测月报"], "2025-03-01", "2025-04-01"),
        (["2025 年 12 月"], "2025-12-01", "2026-01-01"),
        (["202503"], "2025-03-01", "2025-04-01"),
        (["2025.03"], "2025-03-01", "2025-04-01"),
        (["监测数据2025-3"], "2025-03-01", "2025-04-01"),
        (["统计月份：2025年3月"], "2025-03-01", "2025-04-01"),
        (["2025年3月1日至3月31日"], "2025-03-01", "2025-04-01"),
        (["2025年2月1日—28日"], "2025-02-01", "2025-03-01"),
        (["2025年3月统计表", "填报日期：2025年4月2日"], "2025-03-01", "2025-04-01"),
        (["2025年3月（较2025年2月）"], "2025-03-01", "2025-04-01"),
        (["2025年3月与2024年同期"], "2025-03-01", "2025-04-01"),
        (["2025年店铺统计", "3月"], "2025-03-01", "2025-04-01"),
        (["2025年一季度统计", "2025年3月"], "2025-03-01", "2025-04-01"),
        (["March 2025"], "2025-03-01", "2025-04-01"),
        (["2025年一季度"], "2025-01-01", "2025-04-01"),
        (["2025年第2季度"], "2025-04-01", "2025-07-01"),
        (["2025Q4"], "2025-10-01", "2026-01-01"),
        (["2025年1-3月"], "2025-01-01", "2025-04-01"),
        (["2025年1月至2025年3月"], "2025-01-01", "2025-04-01"),
        (["2025年3月、4月"], "2025-03-01", "2025-05-01"),
        (["2025年下半年"], "2025-07-01", "2026-01-01"),
        (["2025年3月1日至4月15日"], "2025-03-01", "2025-04-16"),
        (["2019—2021年行政处罚台账"], "2019-01-01", "2022-01-01"),
        (["2019年度行政处罚台账"], "2019-01-01", "2020-01-01"),
    ],
)
def test_the_period_a_title_names(titles, from_on, until_on):
    stated = stated_period(titles)
    assert stated is not None
    assert stated.is_certain
    assert stated.period.from_on == date.fromisoformat(from_on)
    assert stated.period.until_on == date.fromisoformat(until_on)


@pytest.mark.parametrize(
    "title",
    [
        "店铺统计表", "Sheet1", "3月", "填报日期：2025年4月2日", "制表时间:2025年4月",
        "截至2025年3月31日", "闽市监〔2025〕3号", "编号QS202503", "2025年13月", "2025-13",
        "2025年4月2日", "电话0594-2025033",
    ],
)  # fmt: skip
def test_what_is_no_period_of_the_table(title):
    assert stated_period([title]) is None


@pytest.mark.parametrize(
    "titles",
    [
        ["2025年3月", "2025年4月"], ["2025年3月", "4月"], ["2025年一季度", "2025年5月"],
        ["2024年统计", "2025年3月"],
    ],
)  # fmt: skip
def test_of_two_periods_nobody_knows_which_is_meant(titles):
    stated = stated_period(titles)
    assert stated is not None
    assert not stated.is_certain


def test_a_month_that_stands_only_in_the_title_is_that_of_every_row_and_said():
    rows = [["2025年3月曝光量统计表"], MONTHS, SHOP, ["淘宝", "101", "店", 10, 1]]
    content = book(("数据", rows))
    assert months_of(content) == ["2025-03-01", "2025-03-01"]
    reading = read("exposure", content)
    assert (reading.period.field, reading.period.stated.text) == ("month", "2025年3月")
    assert reading.period.fault is None


def test_a_month_that_stands_only_in_the_name_of_the_sheet_goes_with_the_sheet_chosen():
    content = book(("2025年3月", [MONTHS, SHOP]), ("2025年4月", [MONTHS, SHOP]))
    assert months_of(content) == ["2025-03-01"]
    assert months_of(content, sheet="2025年4月") == ["2025-04-01"]
    assert months_of(content, sheet=" 2025年4月 ") == ["2025-04-01"]


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("2025年一季度曝光量统计表", "row_period_no_month"),
        ("2025年度曝光量统计表", "row_period_no_month"),
        ("2025年1-3月曝光量统计表", "row_period_no_month"),
        ("2025年3月曝光量（附2025年4月）", "row_period_unclear"),
        ("曝光量统计表", "row_value_missing"),
        ("曝光量统计表（填报日期：2025年4月2日）", "row_value_missing"),
    ],
)
def test_what_is_no_month_keeps_every_row_out_and_says_what_to_do(title, code):
    content = book(("数据", [[title], MONTHS, SHOP]))
    assert months_of(content) == [code]
    (row,) = read("exposure", content).rows
    fault = next(fault for fault in row.faults if fault.code == code)
    assert fault.column == "month"
    (line, *_) = report_lines(row)
    assert ("月份" in line.fix("zh")) == code.startswith("row_period")
    assert line.fix("en")


def test_the_day_a_form_was_filled_in_is_no_period_in_a_cell_of_its_own_either():
    head = [["月报"], ["填报单位：", "某局", "填报日期：", "2025年4月"], MONTHS, SHOP]
    assert months_of(book(("数据", head))) == ["row_value_missing"]
    head = [["月报"], ["统计年度：", "2025年", "月份：", "3月"], MONTHS, SHOP]
    assert months_of(book(("数据", head))) == ["2025-03-01"]


def test_a_column_goes_before_a_title_and_an_unknown_column_of_months_too():
    told = [*MONTHS, "月份"]
    assert months_of(book(("数据", [["2025年3月"], told, [*SHOP, "2025年2月"]]))) == [
        "2025-02-01"
    ]
    odd = [*MONTHS, "账期"]
    content = book(("数据", [["2025年3月"], odd, [*SHOP, "2025-02"], [*SHOP, "2025-01"]]))
    assert read("exposure", content).mapping.find("month") is None
    assert set(months_of(content)) == {"row_value_missing"}
    # When something was updated is no month.
    late = [*MONTHS, "更新时间"]
    assert months_of(book(("数据", [["2025年3月"], late, [*SHOP, "2025-04-02"]]))) == [
        "2025-03-01"
    ]


def test_the_year_of_a_register_of_penalties_is_the_period_of_its_records():
    content = book(("台账", [["2019年行政处罚案件台账"], PENALTIES, PENALTY]))
    assert months_of(content, "earlier-records", "decided_on") == ["2019-01-01"]
    (row,) = read("earlier-records", content).rows
    assert row.values["decided_on"].until_on == date(2020, 1, 1)
    dated = [*PENALTIES, "处罚日期"]
    other = [*PENALTY[:2], "莆市监罚〔2019〕2号", *PENALTY[3:], None]
    content = book(("台账", [["2019年台账"], dated, [*PENALTY, "2018-05-06"], other]))
    assert months_of(content, "earlier-records", "decided_on") == ["2018-05-06", None]


def test_a_title_makes_no_record_of_a_line_that_tells_nothing():
    empty = ["（虚构）甲鞋厂", uscc(1), None, None, None]
    content = book(("台账", [["2019年行政处罚案件台账"], PENALTIES, empty]))
    assert months_of(content, "earlier-records", "decided_on") == ["row_record_empty"]


def test_rows_sent_back_to_be_corrected_keep_the_month_of_the_title():
    rows = [["2025年3月曝光量统计表"], MONTHS, ["淘宝", "100", "店", "很多", 1]]
    reading = read("exposure", book(("数据", rows)))
    (row,) = reading.rows
    buffer = io.BytesIO()
    assert write_errors_xlsx(reading, report_lines(row), buffer, lang="zh") == 1
    again = read_book_guarded(buffer.getvalue(), "更正.xlsx")
    assert again.sheets[0].name == "待更正的行 2025年3月"
    read_again = read_book_rows(ImportKind.EXPOSURE, again, "更正", regions=PUTIAN)
    assert read_again.rows[0].values["month"].from_on == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ('0"万双"', "", "万双"),
        ('#,##0.00"万元"', "", "万元"),
        (r"0\万\双", "", "万双"),
        ("0万双", "", "万双"),
        ('G/通用格式"人"', "", "人"),
        ('_ * #,##0.00"元"_ ', "", "元"),
        ('0"双";[Red]-0"双";0"双";@', "", "双"),
        ('0"双"_);(0"双")', "", "双"),
        ('"约"0"万双"', "约", "万双"),
    ],
)
def test_words_that_a_format_shows_beside_a_number(code, before, after):
    assert read_format(code) == Beside(before, after)


@pytest.mark.parametrize(
    "code",
    [
        "General", "@", "#,##0", "0.00%", "0E+00", 'yyyy"年"m"月"', "[$¥-804]#,##0.00",
        # Shown scaled, or large numbers otherwise than small ones: the words tell no unit.
        '0.0,"千双"', '#,##0,,"百万双"', '0!.0,"万"', '[>=10000]0"万双";0"双"', '0"双";-0"万双"',
    ],
)  # fmt: skip
def test_formats_that_tell_no_unit(code):
    assert read_format(code) is None


def pairs_of(number_format, value, heading="年产能"):
    head = [*FIRMS[:3], heading, FIRMS[4]]
    row = ["（虚构）甲鞋厂", uscc(1), "莆田市荔城区", (value, number_format), 50]
    reading = read("factories", book(("名单", [head, row])))
    (one,) = reading.rows
    codes = [fault.code for fault in one.faults]
    return one.values["capacity_pairs_per_year"], codes, reading.format_units


def test_a_unit_that_only_the_format_shows_is_applied_and_said():
    field = "capacity_pairs_per_year"
    assert pairs_of('0"万双"', 80) == (800_000, [], ((field, "万双"),))
    assert pairs_of('0.0"万双"', 80.5) == (805_000, [], ((field, "万双"),))
    assert pairs_of('#,##0"双"', 80_000) == (80_000, [], ((field, "双"),))
    # The cell's own unit goes before the heading's, as where it is typed.
    assert pairs_of('0"双"', 80_000, "年产能（万双）") == (80_000, [], ((field, "双"),))


def test_a_column_in_which_every_cell_shows_its_unit_is_not_said_to_lack_one():
    rows = [["（虚构）甲鞋厂", uscc(1), "莆田市荔城区", (80, '0"万双"'), 50]]
    assert read("factories", book(("名单", [FIRMS, *rows]))).unsaid_units == ()
    rows.append(["（虚构）乙鞋厂", uscc(2), "莆田市荔城区", 80, 50])
    unsaid = read("factories", book(("名单", [FIRMS, *rows]))).unsaid_units
    assert unsaid == ("capacity_pairs_per_year",)


def test_a_format_is_judged_as_if_its_words_had_been_typed():
    assert pairs_of('"约"0"万双"', 80)[:2] == (None, ["row_number_about_out"])
    assert pairs_of('0"万双/月"', 80)[:2] == (None, ["row_number_other_span_out"])
    assert pairs_of('0"人"', 80)[:2] == (None, ["row_unit_unknown"])
    # Neither a scaled number nor a word that is no unit tells one: 80 stays open.
    for code in ('0!.0,"万"', '0"号"', "0.00"):
        assert pairs_of(code, 80) == (None, ["row_unit_unsaid"], ())


def test_formats_pass_the_child_that_parses():
    content = book(("名单", [FIRMS, ["甲", uscc(1), "莆田", (80, '0"万双"'), (5, '0"人"')]]))
    sheet = read_book_guarded(content, "名单.xlsx").sheets[0]
    assert sheet.beside == {(1, 3): Beside("", "万双"), (1, 4): Beside("", "人")}
    assert sheet.rows[1][3:] == (80, 5)


def test_rows_that_the_file_hides_are_read_and_said():
    """The hidden note at the end is no data row."""
    reading = read("factories", firms_partly_hidden())
    assert reading.hidden == (3, 5)
    assert [row.row for row in reading.rows] == [2, 3, 4, 5]
    assert reading.skipped[0].row == 6


def test_refusals_name_the_sheet_of_a_workbook_that_has_several():
    twice = ["店铺ID", "店铺ID", "月份", "在售商品数"]
    content = book(("一店", [twice, ["1", "2", "2025-03", 5]]), ("说明", [["请填写"]]))
    with pytest.raises(Invalid) as refused:
        read("exposure", content)
    (fault,) = refused.value.faults
    assert (fault.code, fault.facts["sheet"]) == ("import_header_repeated_in", "一店")
    with pytest.raises(Refused, match="import_header_not_found_in") as missing:
        read("exposure", content, sheet="说明")
    assert missing.value.facts["sheet"] == "说明"
    assert sheet_names(content, "月报.xlsx") == ("一店", "说明")
    assert sheet_names(b"\x00\x01", "x.xlsx") == ()
    assert sheet_names("店铺ID,月份".encode(), "x.csv") == ()


def test_a_table_on_one_sheet_is_refused_as_before():
    with pytest.raises(Refused) as refused:
        read("exposure", xlsx([["请填写"]]))
    assert refused.value.code == "import_header_not_found"
