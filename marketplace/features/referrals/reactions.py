"""An agency's answer reaches whoever prepared the lead, a fallen finding whoever sent it."""

from __future__ import annotations

from sqlmodel import Session, col, select

from marketplace.base.house import House
from marketplace.base.inbox import notify
from marketplace.features.enforcement.events import FindingOverturned
from marketplace.features.referrals.events import ReferralAnswered
from marketplace.features.referrals.kinds import ReferralStatus
from marketplace.features.referrals.tables import Referral, ReferralFinding

_BELIEVED = (ReferralStatus.SENT, ReferralStatus.ACKNOWLEDGED)  # the agency may act on it


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


def tell_finding_fell(session: Session, house: House, event: FindingOverturned) -> None:
    """Tell who prepared and signed a lead that what it rests on fell; the agency learns it of them.

    What was handed over is signed and stays as it was.
    """
    rows = session.execute(
        select(Referral)
        .join(ReferralFinding, col(ReferralFinding.referral_id) == col(Referral.id))
        .where(
            ReferralFinding.finding_id == event.finding_id, col(Referral.status).in_(_BELIEVED)
        )
        .order_by(col(Referral.id))
    ).scalars()
    for row in list(rows):
        notify(
            session,
            clock=house.clock,
            account_ids=sorted({n for n in (row.prepared_by, row.signed_by) if n is not None}),
            code="referral_finding_fell",
            facts={"number": row.number},
            subject=f"referral:{row.key}",
            program=row.program,
        )
