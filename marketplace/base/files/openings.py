"""Keeps who of the office opened which file when; what owners open of their own is not kept.

A file is handed out only after its opening was written: a look without a trace is none.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Role
from marketplace.base.clock import Clock
from marketplace.base.files.tables import FileOpening

_SAME_LOOK = timedelta(minutes=10)
_UNKEPT = frozenset({Role.OWNER, Role.PUBLIC, Role.SYSTEM})


def is_opening_kept(actor: Actor) -> bool:
    """Tell whether what this person opens is kept."""
    return actor.account_id is not None and actor.role not in _UNKEPT


def keep_opening(session: Session, *, clock: Clock, actor: Actor, use_id: int) -> None:
    """Keep that a file was opened, in a session for housekeeping.

    A page drawn again asks for its pictures again: within ten minutes it is the same look.
    """
    known = session.execute(
        sa.select(col(FileOpening.id)).where(
            col(FileOpening.use_id) == use_id,
            col(FileOpening.account_id) == actor.account_id,
            col(FileOpening.opened_at) > clock.now() - _SAME_LOOK,
        )
    ).first()
    if known is not None:
        return
    session.add(
        FileOpening(use_id=use_id, account_id=actor.account_id or 0, opened_at=clock.now())
    )


def forget_openings(session: Session, *, clock: Clock, keep_days: int) -> None:
    """Forget openings older than the program keeps them."""
    until = clock.now() - timedelta(days=keep_days)
    session.execute(sa.delete(FileOpening).where(col(FileOpening.opened_at) < until))
