"""Reads rights, notices and a complainant's own standing; a right holder sees his own only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Role, Scope, require, within_reach
from marketplace.features.complaints.kinds import ComplaintStatus, RightKind, RightStatus
from marketplace.features.complaints.queries.cases import (
    complaint_row,
    named_rights,
)
from marketplace.features.complaints.queries.facts import files_of, find_holder
from marketplace.features.complaints.queries.rows import ComplaintRow
from marketplace.features.complaints.tables import (
    Complaint,
    InfringementCase,
    IpRight,
    Notice,
    RightHolder,
)
from marketplace.features.registry.tables import Factory, Store


@dataclass(frozen=True, slots=True)
class RightRow:
    """One right; `holder` is named for the office."""

    right_id: int
    holder_id: int
    holder: str
    kind: RightKind
    mark: str
    number: str
    nice_classes: str
    valid_until: date | None
    status: RightStatus
    registered_at: datetime
    registered_by: int | None
    reason: str | None
    documents: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A right holder as the office sees him."""

    holder_id: int
    name: str
    contact: str | None


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice with the counts of what became of its lines now."""

    notice_id: int
    number: str
    right: str
    filed_at: datetime
    statement: str
    lines: tuple[Mapping[str, Any], ...]
    accepted: int
    open: int
    upheld: int
    refused: int


@dataclass(frozen=True, slots=True)
class FiledRow:
    """One listing complained of, as its complainant follows it."""

    complaint: ComplaintRow
    store_name: str
    item_no: str
    right_id: int | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """A complainant's counts; `answered` is upheld and refused, taken-back ones apart."""

    holder_id: int
    name: str
    filed: int
    open: int
    upheld: int
    refused: int
    reversed: int
    withdrawn: int
    malicious: int

    @property
    def answered(self) -> int:
        """How many were answered and stand."""
        return self.upheld + self.refused


def list_rights(
    session: Session,
    actor: Actor,
    *,
    program: str,
    status: RightStatus | None = None,
) -> list[RightRow]:
    """Return rights, latest first: a right holder's own, or the program's for the office."""
    require(actor, "complaints.list_rights", Scope(program=program))
    statement = (
        select(IpRight, RightHolder.name)
        .join(RightHolder, col(RightHolder.id) == col(IpRight.holder_id))
        .where(IpRight.program == program)
        .order_by(col(IpRight.id).desc())
    )
    if actor.role is Role.RIGHT_HOLDER:
        holder = find_holder(session, account_id=actor.account_id, programs=actor.programs)
        statement = statement.where(IpRight.holder_id == (holder.key if holder else 0))
    if status is not None:
        statement = statement.where(IpRight.status == status)
    rows = session.execute(statement).all()
    papers = files_of(session, [f"right:{right.key}" for right, _ in rows])
    return [
        RightRow(
            right_id=right.key,
            holder_id=right.holder_id,
            holder=name,
            kind=right.kind,
            mark=right.mark,
            number=right.number,
            nice_classes=right.nice_classes,
            valid_until=right.valid_until,
            status=right.status,
            registered_at=right.registered_at,
            registered_by=right.registered_by,
            reason=right.reason,
            documents=papers.get(f"right:{right.key}", ()),
        )
        for right, name in rows
    ]


def list_right_holders(session: Session, actor: Actor, *, program: str) -> list[HolderRow]:
    """Return the right holders of a program by name."""
    require(actor, "complaints.list_right_holders", Scope(program=program))
    rows = session.execute(
        select(RightHolder)
        .where(RightHolder.program == program)
        .order_by(col(RightHolder.name), col(RightHolder.id))
    ).scalars()
    return [HolderRow(h.key, h.name, h.contact) for h in rows]


def list_notices(session: Session, actor: Actor, *, program: str) -> list[NoticeRow]:
    """Return one's own notices, latest first."""
    require(actor, "complaints.list_notices", Scope(program=program))
    holder = find_holder(session, account_id=actor.account_id, programs=actor.programs)
    rows = session.execute(
        select(Notice, IpRight.mark, IpRight.number)
        .join(IpRight, col(IpRight.id) == col(Notice.right_id))
        .where(Notice.program == program, Notice.holder_id == (holder.key if holder else 0))
        .order_by(col(Notice.id).desc())
    ).all()
    counted = _counts(session, [notice.key for notice, _, _ in rows])
    return [
        NoticeRow(
            notice_id=notice.key,
            number=notice.number,
            right=f"{mark} {number}",
            filed_at=notice.filed_at,
            statement=notice.statement,
            lines=tuple(notice.lines.get("lines", ())),
            accepted=notice.accepted,
            open=counted.get((notice.key, ComplaintStatus.OPEN), 0),
            upheld=counted.get((notice.key, ComplaintStatus.UPHELD), 0),
            refused=counted.get((notice.key, ComplaintStatus.REFUSED), 0),
        )
        for notice, mark, number in rows
    ]


