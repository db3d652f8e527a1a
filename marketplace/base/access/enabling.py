"""Lets a disabled account in again: the way back from a slip or a leave."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base import audit
from marketplace.base.access.actor import Actor, Scope
from marketplace.base.access.rules import require
from marketplace.base.access.tables import Account, AccountStatus
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound, Refused
from marketplace.base.text import normalize, normalize_prose


def enable_account(
    session: Session, *, clock: Clock, actor: Actor, account_id: int, reason: str
) -> None:
    """Let a disabled account sign in again, with the password and the phones it had.

    Sessions that were ended stay ended. An account in use is left as it is.

    Raises:
        NotFound: for no account.
        Refused: without a reason.
    """
    require(actor, "access.enable_account", Scope())
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("account_not_found", account_id=account_id)
    if account.status is AccountStatus.ACTIVE:
        return
    account.status = AccountStatus.ACTIVE
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="access.enable_account",
        subject=f"account:{account_id}",
        reason=normalize_prose(reason),
    )
