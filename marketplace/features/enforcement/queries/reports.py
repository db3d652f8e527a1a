"""Reads reports from the public: what waits to be read, and one by its number in the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.errors import NotFound
from marketplace.base.text import mask_contact
from marketplace.features.enforcement.kinds import ReportStatus, ReportTopic
from marketplace.features.enforcement.tables import PublicReport

# A report is kept in one text; its topic stands before what was written.
_TOPIC = re.compile(rf"\[({'|'.join(ReportTopic)})\] ")


@dataclass(frozen=True, slots=True)
class WaitingReport:
    """A report that nobody has read yet, as a list shows it."""

    report_id: int
    number: str
    product_code: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report from the public; `commands.unmask_report_contact` alone shows the contact in full."""

    report_id: int
    number: str
    product_code: str | None
    topic: ReportTopic | None
    text: str
    at: datetime
    status: ReportStatus
    contact_masked: str | None


def list_reports(session: Session, actor: Actor, *, program: str) -> list[WaitingReport]:
    """Return every report that waits to be read, the oldest first.

    None is left out: what many send in one hour must not hide what one sent before.
    """
    require(actor, "enforcement.list_reports", Scope(program=program))
    rows = session.execute(
        select(PublicReport.id, PublicReport.number, PublicReport.product_code, PublicReport.at)
        .where(PublicReport.program == program, PublicReport.status == ReportStatus.NEW)
        .order_by(col(PublicReport.id))
    )
    return [WaitingReport(key or 0, number, code, at) for key, number, code, at in rows]


def get_report(session: Session, actor: Actor, *, report_id: int) -> ReportRow:
    """Return one report, read or not.

    Raises:
        NotFound: when there is none.
    """
    row = session.get(PublicReport, report_id)
    if row is None:
        raise NotFound("report_not_found", report_id=report_id)
    require(actor, "enforcement.get_report", Scope(program=row.program))
    topic, said = topic_and_text(row.text)
    contact = mask_contact(row.contact) if row.contact else None
    return ReportRow(
        row.key, row.number, row.product_code, topic, said, row.at, row.status, contact
    )


def kept_text(topic: ReportTopic | None, said: str) -> str:
    """Return what is kept of a report: its topic, then what was written."""
    return f"[{topic.value}] {said}" if topic else said


def topic_and_text(kept: str) -> tuple[ReportTopic | None, str]:
    """Return the topic of a kept report, None where there is none, and what was written."""
    found = _TOPIC.match(kept)
    return (ReportTopic(found[1]), kept[found.end() :]) if found else (None, kept)
