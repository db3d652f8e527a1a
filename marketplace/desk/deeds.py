"""What somebody did lately, for himself to look at; the whole trail is the auditor's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from marketplace.base.access import Actor, Scope, require
from marketplace.base.audit import count_entries, list_entries
from marketplace.base.clock import Clock

DAYS = 30
_NOT_DEEDS = ("access.", "upkeep.")


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing somebody did: `action` and `subject` as the trail names them."""

    at: datetime
    action: str
    subject: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class OwnDeeds:
    """The latest deeds, the newest first, and how many there are in all."""

    latest: tuple[Deed, ...]
    total: int


def list_own_deeds(
    session: Session, actor: Actor, *, clock: Clock, limit: int = 50
) -> OwnDeeds:
    """Return what this actor did in the last days, at most `limit` of it, and how much it was."""
    require(actor, "desk.list_own_deeds", Scope())
    since = clock.now() - timedelta(days=DAYS)
    everything = count_entries(session, who=actor.login, since=since)
    beside = sum(
        count_entries(session, who=actor.login, action=begin, since=since)
        for begin in _NOT_DEEDS
    )
    found: list[Deed] = []
    before: int | None = None
    # Signing in is recorded too: a row asked for need not be a deed, so more are asked for.
    while len(found) < limit:
        rows = list_entries(
            session, who=actor.login, since=since, before_seq=before, limit=limit
        )
        found += [
            Deed(r.at, r.action, r.subject, r.reason)
            for r in rows
            if not r.action.startswith(_NOT_DEEDS)
        ]
        if len(rows) < limit:
            break
        before = rows[-1].seq
    return OwnDeeds(tuple(found[:limit]), everything - beside)
