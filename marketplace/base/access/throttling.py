"""Bounds how often something may be done within any stretch of time, whatever its beginning.

Each act of a name stands in a row of its own until it is as old as the window; there are as many
rows as acts are allowed. A count that begins anew at full minutes or hours would let twice as many
through around each of them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access.tables import Throttle
from marketplace.base.clock import Clock
from marketplace.base.db import Store, housekeeping_write
from marketplace.base.errors import Refused

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)  # the longest window anything is counted in
_LONGEST = 112  # of a name, so that the number of its row fits


def take_turn(store: Store, *, clock: Clock, act: str, address: str, limit: int) -> None:
    """Count one act of an address within the hour, before it is done.

    The address is kept as a keyed digest: the table tells nobody who wrote.

    Raises:
        Refused: the hour's acts are used up; `minutes` says when the next may come.
    """
    name = _name(store, act, address)
    wait = count_act(store, clock=clock, name=name, limit=limit, window=HOUR)
    if wait is not None:
        raise Refused("too_many_sent", limit=limit, minutes=whole_minutes(wait))


def give_turn_back(store: Store, *, act: str, address: str, limit: int) -> None:
    """Take a counted act back: it was refused, and refusals use nothing up."""
    name = _name(store, act, address)
    with housekeeping_write(store) as session:
        _queue(session, store, name)
        rows = _kept(session, _slots(name, limit))
        if rows:
            session.delete(max(rows, key=lambda row: row.window_start))


def count_act(
    store: Store, *, clock: Clock, name: str, limit: int, window: timedelta
) -> timedelta | None:
    """Count an act when fewer than `limit` were counted in the window before it.

    Returns None when it was counted, else how long until one more may be.
    """
    now = clock.now()
    with housekeeping_write(store) as session:
        _queue(session, store, name)
        slots = _slots(name, limit)
        kept = {row.name: row for row in _kept(session, slots)}
        free = next((s for s in slots if s not in kept or _is_over(kept[s], now, window)), None)
        if free is None:
            oldest = min((kept[slot].window_start for slot in slots), default=now)
            return oldest + window - now
        row = kept.get(free) or Throttle(name=free, window_start=now, tries=1)
        row.window_start = now
        session.add(row)
    return None


def forget_acts(store: Store, name: str, *, limit: int) -> None:
    """Let none of the acts counted under a name count any more."""
    with housekeeping_write(store) as session:
        session.execute(sa.delete(Throttle).where(col(Throttle.name).in_(_slots(name, limit))))


def forget_old_acts(session: Session, *, clock: Clock) -> int:
    """Remove acts too old to count in any window; return how many there were.

    Their names are of addresses nobody may ever come from again. A row that is just taken for a
    new act is left alone.
    """
    old = (
        select(Throttle.id)
        .where(Throttle.window_start <= clock.now() - DAY)
        .with_for_update(skip_locked=True)
    )
    gone = session.execute(sa.delete(Throttle).where(col(Throttle.id).in_(old)))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def whole_minutes(wait: timedelta) -> int:
    """Return how many minutes to wait, rounded up: earlier it would be refused again."""
    return max(1, -(-wait // timedelta(minutes=1)))


def _is_over(row: Throttle, now: datetime, window: timedelta) -> bool:
    return now - row.window_start >= window


def _kept(session: Session, slots: Sequence[str]) -> list[Throttle]:
    found = select(Throttle).where(col(Throttle.name).in_(slots)).with_for_update()
    return list(session.execute(found).scalars())


def _slots(name: str, limit: int) -> list[str]:
    return [f"{name[:_LONGEST]}#{number}" for number in range(limit)]


def _queue(session: Session, store: Store, name: str) -> None:
    """Let two who count the same name do so one after the other; SQLite has one writer anyway."""
    if store.dialect == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(name))))


def _name(store: Store, act: str, address: str) -> str:
    secret = hmac.new(store.keys.cookie, address.encode(), hashlib.sha256).hexdigest()
    return f"{act}:{secret[:32]}"
