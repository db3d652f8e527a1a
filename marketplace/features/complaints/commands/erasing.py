"""Erases how somebody who complained through the public form can be reached."""

from __future__ import annotations

from sqlmodel import Session, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound
from marketplace.features.complaints.tables import PublicComplaint
from marketplace.features.enforcement.commands.erasing import erase_contact


def erase_complaint_contact(
    session: Session, *, clock: Clock, actor: Actor, code: str, reason: str
) -> None:
    """Erase the contact left with a complaint of the public; what it says stays.

    Raises:
        NotFound: when there is none.
        Refused: without a reason, or when no contact is left.
    """
    row = session.execute(
        select(PublicComplaint).where(PublicComplaint.code == code)
    ).scalar_one_or_none()
    require(
        actor, "complaints.erase_complaint_contact", Scope(program=row.program if row else None)
    )
    if row is None:
        raise NotFound("complaint_not_found")
    erase_contact(
        session, row, clock=clock, who=actor, action="complaints.erase_complaint_contact",
        subject=f"public_complaint:{row.key}", reason=reason,
    )  # fmt: skip
