"""Reads what is held against an owner: all of it but who complained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from marketplace.base.access import Actor, narrow
from marketplace.base.clock import Clock, today
from marketplace.features.complaints.kinds import ComplaintStatus, NoticeState
from marketplace.features.complaints.queries.cases import (
    complaint_row,
    named_rights,
    read_lines,
)
from marketplace.features.complaints.queries.facts import complaints_of, files_of
from marketplace.features.complaints.queries.rows import CaseLine, ComplaintRow
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding


@dataclass(frozen=True, slots=True)
class CaseAgainst:
    """One case as its owner sees it: the complaints he was told of, what was found and why.

    `answer_by` is the last day for his answer to complaints where one is due; `may_state` tells
    whether he can still speak on the finding, `hearing_by` is the last day promised for it.
    """

    line: CaseLine
    complaints: tuple[ComplaintRow, ...]
    answer_by: date | None
    finding_statement: str | None
    finding_reason: str | None
    finding_decided_at: datetime | None
    hearing: str | None
    may_state: bool
    hearing_by: date | None
    files: tuple[tuple[str, int], ...]


def list_cases_against(
    session: Session, actor: Actor, *, clock: Clock, operator_id: int | None = None
) -> list[CaseAgainst]:
    """Return the cases against the actor's own firms that he was told of, soonest due first."""
    conditions: list[Any] = list(
        narrow(
            actor,
            "complaints.list_cases_against",
            program_column=None,
            district_column=None,
            operator_column=InfringementCase.operator_id,
        )
    )
    if operator_id is not None:
        conditions.append(InfringementCase.operator_id == operator_id)
    lines = read_lines(session, today(clock), conditions)
    held = complaints_of(session, [line.case_id for line in lines])
    files = files_of(session, [f"case:{line.case_id}" for line in lines])
    found = []
    for line in lines:
        told = [
            c
            for c in held.get(line.case_id, [])
            if c.forwarded_at is not None
            or c.status in {ComplaintStatus.UPHELD, ComplaintStatus.REVERSED}
        ]
        if not told and line.finding_id is None:
            continue  # an inquiry nobody was told of stays one
        rights = named_rights(session, told)
        waits = [
            c.seller_due_on
            for c in told
            if c.status is ComplaintStatus.OPEN
            and c.state is NoticeState.FORWARDED
            and c.seller_answer is None
            and c.seller_due_on is not None
        ]
        finding = session.get(Finding, line.finding_id) if line.finding_id else None
        found.append(
            CaseAgainst(
                line=line,
                complaints=tuple(complaint_row(c, rights, {}) for c in told),
                answer_by=min(waits, default=None),
                finding_statement=finding.statement if finding else None,
                finding_reason=finding.reason if finding else None,
                finding_decided_at=finding.decided_at if finding else None,
                hearing=finding.hearing if finding else None,
                may_state=finding is not None and finding.status is FindingStatus.SUSPECTED,
                hearing_by=line.hearing_due_on,
                files=files.get(f"case:{line.case_id}", ()),
            )
        )
    return found
