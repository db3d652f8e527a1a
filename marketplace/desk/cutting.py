"""Which rows a page of a long list is, and from which end they are nearer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """From which end the rows are walked."""

    WHOLE = "whole"
    AHEAD = "ahead"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Cut:
    """The rows asked for, counted from the nearer end.

    An offset steps over every entry before it. How many there are is known from kept counts, so a
    page of the second half is read from the end: the first and the last cost the same.
    """

    way: Way
    asked: dict[str, int]
    first: int = 0  # the page's first row, counted from the list's own beginning

    @property
    def is_back(self) -> bool:
        """Whether the rows come last first."""
        return self.way is Way.BACK

    @classmethod
    def of(cls, page: int, page_rows: int | None, total: int) -> Cut:
        """Return the cut of a page; `page_rows=None` is the whole list."""
        if page_rows is None:
            return cls(Way.WHOLE, {})
        start = (max(page, 1) - 1) * page_rows
        left = total - start  # rows from the page's first to the end
        if left <= 0 or start < left:
            return cls(Way.AHEAD, {"rows": page_rows, "start": start}, start)
        rows = min(page_rows, left)
        return cls(Way.BACK, {"rows": rows, "start": left - rows}, start)
