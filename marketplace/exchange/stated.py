"""Finds the period a whole table is about where no column says it: in its title or sheet's name.

It must not guess: the day a form was filled in is no period, a quarter is no month, and of two
months in a title nobody knows which is meant. A year of two digits is told as the one it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.base.text import normalize
from marketplace.exchange.periods import (
    Period,
    Precision,
    UnreadableDate,
    chinese_to_arabic,
    month_period,
)

_Y = r"(?<![\dA-Za-z])((?:19|20)\d{2})"
_M = r"(0?[1-9]|1[0-2])"
_TO = r"[-~\u2013\u2014至到]+"
# What tells when the form was made or how far it looks, not what it is about.
_ASIDE = re.compile(
    r"(?:填报|填表|制表|编制|打印|报送|上报|报出|导出|下载|生成|更新|印发|发文|登记|受理|审核)"
    r"(?:日期|时间|月份)?[:为于]?" + _Y + r"[年./-]\d{1,2}(?:[月./-](?:\d{1,2}[日号]?)?)?"
    r"|截[至止](?:时间|日期)?[到于:]?" + _Y + r"[年./-]\d{1,2}(?:[月./-](?:\d{1,2}[日号]?)?)?"
    r"|(?:上年|去年)?同期[^,;。]{0,20}|(?:较|比|环比|同比)" + _Y + r"年?(?:\d{1,2}月)?"
    r"|" + _Y + r"年?(?:\d{1,2}月)?同期"
)
_DAYS = re.compile(
    _Y + r"[年./-]" + _M + r"[月./-](\d{1,2})[日号]?" + _TO
    + r"(?:((?:19|20)\d{2})[年./-])?(?:" + _M + r"[月./-])?(\d{1,2})[日号]?"
)  # fmt: skip
_DAY = re.compile(_Y + r"[年./-]" + _M + r"[月./-]\d{1,2}[日号]?")
_MONTHS = re.compile(
    _Y
    + r"[年./-]"
    + _M
    + r"月?(?:"
    + _TO
    + r"|[、,和及与])(?:((?:19|20)\d{2})[年./-])?"
    + _M
    + r"月"
)
_QUARTER = re.compile(
    _Y + r"年?[-_ ]?(?:第?([一二三四1-4])季度?|Q([1-4])(?![A-Za-z\d]))", re.IGNORECASE
)
_HALF = re.compile(_Y + r"年?([上下])半年")
_YEARS = re.compile(_Y + r"年?" + _TO + r"((?:19|20)\d{2})年?(?!\d)")
_MONTH = re.compile(
    _Y + r"(?:年" + _M + r"月|[./-]" + _M + r"(?![\d./-]|号)|(0[1-9]|1[0-2])(?!\d))"
)
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_MONTH = re.compile(
    r"(?<![A-Za-z])(" + "|".join(_NAMES) + r")[a-z]{0,6}[.,-]?((?:19|20)\d{2})(?!\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(_Y + r"(?:年(?!\d)|(?=\D*$)(?![./\d-]))")
_BARE_MONTH = re.compile(r"(?<![\d年至到-])" + _M + r"月(?:份)?(?![至到~-])")


# 24年3月 is of 2024: the periods read here begin in 1980, and 80年 may be of two centuries.
_SHORT_YEAR = re.compile(r"(?<![\dA-Za-z])((?!00)[0-7]\d)年(?=" + _M + r"月)")


@dataclass(frozen=True, slots=True)
class Stated:
    """A stretch of days a title names, in its words; `is_certain` is false where two are named."""

    period: Period
    text: str
    is_certain: bool = True

    @property
    def is_month(self) -> bool:
        """Tell whether it is one month and no other."""
        return self.period.precision is Precision.MONTH and self.is_certain


def stated_period(titles: Iterable[str]) -> Stated | None:
    """Return the period that titles name; one month within a longer stretch is meant before it."""
    plain = [
        _SHORT_YEAR.sub(r"20\1年", chinese_to_arabic(normalize(title)).replace(" ", ""))
        for title in titles
    ]
    found, rest = [], []
    for title in plain:
        named, left = _named(title)
        found += named
        rest.append(left)
    years = {one.period.from_on.year for one in found}
    if len(years) == 1:
        found += [one for title in rest for one in _bare_months(title, next(iter(years)))]
    months = _distinct(one for one in found if one.period.precision is Precision.MONTH)
    longer = _distinct(one for one in found if one.period.precision is not Precision.MONTH)
    if not months:
        return _only(longer)
    outside = [one for one in longer if not _holds(one.period, months[0].period)]
    return _only([*months, *outside])


def _only(found: list[Stated]) -> Stated | None:
    if len(found) < 2:
        return found[0] if found else None
    text = "、".join(one.text for one in found[:3])
    return Stated(found[0].period, text, is_certain=False)


def _distinct(found: Iterable[Stated]) -> list[Stated]:
    """Each period once; of two, one of which holds the other, the shorter."""
    each: dict[tuple[date, date], Stated] = {}
    for one in found:
        each.setdefault((one.period.from_on, one.period.until_on), one)
    some = list(each.values())
    return [
        one
        for one in some
        if not any(other is not one and _holds(one.period, other.period) for other in some)
    ]


def _holds(longer: Period, period: Period) -> bool:
    return longer.from_on <= period.from_on and period.until_on <= longer.until_on


def _named(title: str) -> tuple[list[Stated], str]:
    """Every stretch a title names, and what is left of it: one form takes what no other did."""
    found: list[Stated] = []
    rest = _ASIDE.sub("#", title)
    for form, read in (
        (_DAYS, _of_days), (_MONTHS, _of_months), (_DAY, _nothing), (_QUARTER, _of_quarter),
        (_HALF, _of_half), (_YEARS, _of_years), (_MONTH, _of_month),
        (_NAMED_MONTH, _of_named_month), (_YEAR, _of_year),
    ):  # fmt: skip
        for match in form.finditer(rest):
            try:
                period = read(match)
            except (UnreadableDate, ValueError):
                continue
            if period is not None:
                found.append(Stated(period, match[0]))
        rest = form.sub("#", rest)
    return found, rest


def _bare_months(title: str, year: int) -> Iterator[Stated]:
    """Months that name no year of their own, such as the sheet 3月 of a workbook of 2025."""
    for match in _BARE_MONTH.finditer(title):
        yield Stated(month_period(year, int(match[1])), f"{year}年{match[1]}月")


def _of_days(match: re.Match[str]) -> Period:
    """A first day to a last day; a month where they are those of one."""
    year, month, day, until_year, until_month, until_day = match.groups()
    first = date(int(year), int(month), int(day))
    last = date(int(until_year or year), int(until_month or month), int(until_day))
    return _stretch(first, last + timedelta(days=1))


def _of_months(match: re.Match[str]) -> Period:
    year, month, until_year, until_month = match.groups()
    first = month_period(int(year), int(month))
    last = month_period(int(until_year or year), int(until_month))
    return _stretch(first.from_on, last.until_on)


def _of_quarter(match: re.Match[str]) -> Period:
    number = "一二三四".find(match[2]) + 1 if match[2] in tuple("一二三四") else 0
    number = number or int(match[2] or match[3])
    return _months(int(match[1]), 3 * number - 2, 3 * number)


def _of_half(match: re.Match[str]) -> Period:
    return _months(int(match[1]), *((1, 6) if match[2] == "上" else (7, 12)))


def _of_years(match: re.Match[str]) -> Period:
    return _stretch(date(int(match[1]), 1, 1), date(int(match[2]) + 1, 1, 1))


def _of_month(match: re.Match[str]) -> Period:
    return month_period(int(match[1]), int(match[2] or match[3] or match[4]))


def _of_named_month(match: re.Match[str]) -> Period:
    return month_period(int(match[2]), _NAMES.index(match[1].casefold()) + 1)


def _of_year(match: re.Match[str]) -> Period:
    year = int(match[1])
    return Period(date(year, 1, 1), date(year + 1, 1, 1), Precision.YEAR)


def _nothing(_match: re.Match[str]) -> None:
    """A single day says when something was made."""


def _months(year: int, first: int, last: int) -> Period:
    return _stretch(month_period(year, first).from_on, month_period(year, last).until_on)


def _stretch(from_on: date, until_on: date) -> Period:
    """Several months or years; one month where it is just that.

    Raises:
        UnreadableDate: for one that ends before it starts.
    """
    if until_on <= from_on:
        raise UnreadableDate("row_date_impossible")
    month = month_period(from_on.year, from_on.month)
    if (month.from_on, month.until_on) == (from_on, until_on):
        return month
    return Period(from_on, until_on, Precision.SPAN)
