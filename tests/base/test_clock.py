"""Instants are UTC, days and months are Shanghai's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.base.clock import (
    FixedClock,
    SystemClock,
    add_working_days,
    civil_day,
    month_index,
    month_label,
    month_start,
    require_aware,
    start_of,
    today,
)


def test_a_shanghai_day_begins_at_sixteen_hours_utc_of_the_day_before():
    assert civil_day(datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert civil_day(datetime(2026, 11, 22, 16, 0, 0, tzinfo=UTC)) == date(2026, 11, 23)
    assert start_of(date(2026, 11, 23)) == datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


def test_a_summer_of_daylight_saving_keeps_its_own_midnight():
    # China had daylight saving from 1986 to 1991: UTC+9 in July 1988.
    assert start_of(date(1988, 7, 1)) == datetime(1988, 6, 30, 15, 0, tzinfo=UTC)


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="naive"):
        require_aware(datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="naive"):
        civil_day(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_fixed_clock_stands_until_it_is_moved(clock: FixedClock):
    assert today(clock) == date(2026, 11, 23)
    clock.advance(hours=16)
    assert today(clock) == date(2026, 11, 24)  # 08:00 + 16 h = midnight


def test_the_machine_s_clock_gives_aware_utc():
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_month_is_a_number_that_subtracts():
    assert month_index(date(2026, 1, 31)) == 24312  # 2026 x 12 + 0
    assert month_index(date(2026, 1, 1)) - month_index(date(2025, 12, 31)) == 1
    assert month_label(24312) == "2026-01"
    assert month_label(24311) == "2025-12"


@given(st.dates())
def test_a_month_s_label_and_start_name_the_month_of_its_days(day: date):
    index = month_index(day)
    assert month_start(index) == day.replace(day=1)
    assert month_label(index) == f"{day:%Y-%m}".rjust(7, "0")


def test_working_days_leave_out_weekends_and_holidays():
    friday = date(2026, 11, 20)
    assert add_working_days(friday, 0) == friday
    assert add_working_days(friday, 1) == date(2026, 11, 23)
    assert add_working_days(friday, 1, frozenset({date(2026, 11, 23)})) == date(2026, 11, 24)
    assert add_working_days(friday, 10) == date(2026, 12, 4)  # two whole weeks


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_so_many_weekdays_lie_between(start: date, days: int):
    end = add_working_days(start, days)
    between = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert sum(day.weekday() < 5 for day in between) == days
    assert end.weekday() < 5
