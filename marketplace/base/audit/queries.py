"""Reads the trail for people: who did what, when, to what, before and after.

Who may read it is for the caller to decide: this layer knows no policy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.audit.sealing import unseal
from marketplace.base.audit.tables import AuditDetail, AuditEntry, AuditHead, PersonKey

MOST_ROWS = 1_000


class Disclosure(StrEnum):
    """How much of a value a reader sees."""

    OPEN = "open"  # not personal
    SEALED = "sealed"  # personal, not asked for
    REVEALED = "revealed"  # personal, asked for
    ERASED = "erased"  # personal, the person's key is destroyed


def head_number(session: Session) -> int:
    """Return the number of the last entry; while it stays, nothing that is decided has changed."""
    found = session.execute(sa.select(col(AuditHead.seq))).scalar()
    return int(found or 0)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of what changed; both values are None where sealed or erased."""

    field: str
    before: Any
    after: Any
    disclosure: Disclosure


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as people read it; `mac` is its seal, to be quoted."""

    seq: int
    at: datetime
    actor_id: int | None
    actor_login: str
    actor_role: str
    action: str
    subject: str
    program: str | None
    operator_id: int | None
    reason: str | None
    facts: Mapping[str, Any]
    changes: tuple[Change, ...]
    person: str | None
    mac: str


def list_entries(
    session: Session,
    *,
    who: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    program: str | None = None,
    operator_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before_seq: int | None = None,
    limit: int = 50,
    reveal: bool = False,
    within: sa.ColumnElement[bool] | None = None,
) -> list[EntryRow]:
    """Return entries, the newest first; page on with `before_seq` = the last `seq` shown.

    `who` is a login; `action` and `subject` match whole, or by their beginning when they end in
    `.` (`registry.`) or `:` (`factory:`); `since` is inclusive, `until` exclusive. Personal
    values come only with `reveal`, for a reader who gave a reason that was recorded. `within` is
    what a reader may see at all, on columns of `AuditEntry`.
    """
    wanted = _conditions(
        who=who,
        action=action,
        subject=subject,
        program=program,
        operator_id=operator_id,
        since=since,
        until=until,
        within=within,
    )
    if before_seq is not None:
        wanted.append(col(AuditEntry.seq) < before_seq)
    found = session.execute(
        sa.select(AuditEntry, col(AuditDetail.ciphertext), col(PersonKey.wrapped))
        .join(AuditDetail, col(AuditDetail.seq) == col(AuditEntry.seq), isouter=True)
        .join(PersonKey, col(PersonKey.id) == col(AuditDetail.key_id), isouter=True)
        .where(*wanted)
        .order_by(col(AuditEntry.seq).desc())
        .limit(max(1, min(limit, MOST_ROWS)))
    )
    return [
        _row(session, entry, ciphertext, wrapped, reveal=reveal)
        for entry, ciphertext, wrapped in found
    ]


def count_entries(
    session: Session,
    *,
    who: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    program: str | None = None,
    operator_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    within: sa.ColumnElement[bool] | None = None,
) -> int:
    """Return how many entries the same filters as of `list_entries` leave."""
    wanted = _conditions(
        who=who,
        action=action,
        subject=subject,
        program=program,
        operator_id=operator_id,
        since=since,
        until=until,
        within=within,
    )
    counted = sa.select(sa.func.count()).select_from(AuditEntry).where(*wanted)
    return int(session.execute(counted).scalar_one())


def list_actions(
    session: Session, *, within: sa.ColumnElement[bool] | None = None
) -> list[str]:
    """Return every action that has an entry, sorted."""
    return _distinct(session, col(AuditEntry.action), within)


def list_actors(session: Session, *, within: sa.ColumnElement[bool] | None = None) -> list[str]:
    """Return the login of everybody who has an entry, sorted."""
    return _distinct(session, col(AuditEntry.actor_login), within)


def actors_of(session: Session, *, subject: str, action: str) -> set[int | None]:
    """Return the accounts that did one thing to one subject; for rules on who may go on."""
    return set(
        session.execute(
            sa.select(col(AuditEntry.actor_id)).where(
                col(AuditEntry.subject) == subject, col(AuditEntry.action) == action
            )
        ).scalars()
    )


def _distinct(
    session: Session, column: Any, within: sa.ColumnElement[bool] | None
) -> list[str]:
    statement = sa.select(column).distinct().order_by(column)
    if within is not None:
        statement = statement.where(within)
    return list(session.execute(statement).scalars())


def _conditions(
    *,
    who: str | None,
    action: str | None,
    subject: str | None,
    program: str | None,
    operator_id: int | None,
    since: datetime | None,
    until: datetime | None,
    within: sa.ColumnElement[bool] | None,
) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if who:
        wanted.append(col(AuditEntry.actor_login) == who)
    if action:
        wanted.append(_matches(col(AuditEntry.action), action, "."))
    if subject:
        wanted.append(_matches(col(AuditEntry.subject), subject, ":"))
    if program:
        wanted.append(col(AuditEntry.program) == program)
    if operator_id is not None:
        wanted.append(col(AuditEntry.operator_id) == operator_id)
    if since is not None:
        wanted.append(col(AuditEntry.at) >= since)
    if until is not None:
        wanted.append(col(AuditEntry.at) < until)
    if within is not None:
        wanted.append(within)
    return wanted


def _matches(column: Any, text: str, mark: str) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = (
        column.startswith(text, autoescape=True) if text.endswith(mark) else column == text
    )
    return condition


def _row(
    session: Session,
    entry: AuditEntry,
    ciphertext: str | None,
    wrapped: str | None,
    *,
    reveal: bool,
) -> EntryRow:
    content: dict[str, Any] = json.loads(entry.payload)
    personal: Mapping[str, Any] = content.get("personal") or {}
    values = None
    if reveal and ciphertext is not None:
        values = unseal(session.info["keys"], wrapped, ciphertext)
    hidden = Disclosure.ERASED if wrapped is None or reveal else Disclosure.SEALED
    return EntryRow(
        seq=entry.seq,
        at=entry.at,
        actor_id=entry.actor_id,
        actor_login=entry.actor_login,
        actor_role=entry.actor_role,
        action=entry.action,
        subject=entry.subject,
        program=entry.program,
        operator_id=entry.operator_id,
        reason=content.get("reason"),
        facts=content.get("facts") or {},
        changes=(
            *_open_changes(content),
            *_personal_changes(personal.get("fields", ()), values, hidden),
        ),
        person=personal.get("person"),
        mac=entry.mac,
    )


def _open_changes(content: Mapping[str, Any]) -> Iterator[Change]:
    before = content.get("before") or {}
    after = content.get("after") or {}
    for name in sorted({*before, *after}):
        yield Change(name, before.get(name), after.get(name), Disclosure.OPEN)


def _personal_changes(
    fields: Sequence[str], values: Mapping[str, Any] | None, hidden: Disclosure
) -> Iterator[Change]:
    for name in fields:
        if values is None:
            yield Change(name, None, None, hidden)
            continue
        match values.get(name):
            case [before, after]:
                yield Change(name, before, after, Disclosure.REVEALED)
            case value:
                yield Change(name, None, value, Disclosure.REVEALED)
