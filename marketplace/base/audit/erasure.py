"""Erases a person's values from the trail without touching the chain."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.audit.chain import ActorLike, record
from marketplace.base.audit.sealing import destroy_key
from marketplace.base.audit.verifier import ERASURE
from marketplace.base.clock import Clock


def erase_person(
    session: Session, *, clock: Clock, actor: ActorLike, person: str, reason: str
) -> int:
    """Destroy the key of a person's sealed values and leave an entry saying so.

    Who may do it is for the caller to decide: this layer knows no policy. Returns how many
    entries lost their personal values.

    Raises:
        NotFound: when nothing of this person is within reach.
    """
    erased = destroy_key(session, person, at=clock.now())
    record(
        session,
        clock=clock,
        actor=actor,
        action=ERASURE,
        subject=person,
        reason=reason,
        facts={"entries": erased},
    )
    return erased
