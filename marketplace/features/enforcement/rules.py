"""The points ledger as pure arithmetic: what an offense costs and when a store closes.

Source: domain rules 9 and 10 (interview of February 2015); the figures come from the program
file. It must not look at earlier records, links or complaints: they never score.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from marketplace.base.rulebook import Rulebook
from marketplace.features.enforcement.kinds import EntryKind, Measure


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry of a store's ledger, oldest first; `reverses` is the entry a reversal undoes."""

    entry_id: int
    kind: EntryKind
    points: int
    reverses: int | None


@dataclass(frozen=True, slots=True)
class Score:
    """What a newly decided finding does: offense number, points, balance after, measure."""

    offense: int
    points: int
    balance: int
    measure: Measure
    suspension_days: int
    closes: bool


def balance_of(lines: Iterable[LedgerLine]) -> int:
    """Return the sum of a ledger in points."""
    return sum(line.points for line in lines)


def offenses_standing(lines: Iterable[LedgerLine]) -> int:
    """Return how many scored findings have not been reversed."""
    lines = list(lines)
    reversed_ids = {line.reverses for line in lines if line.reverses is not None}
    return sum(
        1
        for line in lines
        if line.kind is EntryKind.SCORE and line.entry_id not in reversed_ids
    )


def score_next(rulebook: Rulebook, lines: Iterable[LedgerLine]) -> Score:
    """Return what the next offense of a store means.

    The store closes when the balance reaches the threshold (a threshold, not an equality:
    0 + 2 + 24 + 24 = 50).
    """
    lines = list(lines)
    offense = offenses_standing(lines) + 1
    step = rulebook.points_for_offense(offense)
    balance = balance_of(lines) + step.points
    closes = balance >= rulebook.points.closure_balance
    measure = Measure.CLOSURE if closes else Measure(str(step.measure))
    return Score(
        offense=offense,
        points=step.points,
        balance=balance,
        measure=measure,
        suspension_days=0 if closes else step.suspension_days,
        closes=closes,
    )
