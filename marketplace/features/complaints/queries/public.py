"""Reads complaints from the public form: for the office all, for their author by the code alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import add_working_days, civil_day
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import mask_contact, normalize
from marketplace.features.complaints.kinds import (
    ComplaintStatus,
    NoticeState,
    PublicState,
    PublicStep,
)
from marketplace.features.complaints.queries.facts import files_of
from marketplace.features.complaints.tables import Complaint, PublicComplaint


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One complaint of the public; `commands.unmask_contact` alone shows the contact in full."""

    public_id: int
    code: str
    shop: str
    item: str
    brand: str
    text: str
    contact_masked: str | None
    at: datetime
    due_on: date
    state: PublicState
    files: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """What the author of a complaint learns by his code: the step, and the answer once given."""

    code: str
    step: PublicStep
    at: datetime
    due_on: date
    answered_at: datetime | None
    reason: str | None
    next_step: str | None


def list_public_complaints(
    session: Session, actor: Actor, rulebook: Rulebook, *, state: PublicState | None = None
) -> list[PublicRow]:
    """Return the program's complaints from the public form, oldest first."""
    program = rulebook.program.key
    require(actor, "complaints.list_public_complaints", Scope(program=program))
    statement = (
        select(PublicComplaint)
        .where(PublicComplaint.program == program)
        .order_by(col(PublicComplaint.id))
    )
    if state is not None:
        statement = statement.where(PublicComplaint.state == state)
    rows = list(session.execute(statement).scalars())
    papers = files_of(session, [f"public_complaint:{row.key}" for row in rows])
    return [
        PublicRow(
            public_id=row.key,
            code=row.code,
            shop=row.shop,
            item=row.item,
            brand=row.brand,
            text=row.text,
            contact_masked=mask_contact(row.contact) if row.contact else None,
            at=row.at,
            due_on=_due(rulebook, row.at),
            state=row.state,
            files=papers.get(f"public_complaint:{row.key}", ()),
        )
        for row in rows
    ]


def get_public_answer(
    session: Session, actor: Actor, rulebook: Rulebook, *, code: str
) -> PublicAnswer:
    """Return where a complaint stands; nothing of the case, the store or the people in it.

    Raises:
        NotFound: there is no such code in this program.
    """
    program = rulebook.program.key
    require(actor, "complaints.get_public_answer", Scope(program=program))
    row = session.execute(
        select(PublicComplaint).where(
            PublicComplaint.program == program,
            PublicComplaint.code == _plain(code),
        )
    ).scalar()
    if row is None:
        raise NotFound("receipt_unknown")
    taken = session.get(Complaint, row.complaint_id) if row.complaint_id else None
    if taken is None:
        declined = row.state is PublicState.DECLINED
        return PublicAnswer(
            row.code,
            PublicStep.DECLINED if declined else PublicStep.RECEIVED,
            row.at,
            _due(rulebook, row.at),
            row.decided_at,
            row.reason,
            row.next_step,
        )
    return PublicAnswer(
        row.code,
        _step(taken),
        row.at,
        taken.due_on,
        taken.answered_at,
        taken.reason if taken.answered_at else None,
        taken.next_step,
    )


def _step(complaint: Complaint) -> PublicStep:
    match complaint.status:
        case ComplaintStatus.UPHELD:
            return PublicStep.UPHELD
        case ComplaintStatus.REFUSED:
            return PublicStep.REFUSED
        case ComplaintStatus.REVERSED | ComplaintStatus.WITHDRAWN:
            return PublicStep.REVERSED
        case _ if complaint.state is NoticeState.RECEIVED:
            return PublicStep.IN_CASE
        case _:
            return PublicStep.SELLER_ASKED


def _due(rulebook: Rulebook, at: datetime) -> date:
    days = rulebook.intake.answer_working_days
    return add_working_days(civil_day(at), days, rulebook.calendar)


def _plain(code: str) -> str:
    """Return a code as it is kept, however it was typed."""
    letters = "".join(c for c in normalize(code).upper() if c.isalnum())
    return "-".join(letters[n : n + 4] for n in range(0, len(letters), 4))
