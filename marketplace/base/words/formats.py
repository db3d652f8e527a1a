"""How numbers, days and rates are written; the one place for it."""

from __future__ import annotations

import math
from datetime import date, datetime

from marketplace.base.clock import SHANGHAI

DASH = "—"


def format_count(count: int | None) -> str:
    """Return `12,480`, or a dash for None."""
    return DASH if count is None else f"{count:,}"


def format_day(day: date | None) -> str:
    """Return an ISO day, or a dash for None."""
    return DASH if day is None else day.isoformat()


def format_instant(at: datetime | None) -> str:
    """Return `2026-11-23 08:00` in Shanghai time, or a dash for None."""
    return DASH if at is None else at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def format_ratio(value: float) -> str:
    """Return a ratio with two digits; with more where two would call it 1, which means no change."""
    if math.isinf(value):
        return "∞"
    for digits in (2, 3, 4):
        told = f"{value:.{digits}f}"
        if value == 1 or float(told) != 1:
            return told
    return "< 1" if value < 1 else "> 1"


def format_rate_per_thousand(count: float, exposure: int) -> str:
    """Return infringing listings per 1,000 with one digit; a dash at zero exposure."""
    return DASH if exposure == 0 else f"{count * 1000 / exposure:.1f}"
