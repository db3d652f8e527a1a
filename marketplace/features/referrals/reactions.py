"""An agency's answer reaches whoever prepared the lead."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.house import House
from marketplace.base.inbox import notify
from marketplace.features.referrals.events import ReferralAnswered


def tell_answered(session: Session, house: House, event: ReferralAnswered) -> None:
    """Tell the preparer that the agency took the lead up or declined it."""
    notify(
        session,
        clock=house.clock,
        account_ids=[event.prepared_by] if event.prepared_by else [],
        code="referral_accepted" if event.is_accepted else "referral_declined",
        facts={"number": event.number},
        subject=f"referral:{event.referral_id}",
        program=event.program,
    )
