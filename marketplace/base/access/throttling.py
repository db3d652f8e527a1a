"""Bounds how often one address may do what needs no account; only what was accepted counts."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from sqlmodel import Session, select

from marketplace.base.access.tables import Throttle
from marketplace.base.clock import Clock
from marketplace.base.db import Store, housekeeping_write
from marketplace.base.errors import Refused

HOUR = timedelta(hours=1)


def take_turn(store: Store, *, clock: Clock, act: str, address: str, limit: int) -> None:
    """Count one act of an address within the hour, before it is done.

    The address is kept as a keyed digest: the table tells nobody who wrote.

    Raises:
        Refused: the hour's acts are used up; `minutes` says when the next may come.
    """
    now = clock.now()
    with housekeeping_write(store) as session:
        row = _row(session, store, _name(store, act, address))
        if row is None:
            row = Throttle(name=_name(store, act, address), window_start=now, tries=0)
        if now - row.window_start >= HOUR:
            row.window_start, row.tries = now, 0
        left = limit - row.tries
        ends = row.window_start + HOUR
        if left > 0:
            row.tries += 1
            session.add(row)
    if left <= 0:
        minutes = max(1, -(-int((ends - now).total_seconds()) // 60))
        raise Refused("too_many_sent", limit=limit, minutes=minutes)


def give_turn_back(store: Store, *, act: str, address: str) -> None:
    """Take a counted act back: it was refused, and refusals use nothing up."""
    with housekeeping_write(store) as session:
        row = _row(session, store, _name(store, act, address))
        if row is not None and row.tries > 0:
            row.tries -= 1
            session.add(row)


def _row(session: Session, store: Store, name: str) -> Throttle | None:
    query = select(Throttle).where(Throttle.name == name)
    if store.dialect == "postgresql":
        query = query.with_for_update()
    found: Throttle | None = session.execute(query).scalar()
    return found


def _name(store: Store, act: str, address: str) -> str:
    secret = hmac.new(store.keys.cookie, address.encode(), hashlib.sha256).hexdigest()
    return f"{act}:{secret[:32]}"[:120]
