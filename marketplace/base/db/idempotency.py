"""Makes repeating a command harmless: one token, one effect, one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session, select

from marketplace.base.canonical import digest
from marketplace.base.clock import Clock
from marketplace.base.db.tables import IdempotencyKey
from marketplace.base.errors import Conflict


def once(
    session: Session,
    *,
    clock: Clock,
    token: str | None,
    scope: str,
    body: Mapping[str, object],
    work: Callable[[], Mapping[str, Any]],
) -> Mapping[str, Any]:
    """Run `work` the first time a token comes, and give its kept answer after that.

    `scope` names the command and the actor, so that two people's tokens never meet. Without a
    token the work simply runs.

    Raises:
        Conflict: when the token came before with another body.
    """
    if token is None:
        return work()
    key = f"{scope}:{token}"
    fingerprint = digest(body)
    known = session.execute(select(IdempotencyKey).where(IdempotencyKey.token == key)).scalar()
    if known is not None:
        if known.body_digest != fingerprint:
            raise Conflict("token_reused")
        kept: Mapping[str, Any] = known.result
        return kept
    result = dict(work())
    session.add(
        IdempotencyKey(
            token=key, scope=scope[:120], body_digest=fingerprint, result=result, at=clock.now()
        )
    )
    session.flush()
    return result


def is_known(session: Session, *, token: str, scope: str) -> bool:
    """Tell whether a token of this scope had its effect already."""
    key = f"{scope}:{token}"
    known = session.execute(select(IdempotencyKey.id).where(IdempotencyKey.token == key))
    return known.first() is not None
