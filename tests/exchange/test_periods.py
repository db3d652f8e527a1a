from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.exchange.periods import Period, Precision
from marketplace.exchange.values import parse_month, parse_when

DAY, MONTH, YEAR = Precision.DAY, Precision.MONTH, Precision.YEAR


@pytest.mark.parametrize(
    ("cell", "first", "until", "precision"),
    [
        (date(2014, 5, 10), date(2014, 5, 10), date(2014, 5, 11), DAY),
        ("2017年4月15日", date(2017, 4, 15), date(2017, 4, 16), DAY),
        ("2016/2/12", date(2016, 2, 12), date(2016, 2, 13), DAY),
        ("2013-02-01", date(2013, 2, 1), date(2013, 2, 2), DAY),
        ("2013.2.1", date(2013, 2, 1), date(2013, 2, 2), DAY),
        ("20130201", date(2013, 2, 1), date(2013, 2, 2), DAY),
        (20130201, date(2013, 2, 1), date(2013, 2, 2), DAY),
        ("2013-12-31 00:00:00", date(2013, 12, 31), date(2014, 1, 1), DAY),
        ("２０１６年２月１２日", date(2016, 2, 12), date(2016, 2, 13), DAY),
        ("二〇一七年四月十五日", date(2017, 4, 15), date(2017, 4, 16), DAY),
        ("二〇二〇年十二月三十一日", date(2020, 12, 31), date(2021, 1, 1), DAY),
        ("2020.9", date(2020, 9, 1), date(2020, 10, 1), MONTH),
        ("2020.1", date(2020, 1, 1), date(2020, 2, 1), MONTH),
        ("2020年12月", date(2020, 12, 1), date(2021, 1, 1), MONTH),
        (2020.9, date(2020, 9, 1), date(2020, 10, 1), MONTH),
        ("2019年", date(2019, 1, 1), date(2020, 1, 1), YEAR),
        (2019, date(2019, 1, 1), date(2020, 1, 1), YEAR),
    ],
)
def test_a_date_is_read_with_the_precision_it_has(cell, first, until, precision):
    parsed = parse_when(cell, column="decided_on")
    assert parsed.value == Period(first, until, precision)
    assert not any(fault.blocking for fault in parsed.faults)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2013-02-30", "row_date_impossible"),
        ("2013-13-01", "row_date_impossible"),
        ("2014年2月29日", "row_date_impossible"),
        ("0014-05-01", "row_date_impossible"),
        ("15.4.17", "row_date_unreadable"),
        ("春节前", "row_date_unreadable"),
        (42840, "row_date_number"),
        (2020.1, "row_month_ambiguous"),
        (True, "row_date_unreadable"),
    ],
)
def test_what_is_no_date_is_refused(cell, code):
    parsed = parse_when(cell, column="decided_on")
    assert parsed.value is None
    assert [(f.code, f.blocking) for f in parsed.faults] == [(code, True)]


def test_an_unknown_date_is_left_open_and_said():
    parsed = parse_when("不详", column="decided_on")
    assert parsed.value is None
    assert [(f.code, f.blocking) for f in parsed.faults] == [("row_date_unknown", False)]
    assert parse_when(None, column="decided_on").faults == ()


@pytest.mark.parametrize(
    "cell",
    [
        "2024-01",
        "2024年1月",
        "2024/1",
        "202401",
        202401,
        "2024.01",
        date(2024, 1, 1),
        "2024年1月份",
    ],
)
def test_a_month_is_read_in_every_spelling(cell):
    parsed = parse_month(cell, column="month")
    assert parsed.value == Period(date(2024, 1, 1), date(2024, 2, 1), MONTH)


@pytest.mark.parametrize("cell", ["2024", "2024-01-15", "2024-13", "一月", 45292])
def test_what_is_no_month_is_refused(cell):
    parsed = parse_month(cell, column="month")
    assert parsed.value is None
    assert parsed.faults[0].blocking


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_every_day_is_read_back_from_its_spellings(day):
    spellings = (
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        datetime.combine(day, datetime.min.time()),
    )
    for spelling in spellings:
        value = parse_when(spelling, column="x").value
        assert isinstance(value, Period)
        assert value.from_on == day


@given(st.text(max_size=16))
def test_no_text_breaks_the_reader(text):
    value = parse_when(text, column="x").value
    assert value is None or isinstance(value, Period)


def test_a_plain_number_is_refused_and_the_day_it_may_be_is_proposed():
    (fault,) = parse_when(44300, column="decided_on").faults
    # 44,300 days after 1899-12-30
    assert (fault.blocking, fault.facts["day"], fault.fix_code) == (
        True,
        "2021-04-14",
        "day_proposed",
    )
    assert parse_when(12, column="decided_on").faults[0].fix_code == "row_date_number"
