"""What somebody did lately, for himself to look at; the whole trail is the auditor's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from marketplace.base.access import Actor, Scope, require
from marketplace.base.audit import list_entries
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


def list_own_deeds(
    session: Session, actor: Actor, *, clock: Clock, limit: int = 50
) -> list[Deed]:
    """Return what this actor did in the last days, the latest first."""
    require(actor, "desk.list_own_deeds", Scope())
    rows = list_entries(
        session,
        who=actor.login,
        since=clock.now() - timedelta(days=DAYS),
        limit=limit,
    )
    return [
        Deed(r.at, r.action, r.subject, r.reason)
        for r in rows
        if r.actor_id == actor.account_id and not r.action.startswith(_NOT_DEEDS)
    ]
