"""What an exit from the program does: the products leave with it."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import SYSTEM
from marketplace.base.house import House
from marketplace.features.catalog.commands import lapse_products_of_operator
from marketplace.features.catalog.kinds import LapseReason
from marketplace.features.progress.events import EnrollmentChanged
from marketplace.features.progress.kinds import EnrollmentStatus

_ENDS = {EnrollmentStatus.WITHDRAWN.value, EnrollmentStatus.REMOVED.value}


def on_enrollment_changed(session: Session, house: House, event: EnrollmentChanged) -> None:
    """Withdrawn or removed firms' products are no longer vouched for; graduation keeps them."""
    if event.status in _ENDS:
        lapse_products_of_operator(
            session,
            clock=house.clock,
            actor=SYSTEM,
            operator_id=event.operator_id,
            reason=LapseReason.ENROLLMENT_ENDED,
            cause=f"enrollment:{event.enrollment_id}",
        )
