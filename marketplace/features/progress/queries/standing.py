"""Where factories stand, what awaits the office, and the inspections made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, narrow, require
from marketplace.base.clock import Clock, today
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook, stage_of
from marketplace.features.progress import rules
from marketplace.features.progress.kinds import (
    CertificationStatus,
    InspectionKind,
    InspectionResult,
)
from marketplace.features.progress.queries.facts import gather
from marketplace.features.progress.rules import Step, StepState
from marketplace.features.progress.tables import (
    Certification,
    CertificationEvidence,
    Inspection,
)
from marketplace.features.registry.queries import require_factories, scope_of_factory
from marketplace.features.registry.tables import Factory


@dataclass(frozen=True, slots=True)
class Standing:
    """A factory's place on the ladder today."""

    factory_id: int
    stage: str
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        """How many conditions (not milestones) are met."""
        return sum(1 for s in self.steps if not s.milestone and s.state is StepState.DONE)

    @property
    def total(self) -> int:
        """How many conditions there are."""
        return sum(1 for s in self.steps if not s.milestone)

    @property
    def next(self) -> Step | None:
        """The one thing the owner can do next."""
        return next(iter(rules.next_steps(self.steps)), None)


@dataclass(frozen=True, slots=True)
class CertificationRow:
    """One submission of one condition."""

    certification_id: int
    factory_id: int
    factory_name: str
    operator_id: int
    program: str
    district: str | None
    condition: str
    status: CertificationStatus
    facts: dict[str, Any]
    submitted_by: int | None
    submitted_at: datetime
    due_on: date | None
    first_by: int | None
    decided_at: datetime | None
    reason_code: str | None
    note: str | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """One inspection."""

    inspection_id: int
    kind: InspectionKind
    inspected_on: date
    inspectors: str
    result: InspectionResult
    non_conformities: dict[str, Any]
    note: str | None
    corrective_due_on: date | None


def get_standing(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, factory_id: int
) -> Standing:
    """Return where one factory stands."""
    require(actor, "progress.get_standing", scope_of_factory(session, factory_id))
    return _standings(session, rulebook, [factory_id], today(clock))[factory_id]


def standings(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    factory_ids: Sequence[int],
) -> dict[int, Standing]:
    """Return where factories stand, in a fixed number of queries however many they are."""
    require(actor, "progress.standings", Scope(program=rulebook.program.key))
    require_factories(session, actor, "progress.standings", factory_ids)
    return _standings(session, rulebook, factory_ids, today(clock))


def list_submitted_certifications(
    session: Session, actor: Actor, *, program: str
) -> list[CertificationRow]:
    """Return what waits for the office, soonest due first."""
    statement = (
        _certifications()
        .where(
            Certification.program == program,
            Certification.status == CertificationStatus.SUBMITTED,
            *narrow(
                actor,
                "progress.list_submitted_certifications",
                program_column=Factory.program,
                district_column=Factory.district,
                operator_column=Factory.operator_id,
            ),
        )
        .order_by(col(Certification.due_on), col(Certification.id))
    )
    return [_row(*row) for row in session.execute(statement)]


def list_expiring(
    session: Session, actor: Actor, *, clock: Clock, program: str, within_days: int
) -> list[CertificationRow]:
    """Return approved conditions whose validity ends within some days, soonest first."""
    day = today(clock)
    statement = (
        _certifications()
        .where(
            Certification.program == program,
            Certification.status == CertificationStatus.APPROVED,
            col(Certification.valid_until) > day,
            col(Certification.valid_until) <= day + timedelta(days=within_days),
            *narrow(
                actor,
                "progress.list_expiring",
                program_column=Factory.program,
                district_column=Factory.district,
                operator_column=Factory.operator_id,
            ),
        )
        .order_by(col(Certification.valid_until), col(Certification.id))
    )
    return [_row(*row) for row in session.execute(statement)]


def get_certification(
    session: Session, actor: Actor, *, certification_id: int
) -> CertificationRow:
    """Return one submission.

    Raises:
        NotFound: when there is none, or this actor may not know of it.
    """
    row = session.execute(_certifications().where(Certification.id == certification_id)).first()
    if row is None:
        raise NotFound("certification_not_found", certification_id=certification_id)
    found = _row(*row)
    require(
        actor,
        "progress.get_certification",
        Scope(program=found.program, district=found.district, operator_id=found.operator_id),
    )
    return found


def list_evidence(
    session: Session, actor: Actor, *, certification_id: int
) -> list[tuple[str, int]]:
    """Return (evidence kind, file use) of a submission."""
    found = get_certification(session, actor, certification_id=certification_id)
    require(
        actor,
        "progress.list_evidence",
        Scope(program=found.program, district=found.district, operator_id=found.operator_id),
    )
    rows = session.execute(
        select(CertificationEvidence.kind, CertificationEvidence.use_id)
        .where(CertificationEvidence.certification_id == certification_id)
        .order_by(col(CertificationEvidence.id))
    ).all()
    return [(row[0], row[1]) for row in rows]


def list_inspections(session: Session, actor: Actor, *, factory_id: int) -> list[InspectionRow]:
    """Return a factory's inspections, newest first."""
    require(actor, "progress.list_inspections", scope_of_factory(session, factory_id))
    rows = session.execute(
        select(Inspection)
        .where(Inspection.factory_id == factory_id)
        .order_by(col(Inspection.inspected_on).desc(), col(Inspection.id).desc())
    ).scalars()
    return [
        InspectionRow(
            inspection_id=i.key,
            kind=i.kind,
            inspected_on=i.inspected_on,
            inspectors=i.inspectors,
            result=i.result,
            non_conformities=dict(i.non_conformities),
            note=i.note,
            corrective_due_on=i.corrective_due_on,
        )
        for i in rows
    ]


def _standings(
    session: Session, rulebook: Rulebook, factory_ids: Sequence[int], day: date
) -> dict[int, Standing]:
    gathered = gather(session, rulebook, factory_ids, day)
    return {
        factory_id: Standing(
            factory_id=factory_id,
            stage=stage_of(rulebook, rules.held_conditions(facts, day)),
            steps=rules.steps(rulebook, facts, day),
        )
        for factory_id, facts in gathered.items()
    }


def _certifications() -> Any:
    return select(Certification, Factory.name, Factory.district).join(
        Factory, col(Factory.id) == col(Certification.factory_id)
    )


def _row(c: Certification, name: str, district: str | None) -> CertificationRow:
    return CertificationRow(
        certification_id=c.key,
        factory_id=c.factory_id,
        factory_name=name,
        operator_id=c.operator_id,
        program=c.program,
        district=district,
        condition=c.condition,
        status=c.status,
        facts=dict(c.facts),
        submitted_by=c.submitted_by,
        submitted_at=c.submitted_at,
        due_on=c.due_on,
        first_by=c.first_by,
        decided_at=c.decided_at,
        reason_code=c.reason_code,
        note=c.note,
        valid_until=c.valid_until,
    )
