"""Finds what a row of a file has filed before, so that the same file again files nothing.

Read by commands and imports that have asked the policy table; never shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.text import normalize, normalize_prose
from marketplace.features.complaints.kinds import CaseEvent, ComplaintStatus
from marketplace.features.complaints.rules import listing_key
from marketplace.features.complaints.tables import CaseEntry, Complaint, InfringementCase
from marketplace.features.enforcement.kinds import Origin

_LONGEST_SOURCE = 90


@dataclass(frozen=True, slots=True)
class FiledRow:
    """A complaint as a row of a file tells it; `number` is the source's own, or empty."""

    program: str
    source: str
    number: str
    store_id: int
    item: str
    origin: Origin
    brand: str
    text: str

    @property
    def key(self) -> str:
        """The listing it is about."""
        return listing_key(self.store_id, self.item)

    @property
    def source_ref(self) -> str | None:
        """What tells it apart for good: a number is one complaint within its source."""
        return f"{self.source[:_LONGEST_SOURCE]}#{self.number}" if self.number else None


@dataclass(frozen=True, slots=True)
class Filed:
    """The complaint of a row; `same` is False where the row now says something else."""

    complaint_id: int
    number: str
    same: bool


def find_filed(session: Session, row: FiledRow) -> Filed | None:
    """Return the complaint this row has filed, or None.

    By the number within its source; then by the house's own number, as an export gives it. The
    same content under the same number of a renamed source is the same complaint, and so is the
    same content where no number is given.
    """
    statement = select(Complaint).where(
        Complaint.program == row.program, col(Complaint.status) != ComplaintStatus.WITHDRAWN
    )
    if row.number:
        by_ref = session.execute(
            statement.where(col(Complaint.source_ref) == row.source_ref)
        ).scalar()
        if by_ref is not None:
            return _filed(by_ref, row)
    same_content = statement.where(
        col(Complaint.listing_key) == row.key,
        col(Complaint.origin) == row.origin,
        col(Complaint.brand) == normalize(row.brand)[:80],
    ).order_by(col(Complaint.id))
    if row.number:
        same_content = same_content.where(
            sa.or_(
                col(Complaint.number) == row.number,
                col(Complaint.source_ref).endswith(f"#{row.number}", autoescape=True),
            )
        )
    told = session.execute(same_content).scalars()
    found = next((one for one in told if _says(one.text, row.text, 2000)), None)
    return None if found is None else _filed(found, row)


def find_looked_into(session: Session, row: FiledRow) -> str | None:
    """Return the number of the case this row has opened, or None; one taken back is none.

    By the number within its source first, so that a corrected text opens no second case.
    """
    taken_back = sa.select(col(CaseEntry.case_id)).where(
        col(CaseEntry.kind) == CaseEvent.TAKEN_BACK
    )
    if row.source_ref is not None:
        named = session.execute(
            select(InfringementCase.number)
            .join(CaseEntry, col(CaseEntry.case_id) == col(InfringementCase.id))
            .where(
                InfringementCase.program == row.program,
                col(InfringementCase.listing_key) == row.key,
                col(CaseEntry.kind) == CaseEvent.SOURCE_NAMED,
                sa.or_(
                    col(CaseEntry.text) == row.source_ref,
                    col(CaseEntry.text).startswith(f"{row.source_ref} · ", autoescape=True),
                ),
                col(InfringementCase.id).not_in(taken_back),
            )
        ).scalar()
        if named is not None:
            return str(named)
    cases = session.execute(
        select(InfringementCase.number, InfringementCase.statement)
        .where(
            InfringementCase.program == row.program,
            col(InfringementCase.listing_key) == row.key,
            col(InfringementCase.origin) == row.origin,
            col(InfringementCase.id).not_in(taken_back),
        )
        .order_by(col(InfringementCase.id))
    ).all()
    return next((str(number) for number, said in cases if _says(said, row.text, 1000)), None)


def case_number_of(session: Session, complaint_id: int) -> str:
    """Return the number of the case a complaint is in."""
    found = session.execute(
        select(InfringementCase.number)
        .join(Complaint, col(Complaint.case_id) == col(InfringementCase.id))
        .where(Complaint.id == complaint_id)
    ).scalar_one()
    return str(found)


def _filed(complaint: Complaint, row: FiledRow) -> Filed:
    same = (
        complaint.listing_key == row.key
        and _says(complaint.text, row.text, 2000)
        and complaint.origin is row.origin
    )
    return Filed(complaint.key, complaint.number, same)


def _says(kept: str, told: str, longest: int) -> bool:
    """Tell whether two texts are one whatever marks they are written with.

    A spreadsheet or another program turns a full-width comma into an ASCII one; that is no other
    complaint.
    """
    return normalize(kept) == normalize(normalize_prose(told)[:longest])
