"""Quarters of the calendar year in Asia/Shanghai: which one, from when until when, is it over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.base.clock import month_index, month_start
from marketplace.base.errors import Fault, Invalid

_WRITTEN = re.compile(r"(20\d\d)Q([1-4])")
MONTHS = 3


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three calendar months; `number` is 1 to 4."""

    year: int
    number: int

    @property
    def key(self) -> str:
        """How it is written in addresses and kept, as `2026Q3`."""
        return f"{self.year}Q{self.number}"

    @property
    def first(self) -> int:
        """Its first month, an index."""
        return self.year * 12 + (self.number - 1) * MONTHS

    @property
    def last(self) -> int:
        """Its last month, an index, inclusive."""
        return self.first + MONTHS - 1

    @property
    def start(self) -> date:
        """Its first day."""
        return month_start(self.first)

    @property
    def end(self) -> date:
        """Its last day, inclusive."""
        return month_start(self.last + 1) - timedelta(days=1)

    @property
    def previous(self) -> Quarter:
        """The quarter before."""
        return quarter_of(self.first - 1)

    @property
    def next(self) -> Quarter:
        """The quarter after."""
        return quarter_of(self.last + 1)

    def is_over(self, day: date) -> bool:
        """Tell whether the quarter ended before a day."""
        return day > self.end

    def has_begun(self, day: date) -> bool:
        """Tell whether a day lies in the quarter or after it."""
        return day >= self.start


def quarter_of(month: int) -> Quarter:
    """Return the quarter a month index lies in."""
    return Quarter(month // 12, month % 12 // MONTHS + 1)


def quarter_on(day: date) -> Quarter:
    """Return the quarter a day lies in."""
    return quarter_of(month_index(day))


def parse_quarter(text: str) -> Quarter:
    """Return the quarter written as `2026Q3`.

    Raises:
        Invalid: for anything else.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise Invalid([Fault("quarter", "quarter_unknown", {"text": text[:40]})])
    return Quarter(int(found[1]), int(found[2]))
