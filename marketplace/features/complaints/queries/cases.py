"""Reads cases for the office: the lines of lists, and one case whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow, require
from marketplace.base.clock import Clock, today
from marketplace.features.complaints.kinds import (
    CaseStatus,
    ComplaintStatus,
)
from marketplace.features.complaints.queries.authors import contacts_of
from marketplace.features.complaints.queries.facts import (
    complaints_of,
    files_of,
    load_case,
    question_of,
)
from marketplace.features.complaints.queries.rows import (
    CaseFile,
    CaseLine,
    ComplaintRow,
    EntryRow,
)
from marketplace.features.complaints.rules import Standing, standing_of
from marketplace.features.complaints.tables import (
    CaseEntry,
    Complaint,
    InfringementCase,
    IpRight,
    PublicComplaint,
    RightHolder,
)
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding
from marketplace.features.registry.tables import Factory, Store


def list_open_cases(
    session: Session, actor: Actor, *, clock: Clock, program: str
) -> list[CaseLine]:
    """Return the open cases this actor may see, soonest due first."""
    conditions = narrow(
        actor,
        "complaints.list_open_cases",
        program_column=InfringementCase.program,
        district_column=Factory.district,
        operator_column=InfringementCase.operator_id,
    )
    return read_lines(
        session,
        today(clock),
        [
            *conditions,
            InfringementCase.program == program,
            InfringementCase.status == CaseStatus.OPEN,
        ],
    )


def get_case(session: Session, actor: Actor, *, clock: Clock, case_id: int) -> CaseFile:
    """Return one case with its complaints and all that happened.

    Raises:
        NotFound: there is none, or this actor may not know of it.
    """
    _, scope = load_case(session, case_id)
    require(actor, "complaints.get_case", scope)
    line = read_lines(session, today(clock), [InfringementCase.id == case_id])[0]
    rows = complaints_of(session, [case_id]).get(case_id, [])
    rights = named_rights(session, rows)
    holders = _holders(session, rows)
    numbers = {row.key: row.number for row in rows}
    entries = session.execute(
        select(CaseEntry).where(CaseEntry.case_id == case_id).order_by(col(CaseEntry.id).desc())
    ).scalars()
    return CaseFile(
        line,
        tuple(complaint_row(row, rights, holders) for row in rows),
        tuple(
            EntryRow(
                e.kind, e.at, e.by_account, _number(session, e.complaint_id, numbers), e.text
            )
            for e in entries
        ),
        _files(session, case_id, rows),
        contacts_of(session, rows),
    )


def read_lines(session: Session, day: date, conditions: Sequence[Any]) -> list[CaseLine]:
    """Return the lines of cases that meet conditions, soonest due first; callers ask first."""
    rows = session.execute(
        sa.select(
            InfringementCase,
            col(Store.name),
            col(Factory.name),
            col(Finding.status),
            col(Finding.heard_at),
            col(Finding.recorded_by),
        )
        .join(Store, col(Store.id) == col(InfringementCase.store_id))
        .outerjoin(Factory, col(Factory.id) == col(InfringementCase.factory_id))
        .outerjoin(Finding, col(Finding.id) == col(InfringementCase.finding_id))
        .where(*conditions)
        .order_by(col(InfringementCase.id))
    ).all()
    held = complaints_of(session, [row[0].key for row in rows])
    lines = [
        _line(case, names, finding, held.get(case.key, []), day)
        for case, names, finding in (
            (row[0], (row[1], row[2]), _Found(*row[3:])) for row in rows
        )
    ]
    return sorted(lines, key=lambda n: (n.status is not CaseStatus.OPEN, n.due_on, n.case_id))


def named_rights(session: Session, rows: Sequence[Complaint]) -> dict[int, str]:
    """Return right → its mark and number."""
    ids = sorted({row.right_id for row in rows if row.right_id is not None})
    found = session.execute(select(IpRight).where(col(IpRight.id).in_(ids))).scalars()
    return {right.key: f"{right.mark} {right.number}" for right in found}


def complaint_row(
    row: Complaint, rights: Mapping[int, str], holders: Mapping[int, str]
) -> ComplaintRow:
    """Return what is shown of a complaint; without `holders` its author stays unnamed."""
    return ComplaintRow(
        complaint_id=row.key,
        number=row.number,
        thread_id=row.thread_id or row.key,
        case_id=row.case_id,
        notice_id=row.notice_id,
        origin=row.origin,
        brand=row.brand,
        text=row.text,
        received_at=row.received_at,
        due_on=row.due_on,
        status=row.status,
        state=row.state,
        seller_due_on=row.seller_due_on,
        seller_answer=row.seller_answer,
        seller_text=row.seller_text,
        seller_answered_at=row.seller_answered_at,
        forwarded_at=row.forwarded_at,
        passed_on_at=row.passed_on_at,
        wait_until=row.wait_until,
        proceedings=row.proceedings,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        refusal=row.refusal,
        reason=row.reason,
        next_step=row.next_step,
        counted=row.counted,
        malicious_at=row.malicious_at,
        malicious_reason=row.malicious_reason,
        right=rights.get(row.right_id or 0),
        complainant=holders.get(row.holder_id or 0),
        received_by=row.received_by,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What a list needs of a finding."""

    status: FindingStatus | None
    heard_at: datetime | None
    recorded_by: int | None


