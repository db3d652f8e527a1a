"""When things of the demo happened: on working days, at uneven hours, the same at every load."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from marketplace.assembly import App, bind
from marketplace.base.clock import FixedClock, start_of, today
from marketplace.base.house import House
from marketplace.desk.reactions import keep_standing
from marketplace.features.compliance.reactions import keep_summary

_HOURS = ((10, 47), (14, 6), (9, 23), (16, 38), (11, 15), (15, 2), (8, 54), (17, 19))
_SATURDAY = 5


@contextmanager
def gone_back(app: App) -> Iterator[tuple[App, FixedClock]]:
    """Give the house with a clock that can be set; what follows by itself goes by it too."""
    clock = FixedClock(app.clock.now())
    past = replace(app, house=replace(app.house, clock=clock))
    bind_to(app, past.house)
    try:
        yield past, clock
    finally:
        bind_to(app, app.house)


def bind_to(app: App, house: House) -> None:
    """Let a house follow what is told; lists and sums are made once, when everything was told."""
    bind(app.store, house, without=(keep_summary, keep_standing))


def office_hour(app: App, days_ago: int, turn: int) -> datetime:
    """Return an hour of a working day about so many days ago, never later than now.

    A day of the weekend becomes the Friday before: what has to follow comes three days later.
    """
    day = today(app.clock) - timedelta(days=days_ago)
    day -= timedelta(days=max(0, day.weekday() - _SATURDAY + 1))
    hour, minute = _HOURS[turn % len(_HOURS)]
    return min(start_of(day) + timedelta(hours=hour, minutes=minute), app.clock.now())
