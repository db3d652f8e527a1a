"""Follows findings that are decided elsewhere: a case closes when nothing in it is open."""

from __future__ import annotations

from sqlmodel import Session, select

from marketplace.base.access import SYSTEM
from marketplace.base.house import House
from marketplace.features.complaints.keeping import settle
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement.events import FindingDecided


def on_finding_decided(session: Session, house: House, event: FindingDecided) -> None:
    """Close the case of an upheld finding once its complaints are answered too."""
    case = session.execute(
        select(InfringementCase).where(InfringementCase.finding_id == event.finding_id)
    ).scalar()
    if case is not None:
        settle(session, house.clock, SYSTEM, case)
