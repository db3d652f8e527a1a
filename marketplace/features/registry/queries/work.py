"""What waits for a decision in the register: disagreements and change requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow
from marketplace.features.registry.kinds import (
    ChangeStatus,
    EntityKind,
    ValueStatus,
)
from marketplace.features.registry.tables import (
    ChangeRequest,
    Factory,
    FieldValue,
)


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """Two sources that disagree about one field of one factory."""

    value_id: int
    factory_id: int
    factory_name: str
    field: str
    current: str | None
    current_source: str | None
    value: str | None
    source: str
    source_on: date | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ChangeRequestRow:
    """An owner's request; `changes` maps field → (before, after)."""

    request_id: int
    factory_id: int
    factory_name: str
    operator_id: int
    submitted_by: int
    submitted_at: datetime
    due_on: date
    changes: dict[str, tuple[object, object]]
    status: ChangeStatus
    decided_at: datetime | None
    reason: str | None


def list_conflicts(session: Session, actor: Actor, *, program: str) -> list[ConflictRow]:
    """Return every open disagreement between sources that this actor may settle."""
    standing = aliased(FieldValue)
    of_operator = sa.and_(
        col(FieldValue.entity) == EntityKind.OPERATOR,
        col(Factory.operator_id) == col(FieldValue.entity_id),
    )
    of_factory = sa.and_(
        col(FieldValue.entity) == EntityKind.FACTORY,
        col(Factory.id) == col(FieldValue.entity_id),
    )
    statement = (
        sa.select(
            FieldValue,
            col(Factory.id),
            col(Factory.name),
            col(standing.value),
            col(standing.source),
        )
        .join(Factory, sa.or_(of_operator, of_factory))
        .outerjoin(
            standing,
            sa.and_(
                col(standing.entity) == col(FieldValue.entity),
                col(standing.entity_id) == col(FieldValue.entity_id),
                col(standing.field) == col(FieldValue.field),
                col(standing.status) == ValueStatus.CURRENT,
            ),
        )
        .where(
            col(FieldValue.status) == ValueStatus.CONFLICT,
            col(FieldValue.program) == program,
        )
        .where(
            *narrow(
                actor,
                "registry.list_conflicts",
                program_column=Factory.program,
                district_column=Factory.district,
                operator_column=Factory.operator_id,
            )
        )
        .order_by(col(FieldValue.recorded_at).desc(), col(FieldValue.id))
    )
    return [
        ConflictRow(
            value_id=value.key,
            factory_id=factory_id,
            factory_name=name,
            field=value.field,
            current=current,
            current_source=source,
            value=value.value,
            source=value.source,
            source_on=value.source_on,
            recorded_at=value.recorded_at,
        )
        for value, factory_id, name, current, source in session.execute(statement)
    ]


def list_change_requests(
    session: Session,
    actor: Actor,
    *,
    program: str | None = None,
    factory_id: int | None = None,
    status: ChangeStatus | None = None,
) -> list[ChangeRequestRow]:
    """Return change requests this actor may see, soonest due first."""
    statement = (
        select(ChangeRequest, Factory.name)
        .join(Factory, col(Factory.id) == col(ChangeRequest.factory_id))
        .where(
            *narrow(
                actor,
                "registry.list_change_requests",
                program_column=Factory.program,
                district_column=Factory.district,
                operator_column=Factory.operator_id,
            )
        )
        .order_by(col(ChangeRequest.due_on).asc(), col(ChangeRequest.id))
    )
    if program is not None:
        statement = statement.where(ChangeRequest.program == program)
    if factory_id is not None:
        statement = statement.where(ChangeRequest.factory_id == factory_id)
    if status is not None:
        statement = statement.where(ChangeRequest.status == status)
    return [
        ChangeRequestRow(
            request_id=request.key,
            factory_id=request.factory_id,
            factory_name=name,
            operator_id=request.operator_id,
            submitted_by=request.submitted_by,
            submitted_at=request.submitted_at,
            due_on=request.due_on,
            changes={f: (pair[0], pair[1]) for f, pair in request.changes.items()},
            status=request.status,
            decided_at=request.decided_at,
            reason=request.reason,
        )
        for request, name in session.execute(statement)
    ]
