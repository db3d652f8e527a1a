"""Months told in two columns, with a year of two digits, or in a title that is a date."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest

from marketplace.base.sheets import read_book_guarded
from marketplace.base.sheets.formats import is_month_format
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.outcomes import report_lines
from marketplace.exchange.periods import full_year
from marketplace.exchange.reading import read_book_rows
from marketplace.exchange.report import write_errors_xlsx
from marketplace.exchange.stated import stated_period
from tests.exchange.builders import PUTIAN, read, xlsx
from tests.exchange.test_stated import MONTHS, SHOP, book, months_of

TWO = ["平台", "店铺ID", "年", "月", "在售商品数"]


def two(*rows):
    """A table with the year in one column and the month in the next."""
    return book(("数据", [TWO, *(["淘宝", str(n), *row, 900] for n, row in enumerate(rows))]))


def test_a_year_beside_a_month_makes_the_month_and_is_said():
    content = two([2024, 3], ["2024年", "03月"], ["二〇二四年", "十二月"], [2025.0, 1.0])
    assert months_of(content) == ["2024-03-01", "2024-03-01", "2024-12-01", "2025-01-01"]
    reading = read("exposure", content)
    assert reading.years is not None
    assert (reading.years.header, reading.years.month_header) == ("年", "月")
    assert 2 not in {index for index, _ in reading.mapping.unmapped}
    assert all(row.faults == () for row in reading.rows)


@pytest.mark.parametrize("heading", ["年", "年份", "年度", "统计年份", "Year"])
def test_the_words_a_column_of_years_goes_by(heading):
    head = ["平台", "店铺ID", heading, "月份", "在售商品数"]
    content = book(("数据", [head, ["淘宝", "1", 2024, "3月", 900]]))
    assert months_of(content) == ["2024-03-01"]


def test_year_and_month_under_one_heading_of_two_rows():
    head = [["平台", "店铺ID", "统计时间", None, "在售商品数"], [None, None, "年", "月", None]]
    content = xlsx([*head, ["淘宝", "1", 2024, 3, 900]], merges=[(0, 2, 0, 3, "统计时间")])
    assert months_of(content) == ["2024-03-01"]


def test_a_year_merged_over_the_rows_of_its_months_is_that_of_each():
    rows = [TWO, *(["淘宝", str(m), 2024 if m == 1 else None, m, 900] for m in (1, 2, 3))]
    content = xlsx(rows, merges=[(1, 2, 3, 2, 2024)])
    assert months_of(content) == ["2024-01-01", "2024-02-01", "2024-03-01"]


@pytest.mark.parametrize(
    ("row", "code", "value"),
    [
        ([None, 3], "row_year_missing", ""),
        (["本年", 3], "row_year_unreadable", "本年"),
        ([98, 3], "row_year_unreadable", "98"),
        ([3024, 3], "row_year_unreadable", "3024"),
        ([2024, "2023年3月"], "row_year_differs", "2024 · 2023年3月"),
        ([2024, 13], "row_date_number", "13"),
        ([2024, None], "row_value_missing", ""),
    ],
)
def test_a_row_whose_year_or_month_is_not_told_stays_out_with_row_and_column(row, code, value):
    reading = read("exposure", two([2024, 1], [2024, 2], [2024, 2], row))
    assert [r.values.get("month") is not None for r in reading.rows] == [True] * 3 + [False]
    fault = next(f for f in reading.rows[-1].faults if f.blocking)
    assert (fault.column, fault.code, fault.value) == ("month", code, value)
    line = report_lines(reading.rows[-1])[0]
    assert (line.row, line.column) == (5, "month")
    said = [line.reason("zh"), line.reason("en"), line.fix("zh"), line.fix("en")]
    assert all(said)
    assert "{" not in "".join(said)


def test_a_month_that_names_its_own_year_agrees_or_stands_alone():
    content = two([2024, 1], [2024, 2], [2024, 5], [2024, "2024-03"], [None, "2024-04"])
    told = [f"2024-0{month}-01" for month in (1, 2, 5, 3, 4)]
    assert months_of(content) == told


def test_a_year_beside_whole_months_is_not_asked():
    reading = read("exposure", two([2023, "2024-03"], [2023, "2024-04"]))
    assert reading.years is None
    assert [r.values["month"].from_on for r in reading.rows] == [
        date(2024, 3, 1), date(2024, 4, 1),
    ]  # fmt: skip


def test_bare_months_without_a_year_stay_out_as_before():
    head = ["平台", "店铺ID", "月", "在售商品数"]
    content = book(("数据", [head, ["淘宝", "1", "3月", 900]]))
    assert months_of(content) == ["row_date_unreadable"]


def test_rows_sent_back_keep_their_year_beside_the_month():
    reading = read("exposure", two([2024, 1], [None, 2]))
    lines = [line for row in reading.rows for line in report_lines(row)]
    buffer = io.BytesIO()
    assert write_errors_xlsx(reading, lines, buffer, lang="zh") == 1
    again = read_book_guarded(buffer.getvalue(), "更正.xlsx")
    corrected = read_book_rows(ImportKind.EXPOSURE, again, "更正", regions=PUTIAN)
    assert corrected.years is not None
    assert corrected.rows[0].faults[0].code == "row_year_missing"


@pytest.mark.parametrize(
    ("cell", "first"),
    [("24年3月", "2024-03-01"), ("24-03", "2024-03-01"), ("24/3", "2024-03-01"),
     ("二四年三月", "2024-03-01"), ("05年12月份", "2005-12-01")],
)  # fmt: skip
def test_a_year_of_two_digits_is_read_where_it_can_be_no_other_and_said(cell, first):
    head = ["平台", "店铺ID", "月份", "在售商品数"]
    reading = read("exposure", book(("数据", [head, ["淘宝", "1", cell, 900]])))
    (row,) = reading.rows
    assert row.values["month"].from_on.isoformat() == first
    (note,) = row.faults
    assert (note.code, note.blocking, note.value) == ("row_year_two_digits", False, cell)
    assert note.facts["taken"] == first[:7]
    assert first[:7] in report_lines(row)[0].reason("zh")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("98年3月", "row_year_ambiguous"),  # 1998 or 2098
        ("00年3月", "row_year_ambiguous"),
        ("03-04", "row_year_ambiguous"),  # March 2004 or April 2003
        ("24-13", "row_date_impossible"),
        ("24.03", "row_date_unreadable"),
        (24.03, "row_date_number"),
        ("24", "row_date_unreadable"),
    ],
)
def test_a_short_year_that_may_be_another_stays_out(cell, code):
    head = ["平台", "店铺ID", "月份", "在售商品数"]
    assert months_of(book(("数据", [head, ["淘宝", "1", cell, 900]]))) == [code]


def test_two_digits_stand_for_one_year_or_for_none():
    assert [full_year(n) for n in (0, 1, 24, 79, 80, 99)] == [
        None, 2001, 2024, 2079, None, None,
    ]  # fmt: skip


def test_a_title_with_a_short_year_is_told_as_the_year_it_is():
    stated = stated_period(["24年3月曝光量统计表"])
    assert (stated.text, stated.period.from_on) == ("2024年3月", date(2024, 3, 1))
    assert stated_period(["填报日期：24年4月2日"]) is None
    assert stated_period(["98年3月统计表"]) is None


MARCH = datetime(2024, 3, 1)  # noqa: DTZ001 - a spreadsheet's date has no zone


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([(MARCH, 'yyyy"年"m"月"')], "2024-03-01"),
        ([(MARCH, 'yyyy"年"m"月";@')], "2024-03-01"),
        ([(MARCH, "mmm-yy")], "2024-03-01"),
        (["曝光量月报", (MARCH, "yyyy-mm")], "2024-03-01"),
        (["统计月份：", (MARCH, "yyyy-mm-dd")], "2024-03-01"),
        # A day says when something was made.
        ([(MARCH, "yyyy-mm-dd")], "row_value_missing"),
        (["填报日期：", (MARCH, "yyyy-mm-dd")], "row_value_missing"),
        (["填报日期：", (MARCH, 'yyyy"年"m"月"')], "row_value_missing"),
        ([(MARCH, 'm"月"d"日"')], "row_value_missing"),
    ],
)  # fmt: skip
def test_a_date_in_a_title_is_the_month_it_is_shown_or_called_as(cells, told):
    content = dated(cells)
    assert months_of(content) == [told]
    guarded = read_book_guarded(content, "月报.xlsx")
    rows = read_book_rows(ImportKind.EXPOSURE, guarded, "月报", regions=PUTIAN).rows
    month = rows[0].values.get("month")
    assert (month.from_on.isoformat() if month else "row_value_missing") == told


def test_a_month_in_a_date_of_the_title_is_said_as_it_is_read():
    period = read("exposure", dated([(MARCH, 'yyyy"年"m"月"')])).period
    assert (period.field, period.stated.text) == ("month", "2024年3月")


def dated(cells) -> bytes:
    """A workbook whose first row may hold dates of a format."""
    import xlsxwriter

    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer)
    page = workbook.add_worksheet("数据")
    for column, cell in enumerate(cells):
        if isinstance(cell, tuple):
            page.write_datetime(
                0, column, cell[0], workbook.add_format({"num_format": cell[1]})
            )
        else:
            page.write_string(0, column, cell)
    for number, row in enumerate([MONTHS, SHOP], start=1):
        page.write_row(number, 0, row)
    workbook.close()
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("code", "is_month"),
    [
        ('yyyy"年"m"月"', True), ("yyyy/m", True), ("[$-411]e/m", True), ("mmmm yyyy", True),
        ("yyyy-mm-dd", False), ('m"月"', False), ("yyyy", False), ("yyyy-mm hh:mm", False),
        ("0.00", False), ("General", False), ('0"年m月y"', False),
    ],
)  # fmt: skip
def test_formats_that_show_a_month(code, is_month):
    assert is_month_format(code) is is_month
