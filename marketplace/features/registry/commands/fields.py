"""Keeps field values with their sources; shared by the commands of the register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.clock import Clock
from marketplace.base.text import fold_name
from marketplace.features.registry import rules
from marketplace.features.registry.kinds import EntityKind, ValueStatus
from marketplace.features.registry.rules import Value
from marketplace.features.registry.tables import Factory, FieldValue, Operator

_WHOLE = frozenset({"capacity_pairs_per_year", "staff", "founded_year"})


def field_value_of(factory: Factory, operator: Operator, field: str) -> Value:
    """Return the current value of a canonical field."""
    owner: object = operator if field in rules.OPERATOR_FIELDS else factory
    value: Value = getattr(owner, field)
    return value


def write_value(
    session: Session,
    clock: Clock,
    factory: Factory,
    operator: Operator,
    field: str,
    value: Value,
    source: str,
    source_on: date | None,
) -> None:
    """Set a field, supersede its earlier current value and keep the source."""
    set_value(factory, operator, field, value)
    factory.updated_at = clock.now()
    entity, entity_id = _place(factory, operator, field)
    session.execute(
        sa.update(FieldValue)
        .where(
            col(FieldValue.entity) == entity,
            col(FieldValue.entity_id) == entity_id,
            col(FieldValue.field) == field,
            col(FieldValue.status) == ValueStatus.CURRENT,
        )
        .values(status=ValueStatus.SUPERSEDED)
    )
    _keep(
        session, clock, factory, entity, entity_id, field, value, source, source_on,
        ValueStatus.CURRENT,
    )  # fmt: skip


def set_value(factory: Factory, operator: Operator, field: str, value: Value) -> None:
    """Set a canonical field where it belongs; a name sets what it is found by, too."""
    if field in rules.OPERATOR_FIELDS:
        setattr(operator, field, value)
    else:
        setattr(factory, field, value)
    if field == "name":
        operator.name = str(value)
        operator.name_fold = factory.name_fold = fold_name(str(value))


def keep_first(
    session: Session,
    clock: Clock,
    factory: Factory,
    operator: Operator,
    values: Mapping[str, Value],
    source: str,
    source_on: date | None,
) -> None:
    """Keep the source of every value of a new firm, which are set already, in one statement."""
    rows = []
    for field, value in values.items():
        entity, entity_id = _place(factory, operator, field)
        rows.append(
            {
                "entity": entity, "entity_id": entity_id, "program": factory.program,
                "field": field, "value": text_of(value), "source": source,
                "source_on": source_on, "recorded_at": clock.now(),
                "status": ValueStatus.CURRENT,
            }
        )  # fmt: skip
    session.execute(_kept_first(), rows)


@cache
def _kept_first() -> sa.Insert:
    return sa.insert(FieldValue.__table__)  # type: ignore[attr-defined]


def open_conflict(
    session: Session,
    clock: Clock,
    factory: Factory,
    operator: Operator,
    field: str,
    value: Value,
    source: str,
    source_on: date | None,
) -> bool:
    """Keep a disagreeing value for a person to settle; False when it was kept before."""
    entity, entity_id = _place(factory, operator, field)
    said = session.execute(
        select(FieldValue.id).where(
            FieldValue.entity == entity,
            FieldValue.entity_id == entity_id,
            FieldValue.field == field,
            FieldValue.source == source,
            FieldValue.value == text_of(value),
            col(FieldValue.status).in_([ValueStatus.CONFLICT, ValueStatus.DISMISSED]),
        )
    ).first()
    if said is not None:
        return False
    _keep(
        session, clock, factory, entity, entity_id, field, value, source, source_on,
        ValueStatus.CONFLICT,
    )  # fmt: skip
    return True


def current_sources(session: Session, factory_id: int, operator_id: int) -> dict[str, str]:
    """Return field → source of the current values of a factory and its operator."""
    rows = session.execute(
        select(FieldValue.field, FieldValue.source).where(
            FieldValue.status == ValueStatus.CURRENT,
            sa.or_(
                sa.and_(
                    col(FieldValue.entity) == EntityKind.FACTORY,
                    col(FieldValue.entity_id) == factory_id,
                ),
                sa.and_(
                    col(FieldValue.entity) == EntityKind.OPERATOR,
                    col(FieldValue.entity_id) == operator_id,
                ),
            ),
        )
    )
    return {row[0]: row[1] for row in rows}


def audited(
    operator_id: int, before: Mapping[str, Value], changed: Mapping[str, Value]
) -> dict[str, Any]:
    """Return the before/after arguments of an audit entry, personal values apart."""
    open_fields = {f: v for f, v in changed.items() if f not in rules.PERSONAL_FIELDS}
    personal = {f: [before.get(f), v] for f, v in changed.items() if f in rules.PERSONAL_FIELDS}
    arguments: dict[str, Any] = {
        "before": {f: before.get(f) for f in open_fields},
        "after": open_fields,
    }
    if personal:
        arguments |= {"personal": personal, "person": f"operator:{operator_id}"}
    return arguments


def parse_value(field: str, text: str | None) -> Value:
    """Return the typed value of a field from the text it was kept as."""
    if text is None:
        return None
    if field in _WHOLE:
        return int(text)
    if field == "above_scale":
        return text == "true"
    return text


def text_of(value: Value) -> str | None:
    """Return the text a value is kept as beside its source."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _place(factory: Factory, operator: Operator, field: str) -> tuple[EntityKind, int]:
    if field in rules.OPERATOR_FIELDS:
        return EntityKind.OPERATOR, operator.key
    return EntityKind.FACTORY, factory.key


def _keep(
    session: Session,
    clock: Clock,
    factory: Factory,
    entity: EntityKind,
    entity_id: int,
    field: str,
    value: Value,
    source: str,
    source_on: date | None,
    status: ValueStatus,
) -> None:
    session.add(
        FieldValue(
            entity=entity,
            entity_id=entity_id,
            program=factory.program,
            field=field,
            value=text_of(value),
            source=source,
            source_on=source_on,
            recorded_at=clock.now(),
            status=status,
        )
    )
