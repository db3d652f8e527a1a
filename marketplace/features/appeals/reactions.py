"""What other features' facts do to appeals."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.house import House
from marketplace.features.appeals.commands.deciding import settle_appeals_of
from marketplace.features.enforcement.events import FindingOverturned


def on_finding_overturned(session: Session, house: House, event: FindingOverturned) -> None:
    """An appeal against a finding that fell by itself has nothing left to decide."""
    settle_appeals_of(session, clock=house.clock, finding_id=event.finding_id)
