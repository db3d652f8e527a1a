"""What waits for a decision in the register: disagreements and change requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow
from marketplace.base.text import mask_name, mask_phone
from marketplace.features.registry.kinds import (
    ChangeStatus,
    EntityKind,
    FactoryStatus,
    ValueStatus,
)
from marketplace.features.registry.tables import (
    ChangeRequest,
    Factory,
    FieldValue,
)


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """Two sources that disagree about one field of one factory; phones and names are masked."""

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
    current_on: date | None
    current_at: datetime | None


@dataclass(frozen=True, slots=True)
class SettledRow:
    """A value that was in conflict and is settled; phones and names are masked."""

    value_id: int
    factory_id: int
    factory_name: str
    field: str
    value: str | None
    source: str
    status: ValueStatus


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A firm without its code (待补代码); `source` is who named it."""

    factory_id: int
    name: str
    address: str | None
    district: str | None
    source: str | None
    created_at: datetime


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
            col(standing.source_on),
            col(standing.recorded_at),
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
            current=_guarded(value.field, current),
            current_source=source,
            value=_guarded(value.field, value.value),
            source=value.source,
            source_on=value.source_on,
            recorded_at=value.recorded_at,
            current_on=current_on,
            current_at=current_at,
        )
        for value, factory_id, name, current, source, current_on, current_at in session.execute(
            statement
        )
    ]


def list_settled_conflicts(
    session: Session, actor: Actor, *, program: str, limit: int = 20
) -> list[SettledRow]:
    """Return values somebody decided about, the last recorded first."""
    rows = session.execute(
        sa.select(FieldValue, col(Factory.id), col(Factory.name))
        .join(
            Factory,
            sa.or_(
                sa.and_(
                    col(FieldValue.entity) == EntityKind.OPERATOR,
                    col(Factory.operator_id) == col(FieldValue.entity_id),
                ),
                sa.and_(
                    col(FieldValue.entity) == EntityKind.FACTORY,
                    col(Factory.id) == col(FieldValue.entity_id),
                ),
            ),
        )
        .where(
            col(FieldValue.status) == ValueStatus.DISMISSED,
            col(FieldValue.program) == program,
            *narrow(
                actor,
                "registry.list_settled_conflicts",
                program_column=Factory.program,
                district_column=Factory.district,
                operator_column=Factory.operator_id,
            ),
        )
        .order_by(col(FieldValue.recorded_at).desc(), col(FieldValue.id).desc())
        .limit(limit)
    )
    return [
        SettledRow(
            v.key, factory_id, name, v.field, _guarded(v.field, v.value), v.source, v.status
        )
        for v, factory_id, name in rows
    ]


def list_drafts(session: Session, actor: Actor, *, program: str) -> list[DraftRow]:
    """Return the firms that wait for their code, the longest waiting first."""
    named = (
        sa.select(col(FieldValue.source))
        .where(
            col(FieldValue.entity) == EntityKind.FACTORY,
            col(FieldValue.entity_id) == col(Factory.id),
            col(FieldValue.field) == "name",
            col(FieldValue.status) == ValueStatus.CURRENT,
        )
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Factory, named)
        .where(
            col(Factory.program) == program,
            col(Factory.status) == FactoryStatus.DRAFT,
            *narrow(
                actor,
                "registry.list_drafts",
                program_column=Factory.program,
                district_column=Factory.district,
                operator_column=Factory.operator_id,
            ),
        )
        .order_by(col(Factory.created_at), col(Factory.id))
    )
    return [
        DraftRow(f.key, f.name, f.address, f.district, source, f.created_at)
        for f, source in rows
    ]


def _guarded(field: str, value: str | None) -> str | None:
    """What belongs to a person is masked; only `unmask_phone` shows a phone."""
    if not value:
        return value
    if field == "phone":
        return mask_phone(value)
    return mask_name(value) if field == "legal_representative" else value


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
