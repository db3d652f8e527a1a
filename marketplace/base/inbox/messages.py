"""Writes and reads messages. A message is read by the account it was sent to and nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.inbox.tables import Message
from marketplace.base.words import Lang, has_key, say


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message; `code` names the sentence, `facts` fill it."""

    message_id: int
    code: str
    facts: Mapping[str, Any]
    subject: str
    at: datetime
    read: bool


def notify(
    session: Session,
    *,
    clock: Clock,
    account_ids: Iterable[int],
    code: str,
    facts: Mapping[str, Any],
    subject: str,
    program: str | None,
) -> None:
    """Send one message to each account, in the transaction of what it tells about."""
    for account_id in sorted(set(account_ids)):
        session.add(
            Message(
                account_id=account_id,
                program=program,
                code=code,
                facts=dict(facts),
                subject=subject,
                at=clock.now(),
            )
        )


def list_messages(session: Session, actor: Actor, *, limit: int = 100) -> list[MessageRow]:
    """Return one's own messages, newest first: every unread one, and at least `limit` in all."""
    require(actor, "inbox.list_messages", Scope())
    oldest_unread = (
        sa.select(sa.func.min(col(Message.id)))
        .where(col(Message.account_id) == actor.account_id, col(Message.read_at).is_(None))
        .scalar_subquery()
    )
    since = sa.select(sa.func.count()).where(
        col(Message.account_id) == actor.account_id, col(Message.id) >= oldest_unread
    )
    limit = max(limit, session.execute(since).scalar_one())
    rows = session.execute(
        select(Message)
        .where(Message.account_id == actor.account_id)
        .order_by(col(Message.id).desc())
        .limit(limit)
    ).scalars()
    return [
        MessageRow(m.key, m.code, m.facts, m.subject, m.at, m.read_at is not None) for m in rows
    ]


def count_unread(session: Session, actor: Actor) -> int:
    """Return how many of one's own messages are unread."""
    require(actor, "inbox.count_unread", Scope())
    return int(
        session.execute(
            select(sa.func.count())
            .select_from(Message)
            .where(Message.account_id == actor.account_id, col(Message.read_at).is_(None))
        ).scalar_one()
    )


def mark_read(
    session: Session, *, clock: Clock, actor: Actor, until: int | None = None
) -> None:
    """Mark one's own messages read, up to the newest that was shown (`until`) or all of them."""
    require(actor, "inbox.mark_read", Scope())
    unread = [col(Message.account_id) == actor.account_id, col(Message.read_at).is_(None)]
    if until is not None:  # what came since then nobody has seen
        unread.append(col(Message.id) <= until)
    session.execute(sa.update(Message).where(*unread).values(read_at=clock.now()))


def topic_of(message: MessageRow) -> str:
    """Return what a message is about as a locale key; never whom or which thing it names."""
    key = f"own.topic.{message.code.split('_', 1)[0]}"
    return key if has_key(key) else "own.topic.other"


def chat_text(message: MessageRow, lang: Lang, *, program: str, link: str) -> str:
    """Return a short text to copy into a chat: program, topic, link; nothing personal in it.

    Chats are read over shoulders and forwarded: no firm, store, product or decision is named.
    """
    return say(
        "own.chat_line", lang, program=program, topic=say(topic_of(message), lang), link=link
    )
