"""Reads issued reports: what there is, and one of them as it was frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, require_place
from marketplace.base.access.queries import names_of
from marketplace.base.errors import NotFound
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.tables import ReportIssue


@dataclass(frozen=True, slots=True)
class IssueRow:
    """An issue in a list, without what it says; `period` is a day or a quarter."""

    number: int
    district: str
    period: str
    issued_on: date
    as_of: datetime
    issued_by: str
    edition: int = 1
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue as it was frozen; `sha256` is the digest the trail keeps."""

    number: int
    district: str
    period: str
    issued_on: date
    as_of: datetime
    sha256: str
    content: dict[str, Any]
    edition: int = 1
    reason: str = ""


def list_issues(
    session: Session,
    actor: Actor,
    *,
    program: str,
    kind: IssueKind,
    district: str | None = None,
) -> list[IssueRow]:
    """Return the issues of a program or a district, every edition, newest first."""
    require_place(actor, "desk.list_issues", program=program, district=district)
    rows = session.execute(
        sa.select(
            col(ReportIssue.number),
            col(ReportIssue.district),
            col(ReportIssue.period),
            col(ReportIssue.issued_on),
            col(ReportIssue.as_of),
            col(ReportIssue.issued_by),
            col(ReportIssue.edition),
            col(ReportIssue.reason),
        )
        .where(
            col(ReportIssue.program) == program,
            col(ReportIssue.district) == (district or ""),
            col(ReportIssue.kind) == kind,
        )
        .order_by(col(ReportIssue.number).desc(), col(ReportIssue.edition).desc())
    ).all()
    names = names_of(session, {row.issued_by for row in rows if row.issued_by})
    return [
        IssueRow(
            r.number,
            r.district,
            r.period,
            r.issued_on,
            r.as_of,
            names.get(r.issued_by, ""),
            r.edition,
            r.reason,
        )
        for r in rows
    ]


def get_issue(
    session: Session,
    actor: Actor,
    *,
    program: str,
    kind: IssueKind,
    number: int,
    district: str | None = None,
    edition: int | None = None,
) -> Issue:
    """Return one issue as it was frozen: an edition of it, or the latest.

    Raises:
        NotFound: when there is no such issue, or this actor may not know of it.
    """
    require_place(actor, "desk.get_issue", program=program, district=district)
    row = session.execute(
        select(ReportIssue)
        .where(
            ReportIssue.program == program,
            ReportIssue.district == (district or ""),
            ReportIssue.kind == kind,
            ReportIssue.number == number,
            *([] if edition is None else [ReportIssue.edition == edition]),
        )
        .order_by(col(ReportIssue.edition).desc())
        .limit(1)
    ).scalar()
    if row is None:
        raise NotFound("issue_not_found", number=number)
    return Issue(
        row.number,
        row.district,
        row.period,
        row.issued_on,
        row.as_of,
        row.content_sha256,
        dict(row.content),
        row.edition,
        row.reason,
    )
