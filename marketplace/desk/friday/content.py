"""What a Friday page says, as codes and numbers: the words are put when it is read.

Pure. A number keeps its numerator and its n; a rate is never kept without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

NUMBERS = ("enrolled", "verified_week", "upheld_week", "rate_month", "overdue")

# What happened up to a day can be counted again later; what was waiting that day cannot.
RECOUNTED = ("enrolled", "verified_week", "upheld_week", "rate_month")


@dataclass(frozen=True, slots=True)
class Number:
    """One of the five: a count, or a rate of `count` per 1,000 of `n`."""

    key: str
    count: int
    n: int | None = None

    @property
    def per_thousand(self) -> float | None:
        """The rate; None for a plain count and where nothing was looked at."""
        return None if not self.n else 1_000 * self.count / self.n


@dataclass(frozen=True, slots=True)
class Remark:
    """One of the three findings: a code of words and its facts."""

    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Overdue:
    """One thing past its day: of which kind, of whom, who holds it, for how many days."""

    kind: str
    title: str
    about: str
    held_by: str
    days: int


@dataclass(frozen=True, slots=True)
class FridayContent:
    """A whole page; `day` is the last day it counts, ISO."""

    day: str
    numbers: tuple[Number, ...]
    remarks: tuple[Remark, ...]
    overdue: tuple[Overdue, ...]
    overdue_total: int

    def number(self, key: str) -> Number:
        """Return one of the five.

        Raises:
            KeyError: when the page has no such number.
        """
        for number in self.numbers:
            if number.key == key:
                return number
        raise KeyError(key)

    def to_json(self) -> dict[str, Any]:
        """Return the page in the form that is frozen."""
        return asdict(self)


def from_json(content: Mapping[str, Any]) -> FridayContent:
    """Return a frozen page as it was issued.

    Raises:
        KeyError: when a part is missing.
    """
    return FridayContent(
        day=str(content["day"]),
        numbers=tuple(Number(**number) for number in content["numbers"]),
        remarks=tuple(Remark(**remark) for remark in content["remarks"]),
        overdue=tuple(Overdue(**thing) for thing in content["overdue"]),
        overdue_total=int(content["overdue_total"]),
    )


def change_since(now: Number, earlier: FridayContent | None) -> int | float | None:
    """Return how a number changed since an issue: a difference of counts, or of rates.

    None without an earlier issue, or where one of two rates rests on nothing.
    """
    if earlier is None:
        return None
    try:
        before = earlier.number(now.key)
    except KeyError:
        return None
    if now.n is None:
        return now.count - before.count
    if now.per_thousand is None or before.per_thousand is None:
        return None
    return now.per_thousand - before.per_thousand


def differences(
    issued: FridayContent, recounted: Sequence[Number]
) -> list[tuple[Number, Number]]:
    """Return (as issued, as counted now) of every number a later correction changed."""
    by_key = {number.key: number for number in recounted}
    return [
        (number, by_key[number.key])
        for number in issued.numbers
        if number.key in RECOUNTED and number.key in by_key and by_key[number.key] != number
    ]