def _line(
    case: InfringementCase,
    names: tuple[str, str | None],
    finding: _Found,
    complaints: Sequence[Complaint],
    day: date,
) -> CaseLine:
    standing: Standing = standing_of(
        [question_of(c) for c in complaints],
        closed=case.status is not CaseStatus.OPEN,
        case_due_on=case.due_on,
        finding=finding.status.value if finding.status else None,
        heard=finding.heard_at is not None,
        hearing_due_on=case.hearing_due_on,
        day=day,
    )
    return CaseLine(
        case_id=case.key,
        number=case.number,
        origin=case.origin,
        status=case.status,
        store_id=case.store_id,
        store_name=names[0],
        factory_id=case.factory_id,
        factory_name=names[1],
        operator_id=case.operator_id,
        item_no=case.item_no,
        url=case.url,
        statement=case.statement,
        officer_id=case.officer_id,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        reason=case.reason,
        finding_id=case.finding_id,
        finding_status=finding.status,
        recorded_by=finding.recorded_by,
        hearing_due_on=case.hearing_due_on,
        heard_how=case.heard_how,
        complaints=len(complaints),
        open_complaints=sum(1 for c in complaints if c.status is ComplaintStatus.OPEN),
        upheld_complaints=sum(1 for c in complaints if c.status is ComplaintStatus.UPHELD),
        step=standing.step,
        turn=standing.turn,
        due_on=standing.due_on,
        late=case.status is CaseStatus.OPEN and standing.due_on < day,
    )


def _files(
    session: Session, case_id: int, rows: Sequence[Complaint]
) -> tuple[tuple[str, int], ...]:
    """Return what the owner brought forward, then what the public enclosed, for the office."""
    ids = session.execute(
        select(PublicComplaint.id)
        .where(col(PublicComplaint.complaint_id).in_([row.key for row in rows]))
        .order_by(col(PublicComplaint.id))
    ).scalars()
    subjects = [f"case:{case_id}", *(f"public_complaint:{number}" for number in ids)]
    found = files_of(session, subjects)
    return tuple(pair for subject in subjects for pair in found.get(subject, ()))


def _holders(session: Session, rows: Sequence[Complaint]) -> dict[int, str]:
    ids = sorted({row.holder_id for row in rows if row.holder_id is not None})
    found = session.execute(select(RightHolder).where(col(RightHolder.id).in_(ids))).scalars()
    return {holder.key: holder.name for holder in found}


def _number(
    session: Session, complaint_id: int | None, numbers: Mapping[int, str]
) -> str | None:
    if complaint_id is None:
        return None
    if complaint_id in numbers:
        return numbers[complaint_id]
    moved = session.get(Complaint, complaint_id)
    return moved.number if moved else None
