"""Reads enrollments; time zero is fixed and changes only by reversal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow, require
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.tables import Enrollment
from marketplace.features.registry.queries import scope_of_operator
from marketplace.features.registry.tables import Factory, Operator


@dataclass(frozen=True, slots=True)
class EnrollmentRow:
    """An operator's enrollment."""

    enrollment_id: int
    operator_id: int
    operator_name: str
    program: str
    status: EnrollmentStatus
    signed_on: date
    signed_by: str
    applied_by: int | None
    applied_at: datetime
    enrolled_on: date | None
    exit_on: date | None
    exit_reason: str | None
    commitment_use_id: int | None
    trigger_finding_id: int | None = None


class Membership(NamedTuple):
    """The first day in the program and the day of exit, both inclusive; None while nobody left."""

    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return self.since <= day and (self.until is None or day <= self.until)


def find_enrollment(
    session: Session, actor: Actor, *, operator_id: int
) -> EnrollmentRow | None:
    """Return an operator's enrollment that has not been reversed, or None."""
    require(actor, "progress.find_enrollment", scope_of_operator(session, operator_id))
    row = session.execute(
        select(Enrollment, Operator.name)
        .join(Operator, col(Operator.id) == col(Enrollment.operator_id))
        .where(Enrollment.operator_id == operator_id, col(Enrollment.reversed_at).is_(None))
    ).first()
    return None if row is None else _row(row[0], row[1])


def list_enrollments(
    session: Session,
    actor: Actor,
    *,
    program: str,
    status: EnrollmentStatus | None = None,
) -> list[EnrollmentRow]:
    """Return enrollments this actor may see, longest waiting first."""
    statement = (
        select(Enrollment, Operator.name)
        .join(Operator, col(Operator.id) == col(Enrollment.operator_id))
        .where(
            Enrollment.program == program,
            col(Enrollment.reversed_at).is_(None),
            select(Factory.id)
            .where(
                Factory.operator_id == Enrollment.operator_id,
                *narrow(
                    actor,
                    "progress.list_enrollments",
                    program_column=Factory.program,
                    district_column=Factory.district,
                    operator_column=Factory.operator_id,
                ),
            )
            .exists(),
        )
        .order_by(col(Enrollment.applied_at), col(Enrollment.id))
    )
    if status is not None:
        statement = statement.where(Enrollment.status == status)
    return [_row(e, name) for e, name in session.execute(statement)]


def time_zero(session: Session, operator_id: int) -> date | None:
    """Return the enrollment day of an operator, or None; for rules, never shown alone."""
    found: date | None = session.execute(
        sa.select(col(Enrollment.enrolled_on)).where(
            col(Enrollment.operator_id) == operator_id, col(Enrollment.reversed_at).is_(None)
        )
    ).scalar()
    return found


def find_membership(session: Session, operator_id: int) -> Membership | None:
    """Return from when until when an operator was in the program; None when never; for rules."""
    row = session.execute(
        sa.select(col(Enrollment.enrolled_on), col(Enrollment.exit_on)).where(
            col(Enrollment.operator_id) == operator_id, col(Enrollment.reversed_at).is_(None)
        )
    ).first()
    return None if row is None or row[0] is None else Membership(row[0], row[1])


def is_enrolled(session: Session, operator_id: int) -> bool:
    """Tell whether an operator is enrolled or graduated now; for rules."""
    status = session.execute(
        select(Enrollment.status).where(
            Enrollment.operator_id == operator_id, col(Enrollment.reversed_at).is_(None)
        )
    ).scalar()
    return status in {EnrollmentStatus.ENROLLED, EnrollmentStatus.GRADUATED}


def _row(e: Enrollment, name: str) -> EnrollmentRow:
    return EnrollmentRow(
        enrollment_id=e.key,
        operator_id=e.operator_id,
        operator_name=name,
        program=e.program,
        status=e.status,
        signed_on=e.signed_on,
        signed_by=e.signed_by,
        applied_by=e.applied_by,
        applied_at=e.applied_at,
        enrolled_on=e.enrolled_on,
        exit_on=e.exit_on,
        exit_reason=e.exit_reason,
        commitment_use_id=e.commitment_use_id,
        trigger_finding_id=e.trigger_finding_id,
    )
