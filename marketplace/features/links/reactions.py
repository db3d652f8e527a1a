"""When a store is dealt with, what is tied to it enters the review queue; nothing else happens."""

from __future__ import annotations

from sqlmodel import Session, col, select

from marketplace.base.access import SYSTEM
from marketplace.base.access.queries import officers_of
from marketplace.base.house import House
from marketplace.base.inbox import notify
from marketplace.features.enforcement.events import FindingDecided, StoreClosed
from marketplace.features.enforcement.tables import StoreClosure, StoreSuspension
from marketplace.features.links.commands import open_reviews
from marketplace.features.links.events import LinkReviewOpened
from marketplace.features.links.kinds import LinkTrigger


def on_finding_decided(session: Session, house: House, event: FindingDecided) -> None:
    """A decided finding, and the suspension it brought, have the group looked at."""
    closed = session.execute(
        select(StoreClosure.id).where(StoreClosure.finding_id == event.finding_id)
    ).scalar()
    if closed is not None:
        return  # the closure announces itself
    suspended = session.execute(
        select(StoreSuspension.id).where(
            StoreSuspension.finding_id == event.finding_id,
            col(StoreSuspension.lifted_at).is_(None),
        )
    ).scalar()
    open_reviews(
        session,
        house.rulebook(event.program),
        clock=house.clock,
        actor=SYSTEM,
        store_id=event.store_id,
        trigger=LinkTrigger.SUSPENSION if suspended is not None else LinkTrigger.FINDING,
        trigger_ref=f"finding:{event.finding_id}",
    )


def on_store_closed(session: Session, house: House, event: StoreClosed) -> None:
    """A closure has the group looked at."""
    open_reviews(
        session,
        house.rulebook(event.program),
        clock=house.clock,
        actor=SYSTEM,
        store_id=event.store_id,
        trigger=LinkTrigger.CLOSURE,
        trigger_ref=f"store:{event.store_id}",
    )


def tell_review_opened(session: Session, house: House, event: LinkReviewOpened) -> None:
    """A review that waits reaches the officers of the place."""
    notify(
        session,
        clock=house.clock,
        account_ids=officers_of(session, event.program, event.district),
        code="link_review_opened",
        facts={"store": event.because},
        subject=f"link_review:{event.review_id}",
        program=event.program,
    )
