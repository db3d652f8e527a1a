"""Reads dates as departments write them, with the precision they have.

It must not guess: the 31st of February, a day written as a bare number, or a month that Excel
cut to `2020.1` are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from marketplace.base.text import normalize

EARLIEST_YEAR, LATEST_YEAR = 1980, 2100
_FIRST_SERIAL, _LAST_SERIAL = 29_221, 73_415  # 1980-01-01 and 2100-12-31

_SEPARATED_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.0+)?)?$")
_PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?(?:份)?")
_PLAIN_MONTH = re.compile(r"(\d{4})(\d{2})")
_YEAR = re.compile(r"(\d{4})年?(?:度)?")
# 24年3月 and 24-03; nobody writes a day before its month here, and no month is above 12.
_SHORT_MONTH = re.compile(r"(\d{2})年(\d{1,2})月(?:份)?")
_SHORT_DASHED = re.compile(r"(\d{2})[-/](\d{1,2})")
# 24/3/1 and 24年3月15日; of 15.4.17 nobody knows which number is the year.
_SHORT_DAY = re.compile(r"(\d{2})(?:年(\d{1,2})月(\d{1,2})[日号]?|[-/.](\d{1,2})[-/.](\d))")
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = "(" + "|".join(_NAMES) + r")[a-z]{0,6}[.,]?"
# March 2024 and 03/2024; Mar-24 is how a spreadsheet shows a month, 24-Mar how it shows a day.
_NAMED_MONTH = re.compile(_ENGLISH + r"[-/]?(\d{4})", re.IGNORECASE)
_SHORT_NAMED = re.compile(_ENGLISH + r"[-/'](\d{2})", re.IGNORECASE)
_TURNED_MONTH = re.compile(r"(0?[1-9]|1[0-2])[-/](\d{4})")
_SPAN_SIGN = re.compile(r"\s*(?:[~至到–]|—{1,2})\s*")
_NUMERALS = {c: str(i % 10) for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
}
_CHINESE_DATE = re.compile(r"[〇○零一二三四五六七八九十]+(?=[年月日])")


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    SPAN = "span"  # several months or years, as a title names them


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days; `until_on` is exclusive."""

    from_on: date
    until_on: date
    precision: Precision


