"""Time: instants are aware UTC, civil days and months are those of Asia/Shanghai.

Nothing outside this module calls `datetime.now`; a command is given its Clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Gives the present instant."""

    def now(self) -> datetime:
        """Return the present as an aware UTC instant."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's present instant."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until told otherwise; for tests and the demo program."""

    at: datetime

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self.at

    def advance(self, **delta: float) -> None:
        """Move on by the given `timedelta` arguments."""
        self.at += timedelta(**delta)


def civil_day(at: datetime) -> date:
    """Return the Shanghai day an instant falls on."""
    return require_aware(at).astimezone(SHANGHAI).date()


def today(clock: Clock) -> date:
    """Return the present Shanghai day."""
    return civil_day(clock.now())


def start_of(day: date) -> datetime:
    """Return the first instant of a Shanghai day, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def require_aware(at: datetime) -> datetime:
    """Return `at` unchanged.

    Raises:
        ValueError: when it has no time zone; a naive instant is always a mistake here.
    """
    if at.tzinfo is None or at.utcoffset() is None:
        msg = "naive datetime"
        raise ValueError(msg)
    return at


def month_index(day: date) -> int:
    """Return a month as an integer, year x 12 + month - 1, so that months subtract."""
    return day.year * 12 + day.month - 1


def month_label(index: int) -> str:
    """Return `2026-03` for a month index."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def month_start(index: int) -> date:
    """Return the first day of a month index."""
    return date(index // 12, index % 12 + 1, 1)


def month_end(index: int) -> date:
    """Return the last day of a month index: who holds a store that day is whose month it is."""
    return month_start(index + 1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked: weekdays but `holidays`, and the moved `workdays` (调休).

    A day in both is worked: the notice that moves a day names it.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Tell whether a day is worked."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)


Calendar = WorkCalendar | frozenset[date]  # bare holidays are a calendar without moved days


def add_working_days(start: date, days: int, calendar: Calendar = frozenset()) -> date:
    """Return the day `days` working days after `start`; the first day is not counted."""
    worked = _calendar(calendar)
    day = start
    left = days
    while left > 0:
        day += timedelta(days=1)
        if worked.is_working_day(day):
            left -= 1
    return day


def working_days_between(start: date, end: date, calendar: Calendar = frozenset()) -> int:
    """Return how many working days lie after `start` up to and with `end`; 0 on the same day."""
    worked = _calendar(calendar)
    span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(1 for day in span if worked.is_working_day(day))


def _calendar(calendar: Calendar) -> WorkCalendar:
    return calendar if isinstance(calendar, WorkCalendar) else WorkCalendar(calendar)
