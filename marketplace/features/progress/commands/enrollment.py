"""Enrollment by signed commitment: the day it is accepted is time zero, once and for good."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.files import require_own_file
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.enforcement.tables import Finding
from marketplace.features.progress.events import EnrollmentChanged
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.tables import Enrollment
from marketplace.features.registry.kinds import FactoryStatus
from marketplace.features.registry.queries import scope_of_operator
from marketplace.features.registry.tables import Factory

_MOVES = {
    EnrollmentStatus.ENROLLED: {
        EnrollmentStatus.PAUSED,
        EnrollmentStatus.GRADUATED,
        EnrollmentStatus.WITHDRAWN,
        EnrollmentStatus.REMOVED,
    },
    EnrollmentStatus.PAUSED: {
        EnrollmentStatus.ENROLLED,
        EnrollmentStatus.WITHDRAWN,
        EnrollmentStatus.REMOVED,
    },
    EnrollmentStatus.GRADUATED: {EnrollmentStatus.WITHDRAWN, EnrollmentStatus.REMOVED},
}
_EXITS = {EnrollmentStatus.WITHDRAWN, EnrollmentStatus.REMOVED}


def apply_enrollment(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    operator_id: int,
    signed_on: date,
    signed_by: str,
    commitment_use_id: int | None = None,
) -> int:
    """Hand in the signed commitment; return the enrollment.

    Raises:
        Invalid: for a day to come or no signer.
        NotFound: for a commitment that is not a file of this firm.
        Refused: when one is there already, or the firm is a draft without USCC.
    """
    scope = scope_of_operator(session, operator_id)
    require(actor, "progress.apply_enrollment", scope)
    faults = []
    if signed_on > today(clock):
        faults.append(Fault("signed_on", "day_to_come"))
    if not normalize(signed_by):
        faults.append(Fault("signed_by", "field_missing"))
    if faults:
        raise Invalid(faults)
    if commitment_use_id is not None:
        require_own_file(session, commitment_use_id, scope)
    if _standing(session, operator_id) is not None:
        raise Refused("enrollment_there")
    registered = session.execute(
        select(Factory.id).where(
            Factory.operator_id == operator_id, Factory.status == FactoryStatus.REGISTERED
        )
    ).first()
    if registered is None:
        raise Refused("draft_cannot_enroll")
    row = Enrollment(
        operator_id=operator_id,
        program=str(scope.program),
        status=EnrollmentStatus.APPLIED,
        commitment_use_id=commitment_use_id,
        signed_on=signed_on,
        signed_by=normalize(signed_by),
        applied_by=actor.account_id,
        applied_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _trail(
        session, clock, actor, "progress.apply_enrollment", row, facts={"signed_on": signed_on}
    )
    _announce(session, row)
    return row.key


def accept_enrollment(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    enrollment_id: int,
    trigger_finding_id: int | None = None,
) -> date:
    """Accept a commitment; today becomes time zero, and is returned.

    `trigger_finding_id` is the finding that led to the enrollment, where one did; it is marked in
    figures and never scored.

    Raises:
        NotFound: when the finding is not this operator's.
        Refused: accepted already, or by whoever handed it in.
    """
    row, scope = _load(session, enrollment_id)
    require(actor, "progress.accept_enrollment", scope)
    _require_open(row)
    if row.applied_by is not None and row.applied_by == actor.account_id:
        raise Refused("author_never_decides")
    if trigger_finding_id is not None:
        _require_own_finding(session, trigger_finding_id, row.operator_id)
    day = today(clock)
    row.status = EnrollmentStatus.ENROLLED
    row.enrolled_on = day
    row.accepted_by = actor.account_id
    row.accepted_at = clock.now()
    row.trigger_finding_id = trigger_finding_id
    _trail(
        session, clock, actor, "progress.accept_enrollment", row,
        facts={"enrolled_on": day, "trigger_finding_id": trigger_finding_id},
    )  # fmt: skip
    _announce(session, row)
    return day


def return_application(
    session: Session, *, clock: Clock, actor: Actor, enrollment_id: int, reason: str
) -> None:
    """Give an application back with what is missing; the firm may apply again at once.

    Raises:
        Refused: decided already, by whoever handed it in, or without a reason.
    """
    row, scope = _load(session, enrollment_id)
    require(actor, "progress.return_application", scope)
    _require_open(row)
    if row.applied_by is not None and row.applied_by == actor.account_id:
        raise Refused("author_never_decides")
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    row.reversed_at = clock.now()
    row.exit_reason = normalize_prose(reason)
    _trail(
        session,
        clock,
        actor,
        "progress.return_application",
        row,
        reason=normalize_prose(reason),
    )
    announce(session, EnrollmentChanged(row.key, row.operator_id, row.program, "returned"))


def withdraw_application(
    session: Session, *, clock: Clock, actor: Actor, enrollment_id: int
) -> None:
    """Take an application back before it is decided.

    Raises:
        Refused: decided already.
    """
    row, scope = _load(session, enrollment_id)
    require(actor, "progress.withdraw_application", scope)
    _require_open(row)
    row.reversed_at = clock.now()
    _trail(session, clock, actor, "progress.withdraw_application", row)


def leave_program(
    session: Session, *, clock: Clock, actor: Actor, enrollment_id: int, reason: str
) -> None:
    """Leave the program by the firm's own will (主动退出); only its head may.

    Products are no longer vouched for from this moment; the figures keep the months until today.

    Raises:
        Refused: not enrolled, or without a reason.
    """
    row, scope = _load(session, enrollment_id)
    require(actor, "progress.leave_program", scope)
    if EnrollmentStatus.WITHDRAWN not in _MOVES.get(row.status, set()):
        raise Refused(
            "enrollment_move", before=row.status.value, after=EnrollmentStatus.WITHDRAWN.value
        )
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    before = row.status
    row.status = EnrollmentStatus.WITHDRAWN
    row.exit_on = today(clock)
    row.exit_reason = normalize_prose(reason)
    _trail(
        session, clock, actor, "progress.leave_program", row, reason=normalize_prose(reason),
        before={"status": before}, after={"status": row.status},
    )  # fmt: skip
    _announce(session, row)


def change_enrollment(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    enrollment_id: int,
    status: EnrollmentStatus,
    reason: str,
) -> None:
    """Pause, resume, graduate, withdraw or remove; a leaver stays in every figure until exit.

    Raises:
        Refused: for a move that does not exist, or without a reason.
    """
    row, scope = _load(session, enrollment_id)
    require(actor, "progress.change_enrollment", scope)
    if status not in _MOVES.get(row.status, set()):
        raise Refused("enrollment_move", before=row.status.value, after=status.value)
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    before = row.status
    row.status = status
    if status in _EXITS:
        row.exit_on = today(clock)
        row.exit_reason = normalize_prose(reason)
    _trail(
        session, clock, actor, "progress.change_enrollment", row,
        reason=normalize_prose(reason), before={"status": before}, after={"status": status},
    )  # fmt: skip
    _announce(session, row)


def reverse_enrollment(
    session: Session, *, clock: Clock, actor: Actor, enrollment_id: int, reason: str
) -> None:
    """Reverse an enrollment that should never have been; the only way to change time zero."""
    row, scope = _load(session, enrollment_id)
    require(actor, "progress.reverse_enrollment", scope)
    if row.reversed_at is not None:
        raise Refused("decided_already")
    if actor.account_id in {row.accepted_by, row.applied_by}:
        raise Refused("author_never_decides")
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    row.reversed_at = clock.now()
    row.status = EnrollmentStatus.REMOVED if row.enrolled_on else EnrollmentStatus.APPLIED
    _trail(
        session, clock, actor, "progress.reverse_enrollment", row, reason=normalize_prose(reason),
        before={"enrolled_on": row.enrolled_on},
    )  # fmt: skip
    _announce(session, row)


def _require_open(row: Enrollment) -> None:
    if row.status is not EnrollmentStatus.APPLIED or row.reversed_at is not None:
        raise Refused("decided_already")


def _require_own_finding(session: Session, finding_id: int, operator_id: int) -> None:
    finding = session.get(Finding, finding_id)
    if finding is None or finding.operator_id != operator_id:
        raise NotFound("finding_not_found", finding_id=finding_id)


def _standing(session: Session, operator_id: int) -> Enrollment | None:
    found: Enrollment | None = session.execute(
        select(Enrollment).where(
            Enrollment.operator_id == operator_id, col(Enrollment.reversed_at).is_(None)
        )
    ).scalar()
    return found


def _load(session: Session, enrollment_id: int) -> tuple[Enrollment, Scope]:
    row = session.get(Enrollment, enrollment_id)
    if row is None:
        raise NotFound("enrollment_not_found", enrollment_id=enrollment_id)
    return row, scope_of_operator(session, row.operator_id)


def _announce(session: Session, row: Enrollment) -> None:
    announce(
        session, EnrollmentChanged(row.key, row.operator_id, row.program, row.status.value)
    )


def _trail(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    row: Enrollment,
    *,
    reason: str | None = None,
    facts: dict[str, object] | None = None,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"enrollment:{row.key}",
        program=row.program,
        operator_id=row.operator_id,
        reason=reason,
        facts=facts,
        before=before,
        after=after,
    )
