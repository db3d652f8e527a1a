"""What a Friday page says, as codes and numbers: the words are put when it is read.

Pure. What happened up to a day can be counted again later; what was waiting that day cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from marketplace.desk.issues.content import Number, change_of

NUMBERS = ("enrolled", "verified_week", "upheld_week", "rate_month", "overdue")


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

    @property
    def is_bare(self) -> bool:
        """Whether so few findings stand behind the month's rate that listings are a bare count."""
        return any("few" in remark.facts for remark in self.remarks)

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
    """Return how a number changed since an issue; None where that issue did not count it."""
    if earlier is None:
        return None
    before = next((n for n in earlier.numbers if n.key == now.key), None)
    return change_of(now, before)
