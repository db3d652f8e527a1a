"""Erases what the register holds of a person: in the firm, in every source, in requests."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock
from marketplace.base.db import announce
from marketplace.base.db.scrubbing import overwrite_freed
from marketplace.base.errors import NotFound, Refused
from marketplace.features.registry import rules
from marketplace.features.registry.events import FactoryChanged
from marketplace.features.registry.kinds import ChangeStatus, EntityKind, ValueStatus
from marketplace.features.registry.queries import scope_of_operator
from marketplace.features.registry.tables import (
    ChangeRequest,
    Factory,
    FieldValue,
    Operator,
)


def erase_personal(
    session: Session, *, clock: Clock, actor: Actor, operator_id: int, reason: str
) -> Mapping[str, int]:
    """Erase the phone and the legal representative of a firm; return how much of what went.

    The trail keeps that it was done and what for; the key of the values sealed in it is destroyed.
    A lead that was signed for an agency stays as it was signed.

    Raises:
        Refused: without a reason, or when nothing personal is left.
    """
    require(actor, "registry.erase_personal", scope_of_operator(session, operator_id))
    if len(reason.strip()) < 4:
        raise Refused("reason_missing")
    operator = session.get_one(Operator, operator_id)
    overwrite_freed(session)
    erased = {
        "fields": _clear_fields(operator),
        "sources": _clear_sources(session, operator_id),
        "requests": _clear_requests(session, operator_id),
        "entries": _destroy_key(session, clock, actor, operator_id, reason),
    }
    if not any(erased.values()):
        raise Refused("nothing_to_erase")
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.erase_personal",
        subject=f"operator:{operator_id}",
        program=operator.program,
        operator_id=operator_id,
        reason=reason,
        facts=erased,
    )
    factories = session.execute(select(Factory.id).where(Factory.operator_id == operator_id))
    for factory_id in factories.scalars():
        announce(session, FactoryChanged(int(factory_id or 0)))
    return erased


def _clear_fields(operator: Operator) -> int:
    there = [field for field in rules.PERSONAL_FIELDS if getattr(operator, field) is not None]
    for field in there:
        setattr(operator, field, None)
    return len(there)


def _clear_sources(session: Session, operator_id: int) -> int:
    """Clear every value any source gave; a disagreement about it is none any more."""
    kept = session.execute(
        select(FieldValue).where(
            FieldValue.entity == EntityKind.OPERATOR,
            FieldValue.entity_id == operator_id,
            col(FieldValue.field).in_(rules.PERSONAL_FIELDS),
            col(FieldValue.value).is_not(None),
        )
    ).scalars()
    cleared = 0
    for value in kept:
        value.value = None
        if value.status is ValueStatus.CONFLICT:
            value.status = ValueStatus.DISMISSED
        cleared += 1
    return cleared


def _clear_requests(session: Session, operator_id: int) -> int:
    """Take personal fields out of every request; one that asked for nothing else is withdrawn."""
    asked = session.execute(
        select(ChangeRequest).where(ChangeRequest.operator_id == operator_id)
    ).scalars()
    cleared = 0
    for request in asked:
        left = {
            f: pair for f, pair in request.changes.items() if f not in rules.PERSONAL_FIELDS
        }
        if left == request.changes:
            continue
        request.changes = left
        if not left and request.status is ChangeStatus.SUBMITTED:
            request.status = ChangeStatus.WITHDRAWN
        cleared += 1
    return cleared


def _destroy_key(
    session: Session, clock: Clock, actor: Actor, operator_id: int, reason: str
) -> int:
    person = f"operator:{operator_id}"
    try:
        return audit.erase_person(
            session, clock=clock, actor=actor, person=person, reason=reason
        )
    except NotFound:  # nothing of this firm was ever sealed, or it is erased already
        return 0
