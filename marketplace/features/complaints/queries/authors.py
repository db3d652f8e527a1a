"""Reads how the public is reached: in a case it became, and of what was read and became none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.text import mask_contact
from marketplace.features.complaints.kinds import PublicState
from marketplace.features.complaints.queries.rows import Contact
from marketplace.features.complaints.tables import Complaint, PublicComplaint
from marketplace.features.enforcement.kinds import ReportStatus
from marketplace.features.enforcement.queries import topic_and_text
from marketplace.features.enforcement.tables import PublicReport

READ_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A report that was read, or a complaint declined with a reason, by the number its author has."""

    number: str
    text: str
    at: datetime
    reason: str | None
    contact: Contact | None


def list_read(session: Session, actor: Actor, *, program: str) -> list[ReadRow]:
    """Return the latest of what the public sent that was read and became no case, newest first.

    Of the reports, and of the complaints, no more than `READ_SHOWN` each.
    """
    require(actor, "complaints.list_read", Scope(program=program))
    taken = select(Complaint.report_id).where(col(Complaint.report_id).is_not(None))
    reports = session.execute(
        select(PublicReport)
        .where(
            PublicReport.program == program,
            PublicReport.status == ReportStatus.SEEN,
            col(PublicReport.id).not_in(taken),
        )
        .order_by(col(PublicReport.id).desc())
        .limit(READ_SHOWN)
    ).scalars()
    declined = session.execute(
        select(PublicComplaint)
        .where(
            PublicComplaint.program == program,
            PublicComplaint.state == PublicState.DECLINED,
        )
        .order_by(col(PublicComplaint.id).desc())
        .limit(READ_SHOWN)
    ).scalars()
    rows = [
        *(
            ReadRow(r.number, topic_and_text(r.text)[1], r.at, None, _of_report(r))
            for r in reports
        ),
        *(ReadRow(c.code, c.text, c.at, c.reason, _of_complaint(c)) for c in declined),
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def contacts_of(session: Session, complaints: Sequence[Complaint]) -> dict[int, Contact]:
    """Return complaint → how its author of the public is reached; others are left out."""
    reports = {row.report_id: row.key for row in complaints if row.report_id is not None}
    found = {
        reports[report.key]: _of_report(report)
        for report in session.execute(
            select(PublicReport).where(col(PublicReport.id).in_(sorted(reports)))
        ).scalars()
    }
    for form in session.execute(
        select(PublicComplaint).where(
            col(PublicComplaint.complaint_id).in_(sorted(row.key for row in complaints))
        )
    ).scalars():
        found[form.complaint_id or 0] = _of_complaint(form)
    return {key: contact for key, contact in found.items() if contact is not None}


def _of_report(row: PublicReport) -> Contact | None:
    return Contact(mask_contact(row.contact), report_id=row.key) if row.contact else None


def _of_complaint(row: PublicComplaint) -> Contact | None:
    return Contact(mask_contact(row.contact), public_id=row.key) if row.contact else None
