"""What other features' facts do to holds: what was held of a finding that fell is let go at once."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.house import House
from marketplace.features.enforcement.events import FindingDismissed, FindingOverturned
from marketplace.features.holds.commands import reverse_holds_of_finding


def on_finding_fell(
    session: Session, house: House, event: FindingOverturned | FindingDismissed
) -> None:
    """A finding was overturned, or its suspicion did not stand: nothing of it stays held."""
    reverse_holds_of_finding(session, clock=house.clock, finding_id=event.finding_id)
