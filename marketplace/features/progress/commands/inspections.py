"""Records inspections: effort for the charts, and what on-site verification rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.progress.events import InspectionRecorded
from marketplace.features.progress.kinds import InspectionKind, InspectionResult
from marketplace.features.progress.tables import Inspection
from marketplace.features.registry.queries import scope_of_factory


def record_inspection(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    factory_id: int,
    kind: InspectionKind,
    inspected_on: date,
    inspectors: Sequence[str],
    result: InspectionResult,
    non_conformities: Sequence[tuple[str, str]] = (),
    note: str | None = None,
    corrective_due_on: date | None = None,
) -> int:
    """Record an inspection by at least two inspectors; return it.

    `non_conformities` are (grade, text) with grade core, major or development.

    Raises:
        Invalid: a day to come, fewer than two inspectors, corrective action without a day.
    """
    scope = scope_of_factory(session, factory_id)
    require(actor, "progress.record_inspection", scope)
    people = [normalize(name) for name in inspectors if normalize(name)]
    faults = []
    if inspected_on > today(clock):
        faults.append(Fault("inspected_on", "day_to_come"))
    if len(set(people)) < 2:
        faults.append(Fault("inspectors", "two_inspectors"))
    if result is InspectionResult.CORRECTIVE_ACTION and corrective_due_on is None:
        faults.append(Fault("corrective_due_on", "field_missing"))
    if faults:
        raise Invalid(faults)
    row = Inspection(
        factory_id=factory_id,
        operator_id=scope.operator_id or 0,
        program=str(scope.program),
        kind=kind,
        inspected_on=inspected_on,
        inspectors="、".join(people),
        result=result,
        non_conformities={
            "items": [
                {"grade": grade, "text": normalize_prose(text)}
                for grade, text in non_conformities
            ]
        },
        note=normalize_prose(note or "") or None,
        corrective_due_on=corrective_due_on,
        recorded_by=actor.account_id,
        recorded_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="progress.record_inspection",
        subject=f"inspection:{row.key}",
        program=row.program,
        operator_id=row.operator_id,
        facts={
            "factory_id": factory_id,
            "kind": kind,
            "inspected_on": inspected_on,
            "result": result,
            "non_conformities": len(non_conformities),
        },
    )
    announce(session, InspectionRecorded(row.key, factory_id, row.operator_id, row.program))
    return row.key
