"""What other features' facts do to appeals."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.house import House
from marketplace.features.appeals.commands.deciding import (
    settle_appeals_of,
    settle_appeals_of_closure,
)
from marketplace.features.complaints.events import ComplaintAnswered
from marketplace.features.enforcement.events import FindingDismissed, FindingOverturned


def on_finding_fell(
    session: Session, house: House, event: FindingDismissed | FindingOverturned
) -> None:
    """An appeal against what a finding brought has nothing left to decide once it fell."""
    settle_appeals_of(session, clock=house.clock, finding_id=event.finding_id)


def on_complaint_answered(session: Session, house: House, event: ComplaintAnswered) -> None:
    """A closure that fell with a complaint taken back leaves nothing to decide either."""
    if event.outcome == "reversed":
        settle_appeals_of_closure(
            session, clock=house.clock, complaint_ref=event.complaint_number
        )
