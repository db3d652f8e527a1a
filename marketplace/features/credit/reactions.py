"""An answered dispute reaches the owner."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access.queries import accounts_of_operator
from marketplace.base.house import House
from marketplace.base.inbox import notify
from marketplace.features.credit.events import DisputeDecided


def tell_decided(session: Session, house: House, event: DisputeDecided) -> None:
    """Tell the owner what became of the dispute."""
    notify(
        session,
        clock=house.clock,
        account_ids=accounts_of_operator(session, event.operator_id),
        code="credit_accepted" if event.accepted else "credit_rejected",
        facts={},
        subject=f"credit_dispute:{event.dispute_id}",
        program=event.program,
    )
