"""Whose a finding is follows who held the store, whenever that becomes known.

A platform's months often come in before an officer has confirmed who operates a store. What was
looked at then counts for the firm as soon as it is confirmed; so must what was found, or the firm
would look clean.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import SYSTEM
from marketplace.base.clock import Clock, month_end
from marketplace.base.house import House
from marketplace.features.enforcement.kinds import FindingBasis
from marketplace.features.enforcement.tables import Finding
from marketplace.features.registry.events import HoldingChanged
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.queries import list_holders
from marketplace.features.registry.tables import StoreHolding


def on_holding_changed(session: Session, house: House, event: HoldingChanged) -> None:
    """Count a store's findings for the firm that held it in their month.

    A month's count follows every change of hands. A case stays with whom it was recorded against;
    only one that stood against nobody is given to the holder of its day. Where nobody is confirmed
    a finding stays where it is: nothing found is lost.
    """
    assign_findings(session, house.clock, store_id=event.store_id)


def stores_to_assign(session: Session, *, program: str) -> list[int]:
    """Return the stores with findings against nobody though somebody is confirmed by now.

    Before a confirmation had its findings follow, they stayed so.
    """
    confirmed = sa.exists().where(
        col(StoreHolding.store_id) == col(Finding.store_id),
        col(StoreHolding.status) == HoldingStatus.CONFIRMED,
    )
    rows = session.execute(
        sa.select(col(Finding.store_id))
        .where(col(Finding.program) == program, col(Finding.factory_id).is_(None), confirmed)
        .distinct()
        .order_by(col(Finding.store_id))
    )
    return [int(store_id) for store_id in rows.scalars()]


def assign_findings(session: Session, clock: Clock, *, store_id: int) -> None:
    """Write down whose each finding of a store is, where a confirmed holding says otherwise."""
    holders = list_holders(session, store_ids={store_id}).get(store_id, ())
    rows = session.execute(
        select(Finding)
        .where(
            Finding.store_id == store_id,
            sa.or_(
                col(Finding.basis) == FindingBasis.MONTHLY_REPORT,
                col(Finding.factory_id).is_(None),
            ),
        )
        .order_by(col(Finding.id))
    ).scalars()
    for finding in rows:
        is_count = finding.basis is FindingBasis.MONTHLY_REPORT
        day = month_end(finding.found_month) if is_count else finding.found_on
        holder = next((one for one in holders if one.is_holding_on(day)), None)
        if holder is None or holder.factory_id == finding.factory_id:
            continue
        before = finding.factory_id
        finding.factory_id, finding.operator_id = holder.factory_id, holder.operator_id
        session.flush()
        audit.record(
            session,
            clock=clock,
            actor=SYSTEM,
            action="enforcement.assign_finding",
            subject=f"finding:{finding.key}",
            program=finding.program,
            operator_id=finding.operator_id,
            facts={"store_id": store_id},
            before={"factory_id": before},
            after={"factory_id": finding.factory_id},
        )
