"""Takes back what an import wrote into the register, where nobody has changed it since.

Whether something rests on a row (products, findings …) is asked by the caller, who sees all
features; here only what the register itself tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.db.watching import changed_since, put_back
from marketplace.base.errors import NotFound, Refused
from marketplace.base.text import fold_name
from marketplace.features.registry import rules
from marketplace.features.registry.commands.factories import load_factory
from marketplace.features.registry.commands.fields import (
    audited,
    field_value_of,
    parse_value,
    text_of,
)
from marketplace.features.registry.commands.filing import owner_of
from marketplace.features.registry.events import FactoryChanged, HoldingChanged
from marketplace.features.registry.kinds import (
    EntityKind,
    FactoryStatus,
    ValueStatus,
)
from marketplace.features.registry.queries import require_stores, scope_of_factory
from marketplace.features.registry.rules import Value
from marketplace.features.registry.tables import (
    Factory,
    FieldValue,
    Operator,
    Store,
    StoreHolding,
)


def take_back_factory(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    factory_id: int,
    value_ids: Sequence[int],
    reason: str,
) -> None:
    """Take a factory that an import admitted off the lists; its code becomes free again.

    `value_ids` are the values that import gave it. Nothing is deleted.

    Raises:
        Refused: `undo_replaced` when another source or person has said something since.
    """
    require(actor, "registry.take_back_factory", scope_of_factory(session, factory_id))
    factory, operator = load_factory(session, factory_id)
    for value in _values_of(session, factory, operator):
        if value.key not in value_ids and value.status is not ValueStatus.WITHDRAWN:
            raise _replaced(value)
        value.status = ValueStatus.WITHDRAWN
    before = {"uscc": operator.uscc, "status": factory.status.value}
    operator.uscc = None
    factory.status = FactoryStatus.ARCHIVED
    factory.updated_at = clock.now()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.take_back_factory",
        subject=f"factory:{factory_id}",
        program=factory.program,
        operator_id=operator.key,
        reason=reason,
        before=before,
        after={"uscc": None, "status": factory.status.value},
    )
    announce(session, FactoryChanged(factory_id))


def take_back_value(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    value_id: int,
    before: Mapping[str, Any],
    reason: str,
) -> None:
    """Take back one value an import gave a known factory; what stood before stands again.

    `before` has the plain values of the row before the import, for a value without a source.

    Raises:
        Refused: `undo_replaced` when something else was said since, `undo_decided` when a person
            settled it.
    """
    value = session.get(FieldValue, value_id)
    if value is None:
        raise NotFound("conflict_not_found", value_id=value_id)
    factory, operator = owner_of(session, value)
    require(actor, "registry.take_back_value", scope_of_factory(session, factory.key))
    match value.status:
        case ValueStatus.WITHDRAWN:
            return
        case ValueStatus.DISMISSED:
            raise Refused("undo_decided", field=value.field)
        case ValueStatus.SUPERSEDED:
            raise _replaced(_standing(session, value) or value)
        case _:
            pass
    stood, stands = field_value_of(factory, operator, value.field), None
    changed: dict[str, Value] = {}
    if value.status is ValueStatus.CURRENT:
        if text_of(stood) != value.value:
            raise Refused("undo_changed", field=value.field)
        stands = _put_earlier_back(session, factory, operator, value, before)
        changed = {value.field: stands}
    value.status = ValueStatus.WITHDRAWN
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.take_back_value",
        subject=f"factory:{factory.key}",
        program=factory.program,
        operator_id=operator.key,
        reason=reason,
        facts={"field": value.field, "source": value.source},
        **audited(operator.key, {value.field: stood}, changed),
    )
    announce(session, FactoryChanged(factory.key))


def reopen_conflict(
    session: Session, *, clock: Clock, actor: Actor, value_id: int, reason: str
) -> None:
    """Open a settled disagreement again; a value that was taken gives way to the one before.

    Raises:
        Refused: without a reason, when it is not settled, or when something else was said since.
    """
    value = session.get(FieldValue, value_id)
    if value is None:
        raise NotFound("conflict_not_found", value_id=value_id)
    factory, operator = owner_of(session, value)
    require(actor, "registry.reopen_conflict", scope_of_factory(session, factory.key))
    if value.status is not ValueStatus.DISMISSED:
        raise Refused("conflict_open", value_id=value_id)
    if len(reason.strip()) < 4:
        raise Refused("reason_missing")
    stood = stands = field_value_of(factory, operator, value.field)
    standing = _standing(session, value)
    if standing is not None and standing.key > value.key:
        if (standing.value, standing.source) != (value.value, value.source):
            raise _replaced(standing)
        stands = _put_earlier_back(session, factory, operator, standing, {})
        standing.status = ValueStatus.WITHDRAWN
    value.status = ValueStatus.CONFLICT
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.reopen_conflict",
        subject=f"factory:{factory.key}",
        program=factory.program,
        operator_id=operator.key,
        reason=reason,
        facts={"value_id": value_id},
        **audited(operator.key, {value.field: stood}, {value.field: stands}),
    )
    announce(session, FactoryChanged(factory.key))


def take_back_holding(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    holding_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    reason: str,
) -> None:
    """Remove a holding that an import declared, as if nobody had said it; the trail keeps it.

    One that the import only ended goes on (`before`).

    Raises:
        Refused: `undo_decided` when an officer has decided about it since.
    """
    holding = session.get(StoreHolding, holding_id)
    if holding is None:
        raise NotFound("holding_not_found", holding_id=holding_id)
    scope = scope_of_factory(session, holding.factory_id)
    require(actor, "registry.take_back_holding", scope)
    if changed_since(holding, after):
        raise Refused("undo_decided", field="holding")
    if before is None:
        session.delete(holding)
    else:
        put_back(holding, before)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.take_back_holding",
        subject=f"store:{holding.store_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        reason=reason,
        facts={"factory_id": holding.factory_id, "from_on": holding.from_on.isoformat()},
        before=dict(after),
        after=dict(before) if before is not None else None,
    )
    announce(session, HoldingChanged(holding.store_id, holding.factory_id))


def take_back_store(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    store_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    reason: str,
) -> None:
    """Put a store back as it was before an import; without `before` it is removed.

    Raises:
        Refused: `undo_changed` when it no longer says what the import wrote.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    require_stores(
        session, actor, "registry.take_back_store", program=store.program,
        days={(store_id, today(clock))},
    )  # fmt: skip
    differing = changed_since(store, after)
    if differing:
        raise Refused("undo_changed", field=differing[0])
    if before is None:
        session.delete(store)
    else:
        put_back(store, before)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.take_back_store",
        subject=f"store:{store_id}",
        program=store.program,
        reason=reason,
        before=dict(after),
        after=dict(before) if before is not None else None,
    )


