"""Days that a field cannot mean, said in words where they were typed.

A browser that knows the bounds of a date field refuses what is typed beyond them by itself, in
English, and tells the server nothing: the button then sends the form without the day. So fields
take any day of two centuries and the bounds are judged here.
"""

from __future__ import annotations

from datetime import date

from marketplace.base.errors import Fault
from marketplace.base.words import format_day

Faults = dict[str, Fault]  # by the name of the field
FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)


def beyond(label: str, day: date, earliest: date, latest: date | None) -> Fault | None:
    """Return what is wrong with a day outside its bounds, both inclusive; None inside."""
    if day < earliest:
        return Fault("", "day_too_early", {"field": label, "day": format_day(earliest)})
    if latest is not None and day > latest:
        return Fault("", "day_too_late", {"field": label, "day": format_day(latest)})
    return None
