"""Keeps the filters somebody uses again under a name of his own; nobody else sees them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import Fault, Invalid
from marketplace.base.text import normalize
from marketplace.desk.tables import SavedView

LONGEST_NAME = 30
LONGEST_QUERY = 1000


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One kept filter; `query` is what stands behind the question mark of the address."""

    view_id: int
    name: str
    query: str


def list_views(session: Session, actor: Actor, *, page: str) -> list[ViewRow]:
    """Return one's own kept filters of a page by name."""
    _require(actor)
    rows = session.execute(
        select(SavedView)
        .where(SavedView.account_id == actor.account_id, SavedView.page == page)
        .order_by(col(SavedView.name))
    ).scalars()
    return [ViewRow(row.key, row.name, row.query) for row in rows]


def keep_view(
    session: Session, *, clock: Clock, actor: Actor, page: str, name: str, query: str
) -> None:
    """Keep a filter; the same name again replaces it.

    Raises:
        Invalid: for an empty or too long name.
    """
    _require(actor)
    clean = normalize(name)
    if not 1 <= len(clean) <= LONGEST_NAME:
        raise Invalid([Fault("name", "text_length", {"low": 1, "high": LONGEST_NAME})])
    row = session.execute(
        select(SavedView).where(
            SavedView.account_id == actor.account_id,
            SavedView.page == page,
            SavedView.name == clean,
        )
    ).scalar()
    if row is None:
        row = SavedView(
            account_id=actor.account_id or 0,
            page=page,
            name=clean,
            query="",
            saved_at=clock.now(),
        )
        session.add(row)
    row.query = query[:LONGEST_QUERY]
    row.saved_at = clock.now()


def drop_view(session: Session, *, actor: Actor, view_id: int) -> None:
    """Forget one of one's own filters."""
    _require(actor)
    session.execute(
        sa.delete(SavedView).where(
            col(SavedView.id) == view_id, col(SavedView.account_id) == actor.account_id
        )
    )


def _require(actor: Actor) -> None:
    for program in sorted(actor.programs) or [""]:
        require(actor, "desk.list_factories", Scope(program=program))
