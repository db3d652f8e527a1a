"""Who handles a factory, what becomes of a draft, which of two sources is right."""

from __future__ import annotations

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.access.queries import require_officer
from marketplace.base.clock import Clock
from marketplace.base.db import announce
from marketplace.base.errors import NotFound, Refused
from marketplace.features.registry.commands.factories import load_factory
from marketplace.features.registry.commands.fields import (
    audited,
    field_value_of,
    parse_value,
    write_value,
)
from marketplace.features.registry.events import FactoryChanged
from marketplace.features.registry.kinds import (
    EntityKind,
    FactoryStatus,
    ValueStatus,
)
from marketplace.features.registry.queries import scope_of_factory, scope_of_operator
from marketplace.features.registry.tables import Factory, FieldValue, Operator


def assign_officer(
    session: Session, *, clock: Clock, actor: Actor, factory_ids: list[int], officer_id: int
) -> int:
    """Give factories to an officer; return how many really changed.

    Raises:
        Refused: to somebody who could not open one of them; none is given then.
    """
    changed = 0
    for factory_id in factory_ids:
        scope = scope_of_factory(session, factory_id)
        require(actor, "registry.assign_officer", scope)
        factory, operator = load_factory(session, factory_id)
        if factory.officer_id == officer_id:
            continue
        require_officer(session, officer_id, scope)
        before = factory.officer_id
        factory.officer_id = officer_id
        audit.record(
            session,
            clock=clock,
            actor=actor,
            action="registry.assign_officer",
            subject=f"factory:{factory_id}",
            program=factory.program,
            operator_id=operator.key,
            before={"officer_id": before},
            after={"officer_id": officer_id},
        )
        announce(session, FactoryChanged(factory_id))
        changed += 1
    return changed


def archive_factory(
    session: Session, *, clock: Clock, actor: Actor, factory_id: int, reason: str
) -> None:
    """Take a draft that turned out to be nothing off the lists; nothing is deleted.

    Raises:
        Refused: for a factory that is more than a draft.
    """
    require(actor, "registry.archive_factory", scope_of_factory(session, factory_id))
    factory, operator = load_factory(session, factory_id)
    if factory.status is not FactoryStatus.DRAFT:
        raise Refused("only_drafts_archived", factory_id=factory_id)
    factory.status = FactoryStatus.ARCHIVED
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.archive_factory",
        subject=f"factory:{factory_id}",
        program=factory.program,
        operator_id=operator.key,
        reason=reason,
    )
    announce(session, FactoryChanged(factory_id))


def settle_conflict(
    session: Session, *, clock: Clock, actor: Actor, value_id: int, take: bool, reason: str
) -> None:
    """Settle a disagreement between sources: take the other value, or keep the current one."""
    value = session.get(FieldValue, value_id)
    if value is None:
        raise NotFound("conflict_not_found", value_id=value_id)
    factory, operator = owner_of(session, value)
    require(actor, "registry.settle_conflict", scope_of_factory(session, factory.key))
    if value.status is not ValueStatus.CONFLICT:
        raise Refused("conflict_settled", value_id=value_id)
    before = field_value_of(factory, operator, value.field)
    value.status = ValueStatus.DISMISSED
    after = before
    if take:
        after = parse_value(value.field, value.value)
        write_value(
            session, clock, factory, operator, value.field, after, value.source, value.source_on
        )
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.settle_conflict",
        subject=f"factory:{factory.key}",
        program=factory.program,
        operator_id=operator.key,
        reason=reason,
        facts={"value_id": value_id, "taken": take},
        **audited(operator.key, {value.field: before}, {value.field: after}),
    )
    announce(session, FactoryChanged(factory.key))


def unmask_phone(
    session: Session, *, clock: Clock, actor: Actor, operator_id: int, reason: str
) -> str | None:
    """Return a phone number in full, leaving who saw it and why.

    Raises:
        Refused: without a reason.
    """
    require(actor, "registry.unmask_phone", scope_of_operator(session, operator_id))
    if len(reason.strip()) < 4:
        raise Refused("reason_missing")
    operator = session.get(Operator, operator_id)
    if operator is None:
        raise NotFound("operator_not_found", operator_id=operator_id)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.unmask_phone",
        subject=f"operator:{operator_id}",
        program=operator.program,
        operator_id=operator_id,
        reason=reason,
    )
    return operator.phone


def owner_of(session: Session, value: FieldValue) -> tuple[Factory, Operator]:
    """Return the factory and operator a field value is about."""
    if value.entity is EntityKind.FACTORY:
        return load_factory(session, value.entity_id)
    factory_id = session.execute(
        select(Factory.id)
        .where(Factory.operator_id == value.entity_id)
        .order_by(col(Factory.id))
    ).scalar()
    if factory_id is None:
        raise NotFound("operator_not_found", operator_id=value.entity_id)
    return load_factory(session, factory_id)