def list_filed(
    session: Session, actor: Actor, *, program: str, notice_id: int | None = None
) -> list[FiledRow]:
    """Return one's own complaints, latest first; of one notice where given."""
    require(actor, "complaints.list_filed", Scope(program=program))
    holder = find_holder(session, account_id=actor.account_id, programs=actor.programs)
    statement = (
        select(Complaint, Store.name, InfringementCase.item_no)
        .join(Store, col(Store.id) == col(Complaint.store_id))
        .join(InfringementCase, col(InfringementCase.id) == col(Complaint.case_id))
        .where(
            Complaint.program == program, Complaint.holder_id == (holder.key if holder else 0)
        )
        .order_by(col(Complaint.id).desc())
    )
    if notice_id is not None:
        statement = statement.where(Complaint.notice_id == notice_id)
    rows = session.execute(statement).all()
    rights = named_rights(session, [row[0] for row in rows])
    return [
        FiledRow(complaint_row(c, rights, {}), store, item, c.right_id)
        for c, store, item in rows
    ]


def reliability_of_self(session: Session, actor: Actor, *, program: str) -> Reliability | None:
    """Return one's own counts; None for an account without a right holder."""
    require(actor, "complaints.reliability_of_self", Scope(program=program))
    holder = find_holder(session, account_id=actor.account_id, programs=actor.programs)
    if holder is None:
        return None
    return _reliability(session, program, [holder])[0]


def list_complainants(session: Session, actor: Actor, *, program: str) -> list[Reliability]:
    """Return every right holder's counts by name; no order by rate: small numbers would rank.

    Who works in some districts gets the complaints about firms of theirs, and who made them.
    """
    require(actor, "complaints.list_complainants", Scope(program=program))
    holders = session.execute(
        select(RightHolder)
        .where(RightHolder.program == program)
        .order_by(col(RightHolder.name), col(RightHolder.id))
    ).scalars()
    mine = within_reach(actor, program, Factory.district)
    found = _reliability(session, program, list(holders), within=mine)
    limited = bool(actor.districts_in(program))
    return [r for r in found if r.filed or not limited]


def _reliability(
    session: Session,
    program: str,
    holders: list[RightHolder],
    *,
    within: sa.ColumnElement[bool] | None = None,
) -> list[Reliability]:
    rows = session.execute(
        sa.select(
            col(Complaint.holder_id),
            col(Complaint.status),
            sa.func.count(),
            sa.func.count(col(Complaint.malicious_at)),
        )
        .join(InfringementCase, col(InfringementCase.id) == col(Complaint.case_id))
        .outerjoin(Factory, col(Factory.id) == col(InfringementCase.factory_id))
        .where(
            sa.true() if within is None else within,
            col(Complaint.program) == program,
            col(Complaint.holder_id).in_([h.key for h in holders]),
        )
        .group_by(col(Complaint.holder_id), col(Complaint.status))
    ).all()
    told: dict[int, dict[ComplaintStatus, int]] = {}
    bad: dict[int, int] = {}
    for holder_id, status, count, marked in rows:
        told.setdefault(int(holder_id or 0), {})[status] = int(count)
        bad[int(holder_id or 0)] = bad.get(int(holder_id or 0), 0) + int(marked)
    return [
        Reliability(
            holder_id=h.key,
            name=h.name,
            filed=sum(told.get(h.key, {}).values()),
            open=told.get(h.key, {}).get(ComplaintStatus.OPEN, 0),
            upheld=told.get(h.key, {}).get(ComplaintStatus.UPHELD, 0),
            refused=told.get(h.key, {}).get(ComplaintStatus.REFUSED, 0),
            reversed=told.get(h.key, {}).get(ComplaintStatus.REVERSED, 0),
            withdrawn=told.get(h.key, {}).get(ComplaintStatus.WITHDRAWN, 0),
            malicious=bad.get(h.key, 0),
        )
        for h in holders
    ]


def _counts(session: Session, notice_ids: list[int]) -> dict[tuple[int, ComplaintStatus], int]:
    rows = session.execute(
        sa.select(col(Complaint.notice_id), col(Complaint.status), sa.func.count())
        .where(col(Complaint.notice_id).in_(notice_ids))
        .group_by(col(Complaint.notice_id), col(Complaint.status))
    ).all()
    return {(int(number or 0), status): int(count) for number, status, count in rows}
