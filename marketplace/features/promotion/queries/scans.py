"""What the people who looked up a code were told, in counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.features.promotion.tables import ScanCount


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """Look-ups of some days by outcome, the most frequent first; `total` is their n."""

    first_day: date
    last_day: date
    by_outcome: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """How many look-ups there were."""
        return sum(count for _outcome, count in self.by_outcome)


def get_public_scans(
    session: Session, actor: Actor, *, clock: Clock, days: int = 30
) -> ScanSummary:
    """Return the look-ups of the last whole days, today left out because it is not over."""
    require(actor, "promotion.get_public_scans", Scope())
    last = today(clock) - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    total = sa.func.sum(col(ScanCount.scans))
    rows = session.execute(
        sa.select(col(ScanCount.outcome), total)
        .where(col(ScanCount.day) >= first, col(ScanCount.day) <= last)
        .group_by(col(ScanCount.outcome))
        .order_by(total.desc(), col(ScanCount.outcome))
    ).all()
    return ScanSummary(first, last, tuple((str(o), int(n)) for o, n in rows))
