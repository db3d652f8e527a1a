"""Gathers what the rules judge by, and whose a thing is; never shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Scope
from marketplace.base.errors import NotFound
from marketplace.base.files.tables import FileUse
from marketplace.base.text import fold_name
from marketplace.features.complaints.kinds import CaseStatus, ComplaintStatus
from marketplace.features.complaints.rules import Known, NoticeLine, Question, StoreFound
from marketplace.features.complaints.tables import (
    Complaint,
    InfringementCase,
    IpRight,
    RightHolder,
)
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Factory, Store


def load_case(session: Session, case_id: int) -> tuple[InfringementCase, Scope]:
    """Return a case and whose it is.

    Raises:
        NotFound: there is none with this number.
    """
    case = session.get(InfringementCase, case_id)
    if case is None:
        raise NotFound("case_not_found", case_id=case_id)
    return case, scope_of_case(session, case)


def load_complaint(
    session: Session, complaint_id: int
) -> tuple[Complaint, InfringementCase, Scope]:
    """Return a complaint, its case and whose it is.

    Raises:
        NotFound: there is none with this number.
    """
    complaint = session.get(Complaint, complaint_id)
    if complaint is None:
        raise NotFound("complaint_not_found", complaint_id=complaint_id)
    case, scope = load_case(session, complaint.case_id)
    return complaint, case, scope


def scope_of_case(session: Session, case: InfringementCase) -> Scope:
    """Return whose a case is: the firm that held the store when it was opened."""
    district = None
    if case.factory_id is not None:
        district = session.execute(
            select(Factory.district).where(Factory.id == case.factory_id)
        ).scalar()
    return Scope(program=case.program, district=district, operator_id=case.operator_id)


def parts_in(session: Session, numbers: Iterable[str]) -> set[int | None]:
    """Return who opened the cases of complaints, took the complaints in and answered them."""
    rows = session.execute(
        sa.select(
            col(InfringementCase.opened_by),
            col(Complaint.received_by),
            col(Complaint.answered_by),
        )
        .join(InfringementCase, col(InfringementCase.id) == col(Complaint.case_id))
        .where(col(Complaint.number).in_(sorted(numbers)))
    ).all()
    return {account for row in rows for account in row}


def openers_of(session: Session, finding_id: int) -> set[int | None]:
    """Return who opened the case of a finding; nobody where it came without one."""
    return set(
        session.execute(
            sa.select(col(InfringementCase.opened_by)).where(
                col(InfringementCase.finding_id) == finding_id
            )
        ).scalars()
    )


def load_right(session: Session, right_id: int) -> tuple[IpRight, RightHolder]:
    """Return a right and its holder.

    Raises:
        NotFound: there is none with this number.
    """
    right = session.get(IpRight, right_id)
    holder = session.get(RightHolder, right.holder_id) if right else None
    if right is None or holder is None:
        raise NotFound("right_not_found", right_id=right_id)
    return right, holder


def count_documents(session: Session, right_id: int) -> int:
    """Return how many documents are kept with a right."""
    return count_files(session, f"right:{right_id}")


def count_files(session: Session, subject: str) -> int:
    """Return how many files are kept with something."""
    return int(
        session.execute(
            sa.select(sa.func.count())
            .select_from(FileUse)
            .where(col(FileUse.subject) == subject, col(FileUse.withdrawn_at).is_(None))
        ).scalar_one()
    )


def files_of(
    session: Session, subjects: Iterable[str]
) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return subject → (name, use) of its files, oldest first."""
    rows = session.execute(
        select(FileUse)
        .where(col(FileUse.subject).in_(sorted(subjects)), col(FileUse.withdrawn_at).is_(None))
        .order_by(col(FileUse.id))
    ).scalars()
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for use in rows:
        found[use.subject] = (*found.get(use.subject, ()), (use.name, use.key))
    return found


def find_holder(
    session: Session, *, account_id: int | None, programs: Iterable[str]
) -> RightHolder | None:
    """Return the right holder an account stands for, or None."""
    if account_id is None:
        return None
    return session.execute(
        select(RightHolder).where(
            RightHolder.account_id == account_id,
            col(RightHolder.program).in_(sorted(programs)),
        )
    ).scalar()


def question_of(complaint: Complaint) -> Question:
    """Return what the rules need of a complaint."""
    return Question(
        status=complaint.status,
        state=complaint.state,
        answer=complaint.seller_answer,
        due_on=complaint.due_on,
        seller_due_on=complaint.seller_due_on,
        wait_until=complaint.wait_until,
    )


def complaints_of(session: Session, case_ids: Iterable[int]) -> dict[int, list[Complaint]]:
    """Return case → its complaints, oldest first."""
    found: dict[int, list[Complaint]] = {}
    rows = session.execute(
        select(Complaint)
        .where(col(Complaint.case_id).in_(sorted(case_ids)))
        .order_by(col(Complaint.id))
    ).scalars()
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def known_for(session: Session, right: IpRight, lines: Sequence[NoticeLine]) -> Known:
    """Return what the house knows about the stores and listings that lines name."""
    stores = _stores(session, right.program, {fold_name(line.store) for line in lines})
    ids = sorted({found.store_id for group in stores.values() for found in group})
    cases = session.execute(
        select(InfringementCase.listing_key, InfringementCase.id).where(
            InfringementCase.program == right.program,
            InfringementCase.status == CaseStatus.OPEN,
            col(InfringementCase.store_id).in_(ids),
        )
    ).all()
    own = session.execute(
        select(Complaint)
        .where(
            Complaint.holder_id == right.holder_id,
            Complaint.right_id == right.key,
            col(Complaint.store_id).in_(ids),
        )
        .order_by(col(Complaint.id))
    ).scalars()
    open_own: dict[str, int] = {}
    upheld: dict[str, int] = {}
    refused: dict[str, tuple[int, str]] = {}
    for row in own:
        match row.status:
            case ComplaintStatus.OPEN:
                open_own[row.listing_key] = row.key
            case ComplaintStatus.UPHELD:
                upheld[row.listing_key] = row.key
            case ComplaintStatus.REFUSED:
                refused[row.listing_key] = (row.key, row.text)
            case _:
                continue
    return Known(
        stores=stores,
        open_cases={key: int(number or 0) for key, number in cases},
        open_own=open_own,
        upheld_own=upheld,
        refused_own=refused,
    )


def stores_named(
    session: Session, program: str, wanted: set[str]
) -> dict[str, tuple[int, ...]]:
    """Return folded number or name → stores; a number wins over a name."""
    found = _stores(session, program, wanted)
    return {key: tuple(store.store_id for store in group) for key, group in found.items()}


def _stores(
    session: Session, program: str, wanted: set[str]
) -> Mapping[str, tuple[StoreFound, ...]]:
    """Return folded number or name → stores; a number wins over a name."""
    by_number: dict[str, tuple[StoreFound, ...]] = {}
    by_name: dict[str, tuple[StoreFound, ...]] = {}
    for column, table in ((Store.no_fold, by_number), (Store.name_fold, by_name)):
        rows = session.execute(
            select(Store.id, column, Store.name, Store.status)
            .where(Store.program == program, col(column).in_(sorted(wanted)))
            .order_by(col(Store.id))
        ).all()
        for store_id, key, name, status in rows:
            found = StoreFound(int(store_id or 0), name, status is StoreStatus.CLOSED)
            table[key] = (*table.get(key, ()), found)
    return {**by_name, **by_number}
