"""Reads the complaints an export holds; who complained is not among what leaves the house."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, narrow
from marketplace.base.clock import civil_day
from marketplace.base.rulebook import Rulebook
from marketplace.exchange.exporting.wanted import ExportFilter, Record
from marketplace.features.complaints.kinds import ComplaintStatus
from marketplace.features.complaints.tables import Complaint, InfringementCase
from marketplace.features.registry.tables import Factory, Store


def export_complaints(
    session: Session, actor: Actor, rulebook: Rulebook, wanted: ExportFilter
) -> list[Record]:
    """Return every complaint that was not withdrawn, under the house's own number."""
    statement = (
        sa.select(Complaint, InfringementCase, Store)
        .select_from(Complaint)
        .join(InfringementCase, col(InfringementCase.id) == col(Complaint.case_id))
        .join(Store, col(Store.id) == col(Complaint.store_id))
        .outerjoin(Factory, col(Factory.id) == col(InfringementCase.factory_id))
        .where(
            *narrow(
                actor,
                "exchange.export_complaints",
                program_column=Complaint.program,
                district_column=Factory.district,
                operator_column=Complaint.operator_id,
            ),
            col(Complaint.program) == rulebook.program.key,
            col(Complaint.status) != ComplaintStatus.WITHDRAWN,
        )
        .order_by(col(Complaint.id))
    )
    if wanted.districts:
        statement = statement.where(col(Factory.district).in_(wanted.districts))
    return [
        {
            "number": complaint.number,
            "received_on": civil_day(complaint.received_at),
            "origin": complaint.origin,
            "platform": store.platform,
            "store_no": store.store_no,
            "store_name": store.name,
            "item_id": case.item_no,
            "url": case.url,
            "brand": complaint.brand or None,
            "text": complaint.text,
            "status": complaint.status,
            "case_no": case.number,
            "answer_by": complaint.due_on,
        }
        for complaint, case, store in session.execute(statement).all()
    ]
