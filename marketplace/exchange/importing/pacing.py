"""Decides which rows the next unit of work takes, so that nobody else waits long for his turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.reading import RowReading

UNIT_SECONDS = 0.2  # what a unit should last; others wait at most 0.3 s
FEWEST_ROWS = (
    50  # a unit has costs of its own: on a busy machine fewer rows are no shorter wait
)


@dataclass(slots=True)
class Pace:
    """How many rows a unit takes: as many as last `UNIT_SECONDS`, at most `most`."""

    most: int
    rows: int = FEWEST_ROWS

    def __post_init__(self) -> None:
        """Never begin with more than allowed."""
        self.rows = min(self.rows, self.most)

    def took(self, rows: int, seconds: float) -> None:
        """Learn from a unit how many rows the next may take: half to twice as many.

        One slow turn of the disk must not make all that follow small.
        """
        fitting = int(rows * UNIT_SECONDS / max(seconds, 1e-6))
        wanted = max(rows // 2, min(fitting, 2 * rows))
        self.rows = min(self.most, max(FEWEST_ROWS, wanted))


def portions(rows: Sequence[RowReading], pace: Pace) -> Iterator[tuple[RowReading, ...]]:
    """Give the rows in portions, each as large as the pace says when it is asked for."""
    start = 0
    while start < len(rows):
        some = tuple(rows[start : start + pace.rows])
        yield some
        start += len(some)


def in_order_of_taking(kind: ImportKind, rows: Sequence[RowReading]) -> list[RowReading]:
    """Return the rows as they are taken in: those of one store together, else as in the file.

    The sums of a store's holder are worked out once for each unit that touches it; a file sorted
    by month would have it done for every row. Rows of one store keep their order, and those of
    two stores mean nothing to each other.
    """
    if kind is not ImportKind.EXPOSURE:
        return list(rows)
    return sorted(rows, key=lambda row: str(row.values.get("store_no") or ""))
