"""Erases how somebody who reported a product can be reached."""

from __future__ import annotations

from typing import Protocol

from sqlmodel import Session, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.db.scrubbing import overwrite_freed
from marketplace.base.errors import NotFound, Refused
from marketplace.features.enforcement.tables import PublicReport

_LEAST_REASON = 4


def erase_report_contact(
    session: Session, *, clock: Clock, actor: Actor, number: str, reason: str
) -> None:
    """Erase the contact left with a report from the public; what it says stays.

    Raises:
        NotFound: when there is none.
        Refused: without a reason, or when no contact is left.
    """
    row = session.execute(
        select(PublicReport).where(PublicReport.number == number)
    ).scalar_one_or_none()
    require(
        actor, "enforcement.erase_report_contact", Scope(program=row.program if row else None)
    )
    if row is None:
        raise NotFound("report_not_found")
    erase_contact(
        session, row, clock=clock, who=actor, action="enforcement.erase_report_contact",
        subject=f"public_report:{row.key}", reason=reason,
    )  # fmt: skip


class _Reachable(Protocol):
    """What somebody of the public sent with a way to reach him."""

    program: str
    contact: str | None


def erase_contact(
    session: Session,
    row: _Reachable,
    *,
    clock: Clock,
    who: Actor,
    action: str,
    subject: str,
    reason: str,
) -> None:
    """Erase the contact of a row; who may do so was asked before.

    Raises:
        Refused: without a reason, or when no contact is left.
    """
    if len(reason.strip()) < _LEAST_REASON:
        raise Refused("reason_missing")
    if row.contact is None:
        raise Refused("nothing_to_erase")
    overwrite_freed(session)
    row.contact = None
    audit.record(
        session,
        clock=clock,
        actor=who,
        action=action,
        subject=subject,
        program=row.program,
        reason=reason,
    )
