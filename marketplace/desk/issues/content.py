"""What every issued report has in common: counts that keep their n, and what changed in them.

Pure. A rate is never kept without its numerator and its n.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# What was wrong with the data or waiting on the day of issue: not counted again, no correction.
OF_THE_DAY = frozenset({"missing", "late", "disagreeing", "other_faults", "conflicts"})


@dataclass(frozen=True, slots=True)
class Number:
    """A count, or a rate of `count` per 1,000 of `n`."""

    key: str
    count: int
    n: int | None = None

    @property
    def per_thousand(self) -> float | None:
        """The rate; None for a plain count and where nothing was looked at."""
        return None if not self.n else 1_000 * self.count / self.n


def change_of(now: Number, before: Number | None) -> int | float | None:
    """Return how a number changed: a difference of counts, or of rates.

    None without an earlier one, or where one of two rates rests on nothing.
    """
    if before is None:
        return None
    if now.n is None:
        return now.count - before.count
    if now.per_thousand is None or before.per_thousand is None:
        return None
    return now.per_thousand - before.per_thousand


def differences(
    issued: Sequence[Number], recounted: Sequence[Number]
) -> list[tuple[Number, Number]]:
    """Return (as issued, as counted now) of every number a later correction changed.

    Only what was counted again is compared; the order is that of the issue.
    """
    by_key = {number.key: number for number in recounted}
    return [
        (number, by_key[number.key])
        for number in issued
        if number.key in by_key and by_key[number.key] != number
    ]


def corrected(before: Sequence[Number], after: Sequence[Number]) -> list[tuple[Number, Number]]:
    """Return (before, after) of every number by which a later edition corrects an earlier one."""
    return differences(before, [number for number in after if number.key not in OF_THE_DAY])