class UnreadableDate(ValueError):
    """The text is no date; `code` says in which way."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


def day_period(day: date) -> Period:
    """Return the period of one day."""
    return Period(day, day + timedelta(days=1), Precision.DAY)


def month_period(year: int, month: int) -> Period:
    """Return the period of one month.

    Raises:
        UnreadableDate: `row_date_impossible` for a month or year that is none.
    """
    first = _day(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(first, following, Precision.MONTH)


def parse_period(text: str) -> Period:
    """Return the period a text names: `2017年4月15日`, `2016/2/12`, `2020.9`, `2019年`.

    Raises:
        UnreadableDate: `row_date_unreadable` or `row_date_impossible`.
    """
    plain = chinese_to_arabic(normalize(text))
    plain = _CLOCK.sub("", plain).replace(" ", "")
    for form in (_SEPARATED_DAY, _PLAIN_DAY):
        if match := form.fullmatch(plain):
            year, month, day = (int(part) for part in match.groups())
            return day_period(_day(year, month, day))
    for form in (_MONTH, _PLAIN_MONTH):
        if match := form.fullmatch(plain):
            return month_period(int(match[1]), int(match[2]))
    if match := _NAMED_MONTH.fullmatch(plain):
        return month_period(int(match[2]), _NAMES.index(match[1].casefold()) + 1)
    if match := _TURNED_MONTH.fullmatch(plain):
        return month_period(int(match[2]), int(match[1]))
    if match := _YEAR.fullmatch(plain):
        first = _day(int(match[1]), 1, 1)
        return Period(first, date(first.year + 1, 1, 1), Precision.YEAR)
    raise UnreadableDate("row_date_unreadable")


def parse_span(text: str) -> Period | None:
    """Return the stretch `2017-01 ~ 2017-06` or `2017年3月1日至2017年4月5日` names, else None."""
    ends = _SPAN_SIGN.split(normalize(text).strip())
    if len(ends) != 2:
        return None
    try:
        first, last = (parse_period(end) for end in ends)
    except UnreadableDate:
        return None
    if first.precision is not last.precision or first.from_on >= last.from_on:
        return None
    return Period(first.from_on, last.until_on, Precision.SPAN)


def full_year(two_digits: int) -> int | None:
    """Return the only year these two digits can be; None where they may be of two centuries.

    24 is 2024: 1924 is before anything that is read here. 98 is 1998 or 2098.
    """
    fitting = [
        year
        for year in (1900 + two_digits, 2000 + two_digits, 2100 + two_digits)
        if EARLIEST_YEAR <= year <= LATEST_YEAR
    ]
    return fitting[0] if len(fitting) == 1 else None


def parse_short(text: str) -> Period | None:
    """Return the month or day a text names with a year of two digits; None where it names none.

    Raises:
        UnreadableDate: `row_year_ambiguous` where another year, or the other number, may be meant.
    """
    plain = chinese_to_arabic(normalize(text)).replace(" ", "")
    if day := _SHORT_DAY.fullmatch(plain):
        year = _only_year(int(day[1]))
        return day_period(_day(year, int(day[2] or day[4]), int(day[3] or day[5])))
    if named := _SHORT_NAMED.fullmatch(plain):
        return month_period(_only_year(int(named[2])), _NAMES.index(named[1].casefold()) + 1)
    match = _SHORT_MONTH.fullmatch(plain)
    dashed = _SHORT_DASHED.fullmatch(plain)
    found = match or dashed
    if found is None:
        return None
    if dashed and int(found[1]) <= 12:
        raise UnreadableDate("row_year_ambiguous")
    return month_period(_only_year(int(found[1])), int(found[2]))


def _only_year(two_digits: int) -> int:
    year = full_year(two_digits)
    if year is None:
        raise UnreadableDate("row_year_ambiguous")
    return year


def parse_number_period(number: float) -> Period:
    """Return the period of a number cell: 20170415, 202009, 2019 or 2020.9.

    Raises:
        UnreadableDate: `row_date_number` for a bare serial number, `row_month_ambiguous` for
            2020.1, which was January or October before the spreadsheet took it for a number.
    """
    if not isinstance(number, int):
        year, _, part = repr(number).partition(".")
        if part == "1":
            raise UnreadableDate("row_month_ambiguous")
        if re.fullmatch(r"\d{4}", year) and re.fullmatch(r"[2-9]|0[1-9]|1[12]", part):
            return month_period(int(year), int(part))
        raise UnreadableDate("row_date_number")
    text = str(number)
    if len(text) == 8 or (len(text) == 6 and 1 <= number % 100 <= 12):
        return parse_period(text)
    if EARLIEST_YEAR <= number <= LATEST_YEAR:
        return parse_period(text)
    raise UnreadableDate("row_date_number")


def serial_day(number: object) -> date | None:
    """Return the day whose serial number a spreadsheet would show, to be proposed and never taken.

    Files of old Macs count from 1904, so the number alone decides nothing.
    """
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    if number != int(number) or not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return None
    return date(1899, 12, 30) + timedelta(days=int(number))


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise UnreadableDate("row_date_impossible") from error
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise UnreadableDate("row_date_impossible")
    return found


def chinese_to_arabic(text: str) -> str:
    """Return a text with the years, months and days in it that are written out as digits."""
    return _CHINESE_DATE.sub(_arabic, text)


def _arabic(match: re.Match[str]) -> str:
    """十五 is 15, 二十 is 20, 二〇一七 is 2017."""
    text = match[0]
    if "十" not in text:
        return "".join(_NUMERALS[c] for c in text)
    tens, _, ones = text.partition("十")
    return (_NUMERALS.get(tens, "1") or "1") + (_NUMERALS.get(ones, "0") if ones else "0")
