"""Reads when complaints came and were answered, and in which case each is; nothing of who complained."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, narrow
from marketplace.base.clock import civil_day
from marketplace.features.complaints.kinds import ComplaintStatus
from marketplace.features.complaints.rules import Handled
from marketplace.features.complaints.tables import Complaint, InfringementCase
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.registry.tables import Factory, Store


@dataclass(frozen=True, slots=True)
class HandledRow:
    """One complaint's clock, whose store it was about, where it came from and in which case it is."""

    handled: Handled
    operator_id: int | None
    origin: Origin
    case_id: int
    case_number: str
    store_name: str


def list_handled(session: Session, actor: Actor, *, program: str) -> list[HandledRow]:
    """Return every complaint that was not withdrawn, oldest first."""
    conditions = narrow(
        actor,
        "complaints.list_handled",
        program_column=Complaint.program,
        district_column=Factory.district,
        operator_column=Complaint.operator_id,
    )
    rows = session.execute(
        sa.select(
            col(Complaint.received_at),
            col(Complaint.answered_at),
            col(Complaint.status),
            col(Complaint.operator_id),
            col(Complaint.origin),
            col(InfringementCase.id),
            col(InfringementCase.number),
            col(Store.name),
        )
        .join(InfringementCase, col(InfringementCase.id) == col(Complaint.case_id))
        .join(Store, col(Store.id) == col(InfringementCase.store_id))
        .outerjoin(Factory, col(Factory.id) == col(InfringementCase.factory_id))
        .where(
            *conditions,
            col(Complaint.program) == program,
            col(Complaint.status) != ComplaintStatus.WITHDRAWN,
        )
        .order_by(col(Complaint.id))
    ).all()
    return [
        HandledRow(
            Handled(
                civil_day(received),
                None if answered is None else civil_day(answered),
                status is ComplaintStatus.UPHELD,
            ),
            operator_id,
            origin,
            *case,
        )
        for received, answered, status, operator_id, origin, *case in rows
    ]
