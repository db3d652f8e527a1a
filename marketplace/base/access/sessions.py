"""Server-side sessions: opened at sign-in, read again at every click, ended at once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access.actor import Actor
from marketplace.base.access.tables import (
    Account,
    AccountOperator,
    AccountProgram,
    AccountStatus,
    Capacity,
    WebSession,
)
from marketplace.base.clock import Clock
from marketplace.base.db import Store, housekeeping_write, read
from marketplace.base.errors import Unavailable
from marketplace.base.keys import new_token, token_digest

STAFF_IDLE = timedelta(hours=8)
STAFF_LIFE = timedelta(hours=12)
OWNER_IDLE = timedelta(days=30)
OWNER_LIFE = timedelta(days=30)
TOUCH_EVERY = timedelta(minutes=2)


# A row of the table, or the same columns read beside the account's in one statement.
_Timed = WebSession | sa.Row[*tuple[Any, ...]]
_Named = Account | sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Identity:
    """What the middleware hands to pages: nothing secret."""

    public_id: str
    account_id: int


def open_session(
    store: Store, *, clock: Clock, account_id: int, owner: bool, user_agent: str
) -> str:
    """Open a session and return its token; only the digest is kept."""
    token = new_token()
    idle, life = (OWNER_IDLE, OWNER_LIFE) if owner else (STAFF_IDLE, STAFF_LIFE)
    with housekeeping_write(store) as session:
        session.add(
            WebSession(
                token_sha256=token_digest(token),
                public_id=new_token(),
                account_id=account_id,
                created_at=clock.now(),
                last_seen_at=clock.now(),
                expires_at=clock.now() + life,
                idle_seconds=int(idle.total_seconds()),
                user_agent=user_agent[:120],
            )
        )
    return token


def resolve(store: Store, *, clock: Clock, token: str) -> Identity | None:
    """Return who a cookie belongs to while its session stands; notes that it was seen."""
    with read(store) as session:
        row = session.execute(
            select(WebSession).where(WebSession.token_sha256 == token_digest(token))
        ).scalar()
        if row is None or not _stands(row, clock) or not _is_active(session, row.account_id):
            return None
        identity = Identity(row.public_id, row.account_id)
        stale = clock.now() - row.last_seen_at > TOUCH_EVERY
        row_id = row.key
    if stale:
        # Who only reads may go on where nothing can be kept; every page says so.
        with suppress(Unavailable), housekeeping_write(store) as session:
            session.execute(
                sa.update(WebSession)
                .where(col(WebSession.id) == row_id)
                .values(last_seen_at=clock.now())
            )
    return identity


def note_at_work(store: Store, *, clock: Clock, public_id: str) -> None:
    """Note that a session is in use; for pages, which ask over one line that stays open.

    A request alone would not tell: whoever works all day on an open page makes few.
    """
    now = clock.now()
    with suppress(Unavailable), housekeeping_write(store) as session:
        session.execute(
            sa.update(WebSession)
            .where(
                col(WebSession.public_id) == public_id,
                col(WebSession.last_seen_at) < now - TOUCH_EVERY,
            )
            .values(last_seen_at=now)
        )


def current_actor(session: Session, public_id: str, clock: Clock) -> Actor | None:
    """Return the actor of a session as the account stands at this moment, or None."""
    row = session.execute(_session_and_account(), {"public_id": public_id}).first()
    if row is None or not _stands(row, clock) or row.status is not AccountStatus.ACTIVE:
        return None
    return _actor(session, row.account_id, row, session_id=public_id)


def actor_of(session: Session, account_id: int) -> Actor | None:
    """Return the actor of an active account, or None."""
    account = session.get(Account, account_id)
    if account is None or account.status is not AccountStatus.ACTIVE:
        return None
    return _actor(session, account_id, account, session_id=None)


def _actor(
    session: Session, account_id: int, account: _Named, *, session_id: str | None
) -> Actor:
    asked = {"account_id": account_id}
    scopes = [(row[0], row[1]) for row in session.execute(_programs(), asked).all()]
    operators = session.execute(_operators(), asked).all()
    # A limit holds in its own program only: the whole of another takes nothing away here.
    whole = {program for program, district in scopes if district is None}
    return Actor(
        account_id=account_id,
        login=account.login,
        name=account.name,
        role=account.role,
        programs=frozenset(program for program, _district in scopes),
        limits=frozenset((p, d) for p, d in scopes if d is not None and p not in whole),
        operator_ids=frozenset(operator_id for operator_id, _capacity in operators),
        session_id=session_id,
        agent_of=frozenset(o for o, capacity in operators if capacity is Capacity.AGENT),
    )


@cache
def _session_and_account() -> sa.Select[*tuple[Any, ...]]:
    """Built once, like the two below: every run of every page asks them."""
    return (
        sa.select(
            col(WebSession.account_id),
            col(WebSession.revoked_at),
            col(WebSession.expires_at),
            col(WebSession.last_seen_at),
            col(WebSession.idle_seconds),
            col(Account.login),
            col(Account.name),
            col(Account.role),
            col(Account.status),
        )
        .join(Account, col(Account.id) == col(WebSession.account_id))
        .where(col(WebSession.public_id) == sa.bindparam("public_id"))
    )


@cache
def _programs() -> sa.Select[str, str | None]:
    return sa.select(col(AccountProgram.program), col(AccountProgram.district)).where(
        col(AccountProgram.account_id) == sa.bindparam("account_id")
    )


@cache
def _operators() -> sa.Select[int, Capacity]:
    return sa.select(col(AccountOperator.operator_id), col(AccountOperator.capacity)).where(
        col(AccountOperator.account_id) == sa.bindparam("account_id")
    )


def find_actor(session: Session, login: str) -> Actor | None:
    """Return the actor of a login; for the command line."""
    account_id = session.execute(select(Account.id).where(Account.login == login)).scalar()
    return None if account_id is None else actor_of(session, account_id)


def close_session(store: Store, *, clock: Clock, token: str) -> None:
    """End the session of a cookie."""
    with housekeeping_write(store) as session:
        session.execute(
            sa.update(WebSession)
            .where(col(WebSession.token_sha256) == token_digest(token))
            .values(revoked_at=clock.now())
        )


def close_all_sessions(session: Session, *, clock: Clock, account_id: int) -> None:
    """End every session of an account, in the unit of work of the decision."""
    session.execute(
        sa.update(WebSession)
        .where(col(WebSession.account_id) == account_id, col(WebSession.revoked_at).is_(None))
        .values(revoked_at=clock.now())
    )


def _stands(row: _Timed, clock: Clock) -> bool:
    now = clock.now()
    idle = timedelta(seconds=row.idle_seconds)
    return row.revoked_at is None and now < row.expires_at and now - row.last_seen_at < idle


def _is_active(session: Session, account_id: int) -> bool:
    account = session.get(Account, account_id)
    return account is not None and account.status is AccountStatus.ACTIVE
