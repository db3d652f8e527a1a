"""Splits a platform's wide row, one store in one month, into exposures and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from marketplace.base.clock import month_index
from marketplace.exchange.faults import Value
from marketplace.exchange.periods import Period

ExposureName = Literal["listed", "checked", "sold"]
_KINDS: tuple[ExposureName, ...] = ("listed", "checked", "sold")


@dataclass(frozen=True, slots=True)
class StoreMonth:
    """One store in one month (index as in `clock.month_index`).

    `quantities` holds only the kinds the file tells; a missing one is a gap, never 0.
    `unsplit` are infringing listings whose origin the file does not tell.
    """

    store_no: str
    platform: str | None
    month: int
    quantities: Mapping[ExposureName, int]
    proactive: int
    complaints: int
    unsplit: int

    @property
    def infringing(self) -> int:
        """All infringing listings found in the month."""
        return self.proactive + self.complaints + self.unsplit


def store_month(values: Mapping[str, Value]) -> StoreMonth:
    """Return the store-month of an accepted exposure row.

    Raises:
        TypeError: when the row has no month; such rows are rejected before.
    """
    month = values.get("month")
    if not isinstance(month, Period):
        msg = "an exposure row without a month"
        raise TypeError(msg)
    proactive, complaints = _count(values, "proactive"), _count(values, "complaints")
    total = _count(values, "infringing")
    return StoreMonth(
        store_no=str(values["store_no"]),
        platform=str(platform) if (platform := values.get("platform")) else None,
        month=month_index(month.from_on),
        quantities={k: q for k in _KINDS if isinstance(q := values.get(k), int)},
        proactive=proactive,
        complaints=complaints,
        unsplit=max(total - proactive - complaints, 0),
    )


def _count(values: Mapping[str, Value], field: str) -> int:
    value = values.get(field)
    return value if isinstance(value, int) else 0
