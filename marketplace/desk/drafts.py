"""Keeps begun forms on the server, so that a reload, a call or a lost line loses nothing.

A draft is its writer's alone and no decision: it leaves no entry in the trail.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import Refused
from marketplace.desk.tables import FormDraft

# Assumption: two months outlast any holiday; a draft may hold a phone number and is no archive.
KEPT_DAYS = timedelta(days=60)
LONGEST_DRAFT = 200_000  # characters of JSON: ten thousand pasted numbers, or a full notice

DraftValue = str | int | bool | None


def find_draft(session: Session, actor: Actor, *, form: str) -> dict[str, DraftValue]:
    """Return what one has begun in a form, by field; nothing where nothing was begun."""
    require(actor, "desk.find_draft", Scope())
    row = _row(session, actor, form)
    if row is None:
        return {}
    content: dict[str, DraftValue] = json.loads(row.content)
    return content


def keep_draft(
    session: Session, *, clock: Clock, actor: Actor, form: str, values: Mapping[str, DraftValue]
) -> None:
    """Keep some fields of a begun form beside those kept before.

    Raises:
        Refused: for more than any form holds.
    """
    require(actor, "desk.keep_draft", Scope())
    row = _row(session, actor, form, lock=True)  # two devices may leave two fields at once
    known: dict[str, DraftValue] = json.loads(row.content) if row else {}
    content = json.dumps({**known, **values}, ensure_ascii=False)
    if len(content) > LONGEST_DRAFT:
        raise Refused("draft_too_long", limit=LONGEST_DRAFT)
    if row is None:
        row = FormDraft(
            account_id=actor.account_id or 0, form=form, content="", saved_at=clock.now()
        )
        session.add(row)
    row.content = content
    row.saved_at = clock.now()


def drop_draft(session: Session, *, actor: Actor, form: str) -> None:
    """Forget a draft: it was sent, or its writer gave it up."""
    require(actor, "desk.drop_draft", Scope())
    session.execute(
        sa.delete(FormDraft).where(
            col(FormDraft.account_id) == (actor.account_id or 0), col(FormDraft.form) == form
        )
    )


def forget_old_drafts(session: Session, *, clock: Clock) -> int:
    """Forget drafts that nobody touched for `KEPT_DAYS`; return how many there were."""
    gone = session.execute(
        sa.delete(FormDraft).where(col(FormDraft.saved_at) < clock.now() - KEPT_DAYS)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _row(session: Session, actor: Actor, form: str, *, lock: bool = False) -> FormDraft | None:
    wanted = select(FormDraft).where(
        FormDraft.account_id == (actor.account_id or 0), FormDraft.form == form
    )
    found: FormDraft | None = session.execute(
        wanted.with_for_update() if lock else wanted
    ).scalar()
    return found
