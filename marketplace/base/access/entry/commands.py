"""Forgets a lost phone, ends one's other sign-ins, ends somebody's say for a firm."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access.actor import Actor, Role, Scope
from marketplace.base.access.rules import require
from marketplace.base.access.sessions import close_all_sessions
from marketplace.base.access.signin import end_links
from marketplace.base.access.tables import (
    Account,
    AccountOperator,
    AccountStatus,
    Capacity,
    Device,
    WebSession,
)
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound, Refused
from marketplace.base.keys import token_digest
from marketplace.base.text import normalize, normalize_prose

_LEAST_REASON = 4


def forget_phone(session: Session, *, clock: Clock, actor: Actor, phone_id: int) -> None:
    """Forget one of one's own phones, such as a lost one; every other sign-in of one's own ends.

    A link nobody has used yet ends too: it may lie in a chat on that very phone.

    Which sign-in came from which phone is not kept, so all but the present one end: the phones
    that stay remembered ask for their PIN once.

    Raises:
        NotFound: for somebody else's phone or one forgotten before.
    """
    require(actor, "access.forget_phone", Scope())
    device = session.get(Device, phone_id)
    if device is None or device.account_id != actor.account_id or device.revoked_at:
        raise NotFound("phone_not_found")
    device.revoked_at = clock.now()
    session.add(device)
    _end_others(session, clock, actor)
    _trail(session, clock, actor, "access.forget_phone", facts={"phone": phone_id})


def end_other_sign_ins(
    session: Session, *, clock: Clock, actor: Actor, device_token: str = ""
) -> int:
    """End every sign-in of one's own but this one and forget all phones but the one in hand.

    Returns how many ended.
    """
    require(actor, "access.end_other_sign_ins", Scope())
    forgotten = session.execute(
        sa.update(Device)
        .where(
            col(Device.account_id) == actor.account_id,
            col(Device.revoked_at).is_(None),
            col(Device.token_sha256) != (token_digest(device_token) if device_token else ""),
        )
        .values(revoked_at=clock.now())
    ).rowcount  # type: ignore[attr-defined]
    ended = _end_others(session, clock, actor)
    _trail(
        session, clock, actor, "access.end_other_sign_ins",
        facts={"phones": forgotten, "sign_ins": ended},
    )  # fmt: skip
    return int(ended)


def end_acting(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    account_id: int,
    operator_id: int,
    reason: str,
    scope_of: Callable[[Session, int], Scope],
) -> None:
    """End somebody's say for a firm he left; he is out at his next click.

    The head ends his agents'; a head's own is ended by the office. Who acts for no firm any more
    cannot sign in again.

    Raises:
        NotFound: when he does not act for the firm.
        Refused: for oneself, for a head by a head, or without a reason.
    """
    require(actor, "access.end_acting", scope_of(session, operator_id))
    if account_id == actor.account_id:
        raise Refused("not_yourself")
    if len(normalize(reason)) < _LEAST_REASON:
        raise Refused("reason_missing")
    row = session.execute(
        select(AccountOperator).where(
            AccountOperator.account_id == account_id, AccountOperator.operator_id == operator_id
        )
    ).scalar()
    if row is None:
        raise NotFound("not_acting_here")
    if actor.role is Role.OWNER and row.capacity is Capacity.HEAD:
        raise Refused("head_by_office")
    capacity = row.capacity
    session.delete(row)
    session.flush()
    close_all_sessions(session, clock=clock, account_id=account_id)
    left = session.execute(
        select(AccountOperator.id).where(AccountOperator.account_id == account_id)
    ).first()
    if left is None:
        _close_account(session, clock, account_id)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="access.end_acting",
        subject=f"account:{account_id}",
        reason=normalize_prose(reason),
        facts={"operator": operator_id, "capacity": capacity},
    )


def _close_account(session: Session, clock: Clock, account_id: int) -> None:
    account = session.get(Account, account_id)
    if account is not None:
        account.status = AccountStatus.DISABLED
    session.execute(
        sa.update(Device)
        .where(col(Device.account_id) == account_id, col(Device.revoked_at).is_(None))
        .values(revoked_at=clock.now())
    )


def _end_others(session: Session, clock: Clock, who: Actor) -> int:
    """End the other sign-ins, and the links that would begin another: a chat keeps them."""
    end_links(session, clock=clock, account_id=who.account_id or 0)
    ended = session.execute(
        sa.update(WebSession)
        .where(
            col(WebSession.account_id) == who.account_id,
            col(WebSession.revoked_at).is_(None),
            col(WebSession.public_id) != (who.session_id or ""),
        )
        .values(revoked_at=clock.now())
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]


def _trail(
    session: Session, clock: Clock, who: Actor, action: str, *, facts: dict[str, object]
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=who,
        action=action,
        subject=f"account:{who.account_id}",
        facts=facts,
    )
