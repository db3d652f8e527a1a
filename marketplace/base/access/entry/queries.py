"""Reads one's own phones and sign-ins, and the people who act for a firm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access.actor import Actor, Scope
from marketplace.base.access.rules import require
from marketplace.base.access.tables import (
    Account,
    AccountOperator,
    AccountStatus,
    Capacity,
    Device,
    WebSession,
)
from marketplace.base.clock import Clock
from marketplace.base.keys import token_digest


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """A remembered phone; `is_here` says that it is the one in hand."""

    phone_id: int
    user_agent: str
    since_at: datetime
    last_used_at: datetime | None
    is_here: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who acts for a firm, and when he was last here."""

    account_id: int
    name: str
    capacity: Capacity
    last_seen_at: datetime | None


def list_own_phones(
    session: Session, actor: Actor, *, clock: Clock, device_token: str = ""
) -> list[PhoneRow]:
    """Return one's own remembered phones, the one in hand first, then the latest used."""
    require(actor, "access.list_own_phones", Scope())
    rows = session.execute(
        select(Device).where(
            Device.account_id == actor.account_id,
            col(Device.revoked_at).is_(None),
            Device.expires_at > clock.now(),
        )
    ).scalars()
    here = token_digest(device_token) if device_token else None
    found = [
        PhoneRow(d.key, d.user_agent, d.created_at, d.last_used_at, d.token_sha256 == here)
        for d in rows
    ]
    found.sort(key=lambda p: p.last_used_at or p.since_at, reverse=True)
    return sorted(found, key=lambda p: not p.is_here)


def count_other_sign_ins(session: Session, actor: Actor, *, clock: Clock) -> int:
    """Return how many sign-ins of one's own are open beside the present one."""
    require(actor, "access.count_other_sign_ins", Scope())
    rows = session.execute(
        select(WebSession).where(
            WebSession.account_id == actor.account_id,
            col(WebSession.revoked_at).is_(None),
            WebSession.expires_at > clock.now(),
            WebSession.public_id != (actor.session_id or ""),
        )
    ).scalars()
    now = clock.now()
    return sum((now - row.last_seen_at).total_seconds() < row.idle_seconds for row in rows)


def list_people_of_firm(
    session: Session,
    actor: Actor,
    *,
    operator_id: int,
    scope_of: Callable[[Session, int], Scope],
) -> list[PersonRow]:
    """Return who acts for a firm: heads first, then agents, by name."""
    require(actor, "access.list_people_of_firm", scope_of(session, operator_id))
    seen = (
        sa.select(
            col(WebSession.account_id), sa.func.max(col(WebSession.last_seen_at)).label("at")
        )
        .join(AccountOperator, col(AccountOperator.account_id) == col(WebSession.account_id))
        .where(col(AccountOperator.operator_id) == operator_id)
        .group_by(col(WebSession.account_id))
        .subquery()
    )
    rows = session.execute(
        sa.select(col(Account.id), col(Account.name), col(AccountOperator.capacity), seen.c.at)
        .join(AccountOperator, col(AccountOperator.account_id) == col(Account.id))
        .outerjoin(seen, seen.c.account_id == col(Account.id))
        .where(
            col(AccountOperator.operator_id) == operator_id,
            col(Account.status) == AccountStatus.ACTIVE,
        )
    ).all()
    found = [PersonRow(int(r[0]), r[1], r[2], r[3]) for r in rows]
    return sorted(found, key=lambda p: (p.capacity is Capacity.AGENT, p.name, p.account_id))