def _put_earlier_back(
    session: Session,
    factory: Factory,
    operator: Operator,
    value: FieldValue,
    before: Mapping[str, Any],
) -> Value:
    earlier: FieldValue | None = session.execute(
        select(FieldValue)
        .where(
            *_same_field(value),
            col(FieldValue.id) < value.key,
            col(FieldValue.status) == ValueStatus.SUPERSEDED,
        )
        .order_by(col(FieldValue.id).desc())
    ).scalar()
    stands = parse_value(value.field, earlier.value) if earlier else before.get(value.field)
    if value.field in rules.PERSONAL_FIELDS and earlier is None:
        stands = None
    if value.field in rules.OPERATOR_FIELDS:
        setattr(operator, value.field, stands)
    else:
        setattr(factory, value.field, stands)
    if value.field == "name":
        operator.name = str(stands)
        operator.name_fold = factory.name_fold = fold_name(str(stands))
    if earlier is not None:
        earlier.status = ValueStatus.CURRENT
    if value.field == "uscc" and stands is None and factory.status is FactoryStatus.REGISTERED:
        factory.status = FactoryStatus.DRAFT
    return stands


def _standing(session: Session, value: FieldValue) -> FieldValue | None:
    found: FieldValue | None = session.execute(
        select(FieldValue).where(
            *_same_field(value), col(FieldValue.status) == ValueStatus.CURRENT
        )
    ).scalar()
    return found


def _same_field(value: FieldValue) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(FieldValue.entity) == value.entity,
        col(FieldValue.entity_id) == value.entity_id,
        col(FieldValue.field) == value.field,
    )


def _values_of(session: Session, factory: Factory, operator: Operator) -> list[FieldValue]:
    statement = select(FieldValue).where(
        sa.or_(
            sa.and_(
                col(FieldValue.entity) == EntityKind.FACTORY,
                col(FieldValue.entity_id) == factory.key,
            ),
            sa.and_(
                col(FieldValue.entity) == EntityKind.OPERATOR,
                col(FieldValue.entity_id) == operator.key,
            ),
        )
    )
    return list(session.execute(statement).scalars())


def _replaced(value: FieldValue) -> Refused:
    return Refused(
        "undo_replaced",
        field=value.field,
        source=value.source,
        on=value.recorded_at.date().isoformat(),
    )
