"""Examples that are taken in, looked at and taken back, so that the next meets the same world."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from typing import Any

from sqlmodel import Session

from marketplace.base.db import unit_of_work
from tests.features.conftest import World


class Back(Exception):
    """Takes an example back."""


def tried(world: World, tables: Iterable[Any], look: Callable[[Session], Any]) -> Any:
    """Return what `look` saw in a unit of work that is then taken back."""
    with contextlib.suppress(Back), unit_of_work(world.app.store) as session:
        for table in tables:
            _number_anew(session, table.__tablename__)
        seen = look(session)
        raise Back
    return seen


def _number_anew(session: Session, name: str) -> None:
    """PostgreSQL goes on counting where an example that was taken back stopped."""
    if session.connection().dialect.name != "postgresql":
        return
    session.connection().exec_driver_sql(
        f"SELECT setval(pg_get_serial_sequence('{name}', 'id'),"
        f" (SELECT coalesce(max(id), 0) + 1 FROM {name}), false)"
    )
