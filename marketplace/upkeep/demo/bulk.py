"""Collects rows of past years and writes each table's at once: nothing asks for them in between.

Thousands of rows one by one take most of the time the demo may take to load.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel


class Bulk:
    """Rows on their way into the database; `write` puts them in, in the order they were added."""

    def __init__(self) -> None:
        self._rows: dict[type[SQLModel], list[dict[str, Any]]] = {}

    def add(self, kind: type[SQLModel], /, **values: Any) -> None:
        """Keep a row of a table for later; every row of it names the same columns."""
        self._rows.setdefault(kind, []).append(values)

    def write(self, session: Session) -> None:
        """Write what was added and forget it; tables in the order of their first row."""
        for kind, rows in self._rows.items():
            session.execute(sa.insert(kind.__table__), rows)  # type: ignore[attr-defined]
        self._rows.clear()
