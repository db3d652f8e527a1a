"""Erases how somebody who reported a product can be reached."""

from __future__ import annotations

from sqlmodel import Session, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.db.scrubbing import overwrite_freed
from marketplace.base.errors import NotFound, Refused
from marketplace.features.enforcement.tables import PublicReport


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
    if len(reason.strip()) < 4:
        raise Refused("reason_missing")
    if row.contact is None:
        raise Refused("nothing_to_erase")
    overwrite_freed(session)
    row.contact = None
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="enforcement.erase_report_contact",
        subject=f"public_report:{row.key}",
        program=row.program,
        reason=reason,
    )
