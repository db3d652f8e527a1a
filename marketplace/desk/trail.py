"""Reads the trail for whom it is open: an auditor's own programs and districts, an admin all of it.

Entries of no program are about accounts. An auditor sees those about accounts that work in his
programs, and in his districts where he is limited to some; who set them up may be of any program.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base import audit
from marketplace.base.access import Actor, narrow, within_reach
from marketplace.base.access.tables import AccountProgram
from marketplace.base.audit import EntryRow
from marketplace.base.audit.tables import AuditEntry
from marketplace.features.registry.tables import Factory

_ACTION = "audit.list_entries"


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which entries are wanted, as `audit.list_entries` takes it."""

    who: str | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def list_trail(
    session: Session, actor: Actor, wanted: TrailFilter, *, limit: int = 50
) -> list[EntryRow]:
    """Return the entries this actor may see, the newest first.

    Raises:
        NotAllowed: when the role may not read the trail.
    """
    return audit.list_entries(session, **_told(wanted), within=_within(actor), limit=limit)


def count_trail(session: Session, actor: Actor, wanted: TrailFilter) -> int:
    """Return how many entries `list_trail` has in all."""
    return audit.count_entries(session, **_told(wanted), within=_within(actor))


def trail_choices(session: Session, actor: Actor) -> tuple[list[str], list[str]]:
    """Return the actions and the logins that have an entry this actor may see, each sorted."""
    within = _within(actor)
    return audit.list_actions(session, within=within), audit.list_actors(session, within=within)


def _told(wanted: TrailFilter) -> dict[str, Any]:
    return {
        "who": wanted.who,
        "action": wanted.action,
        "subject": wanted.subject,
        "since": wanted.since,
        "until": wanted.until,
    }


def _within(actor: Actor) -> sa.ColumnElement[bool] | None:
    programs = narrow(
        actor,
        _ACTION,
        program_column=AuditEntry.program,
        district_column=None,
        operator_column=AuditEntry.operator_id,
    )
    if not programs:
        return None
    return sa.or_(*(_of_program(actor, program) for program in sorted(actor.programs)))


def _of_program(actor: Actor, program: str) -> sa.ColumnElement[bool]:
    districts = sorted(actor.districts_in(program))
    mine = [col(AuditEntry.program) == program]
    accounts = sa.select(
        sa.literal("account:") + sa.cast(col(AccountProgram.account_id), sa.String)
    ).where(col(AccountProgram.program) == program)
    if districts:
        firms = sa.select(col(Factory.operator_id)).where(
            col(Factory.program) == program, within_reach(actor, program, Factory.district)
        )
        own = col(AuditEntry.actor_id) == actor.account_id
        mine.append(sa.or_(col(AuditEntry.operator_id).in_(firms), own))
        accounts = accounts.where(col(AccountProgram.district).in_(districts))
    about_accounts = sa.and_(
        col(AuditEntry.program).is_(None), col(AuditEntry.subject).in_(accounts)
    )
    return sa.or_(sa.and_(*mine), about_accounts)
