"""Proves who somebody is: passwords for staff, one-time link, device and PIN for owners.

Every refusal says the same, takes the same time, and counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access.actor import Role
from marketplace.base.access.hashing import is_secret
from marketplace.base.access.sessions import open_session
from marketplace.base.access.tables import (
    Account,
    AccountStatus,
    Device,
    Password,
    SignInLink,
)
from marketplace.base.access.throttling import (
    DAY,
    count_act,
    forget_acts,
    whole_minutes,
)
from marketplace.base.clock import Clock
from marketplace.base.db import Store, housekeeping_write, read
from marketplace.base.errors import Refused
from marketplace.base.keys import token_digest

MAX_TRIES = 10
WINDOW = timedelta(minutes=5)
# Six digits last no longer than this many guesses a day: 180 days of them try one PIN in 180.
MAX_PINS_A_DAY = 30
# A session ends after 30 days; then the phone asks for its PIN. A phone that lies in a drawer for
# half a year is forgotten. Assumption; whoever runs an installation may shorten it here.
DEVICE_LIFE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session's token and whose it is."""

    token: str
    account_id: int
    role: Role


def sign_in(
    store: Store, *, clock: Clock, login: str, password: str, address: str, user_agent: str
) -> SignedIn:
    """Sign a staff member in.

    Raises:
        Refused: `sign_in_refused` for any mismatch, `sign_in_throttled` after too many tries.
    """
    login = login.strip().lower()[:80]
    _count_try(store, clock, f"login:{login}", limit=MAX_TRIES)
    _count_try(store, clock, f"address:{address}", limit=MAX_TRIES * 10)
    with read(store) as session:
        found = session.execute(
            select(Account, Password)
            .join(Password, Password.account_id == Account.id)  # type: ignore[arg-type]
            .where(Account.login == login)
        ).first()
    matches = is_secret(found[1].argon2 if found else None, password)
    if found is None or not matches or found[0].status is not AccountStatus.ACTIVE:
        raise Refused("sign_in_refused")
    account = found[0]
    forget_acts(store, f"login:{login}", limit=MAX_TRIES)
    token = open_session(
        store, clock=clock, account_id=account.key, owner=False, user_agent=user_agent
    )
    return SignedIn(token, account.key, account.role)


def sign_in_with_pin(
    store: Store, *, clock: Clock, device_token: str, pin: str, user_agent: str
) -> SignedIn:
    """Sign an owner in on a remembered phone.

    The phone is remembered anew from now on.

    Raises:
        Refused: for an unknown or ended device, a wrong PIN, too many tries, or an account that
            is no owner's any more.
    """
    name = f"device:{token_digest(device_token)[:32]}"
    _count_try(store, clock, name, limit=MAX_TRIES)
    _count_try(store, clock, f"{name}:day", limit=MAX_PINS_A_DAY, window=DAY)
    with read(store) as session:
        device = find_device(session, clock, device_token)
        account = session.get(Account, device.account_id) if device else None
    matches = is_secret(device.pin_argon2 if device else None, pin)
    if (
        account is None
        or device is None
        or not matches
        or account.status is not AccountStatus.ACTIVE
        or account.role is not Role.OWNER  # six digits open no desk: it may have been his phone
    ):
        raise Refused("pin_refused")
    forget_acts(store, name, limit=MAX_TRIES)
    forget_acts(store, f"{name}:day", limit=MAX_PINS_A_DAY)
    return let_in(store, clock=clock, device=device, account=account, user_agent=user_agent)


def let_in(
    store: Store, *, clock: Clock, device: Device, account: Account, user_agent: str
) -> SignedIn:
    """Sign an owner in on a phone whose PIN was right; it is remembered anew from now on."""
    with housekeeping_write(store) as session:
        session.execute(
            sa.update(Device)
            .where(col(Device.id) == device.key)
            .values(
                last_used_at=clock.now(),
                expires_at=clock.now() + DEVICE_LIFE,
                user_agent=_told_of(user_agent),
            )
        )
    token = open_session(
        store, clock=clock, account_id=account.key, owner=True, user_agent=user_agent
    )
    return SignedIn(token, account.key, account.role)


def _told_of(user_agent: str) -> str:
    """Return what a phone's browser says of itself, short; a chat names itself only at the end."""
    chat = "MicroMessenger"
    if chat in user_agent[100:]:
        return f"{user_agent[:100]} {chat}"
    return user_agent[:120]


def find_device(session: Session, clock: Clock, device_token: str) -> Device | None:
    """Return a remembered device that still stands, or None."""
    device: Device | None = session.execute(
        select(Device).where(Device.token_sha256 == token_digest(device_token))
    ).scalar()
    if device is None or device.revoked_at is not None or device.expires_at <= clock.now():
        return None
    return device


def find_link(session: Session, clock: Clock, token: str) -> SignInLink | None:
    """Return a one-time link that may still be used, or None; looking uses nothing up."""
    link: SignInLink | None = session.execute(
        select(SignInLink).where(SignInLink.token_sha256 == token_digest(token))
    ).scalar()
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        return None
    account = session.get(Account, link.account_id)
    if account is None or account.role is not Role.OWNER:
        return None
    return link if account.status is AccountStatus.ACTIVE else None


def end_links(session: Session, *, clock: Clock, account_id: int) -> None:
    """End the one-time links of an account nobody has used yet, in the unit of the decision."""
    waiting = session.execute(
        select(SignInLink).where(
            SignInLink.account_id == account_id,
            col(SignInLink.used_at).is_(None),
            SignInLink.expires_at > clock.now(),
        )
    ).scalars()
    for link in list(waiting):
        link.expires_at = clock.now()


def _count_try(
    store: Store, clock: Clock, name: str, *, limit: int, window: timedelta = WINDOW
) -> None:
    wait = count_act(store, clock=clock, name=name, limit=limit, window=window)
    if wait is None:
        return
    if window >= DAY:
        raise Refused("pin_tired")
    raise Refused("sign_in_throttled", minutes=whole_minutes(wait))
