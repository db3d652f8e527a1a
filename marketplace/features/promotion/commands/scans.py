"""Counts how often codes are looked up; a day and an outcome, never a person or an address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from marketplace.features.promotion.tables import ScanCount

UNKNOWN = 0  # stands for no product: the code was not known

# (product, day, outcome) → how many
Scans = Mapping[tuple[int, date, str], int]


def add_scans(session: Session, scans: Scans) -> None:
    """Add counts to what is kept; housekeeping, so no decision and no trail.

    Added by the database: two processes that count at once lose nothing.
    """
    insert = (
        postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    )
    rows = [
        {"product_id": product_id, "day": day, "outcome": outcome, "scans": count}
        for (product_id, day, outcome), count in sorted(scans.items())
    ]
    if rows:
        statement = insert(ScanCount.__table__)  # type: ignore[attr-defined]
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["product_id", "day", "outcome"],
                set_={"scans": col(ScanCount.scans) + statement.excluded.scans},
            ),
            rows,
        )
