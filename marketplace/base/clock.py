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


def add_working_days(start: date, days: int, holidays: frozenset[date] = frozenset()) -> date:
    """Return the day `days` working days after `start` (weekends and `holidays` left out)."""
    day = start
    left = days
    while left > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            left -= 1
    return day
