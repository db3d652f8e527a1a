"""An owner's profile edits are requests; an officer approves or returns them with a reason."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, add_working_days, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.features.registry import rules
from marketplace.features.registry.commands.fields import (
    audited,
    field_value_of,
    write_value,
)
from marketplace.features.registry.events import ChangeRequestDecided, FactoryChanged
from marketplace.features.registry.kinds import ChangeStatus
from marketplace.features.registry.queries import scope_of_factory
from marketplace.features.registry.rules import Value
from marketplace.features.registry.tables import ChangeRequest, Factory, Operator


def submit_change_request(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    factory_id: int,
    values: Mapping[str, Value],
) -> int | None:
    """Ask for profile fields to be changed; return the request, or None when nothing differs.

    No reason is asked for: what is on file beside what is asked for says what is wrong, and
    nothing changes before somebody else has decided, who does give one. An officer who corrects
    a firm by his own knowledge decides alone and always names a reason.

    Raises:
        Invalid: for a field an owner may not ask for, or a bad value.
        Refused: while another request of this factory waits.
    """
    require(actor, "registry.submit_change_request", scope_of_factory(session, factory_id))
    factory, operator = _load(session, factory_id)
    foreign = [f for f in values if f not in rules.OWNER_FIELDS]
    if foreign:
        raise Invalid([Fault(f, "field_not_yours", {"field": f}) for f in foreign])
    before = {f: field_value_of(factory, operator, f) for f in values}
    checked = rules.check_values(
        rulebook, {"name": factory.name, "district": factory.district, **values}
    )
    faults = (*checked.faults, *rules.check_phones(values))
    if faults:
        raise Invalid(faults)
    changed = rules.changed_fields(before, {f: checked.values[f] for f in values})
    if not changed:
        return None
    waiting = session.execute(
        select(ChangeRequest.id).where(
            ChangeRequest.factory_id == factory_id,
            ChangeRequest.status == ChangeStatus.SUBMITTED,
        )
    ).first()
    if waiting is not None:
        raise Refused("change_request_waits", factory_id=factory_id)
    request = ChangeRequest(
        factory_id=factory_id,
        operator_id=operator.key,
        program=factory.program,
        submitted_by=actor.account_id or 0,
        submitted_at=clock.now(),
        due_on=add_working_days(
            today(clock), rulebook.tracking.profile_working_days, rulebook.calendar
        ),
        changes={f: [before[f], v] for f, v in changed.items()},
        status=ChangeStatus.SUBMITTED,
    )
    session.add(request)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.submit_change_request",
        subject=f"change_request:{request.key}",
        program=factory.program,
        operator_id=operator.key,
        facts={"fields": sorted(changed)},
    )
    return request.key


def decide_change_request(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    request_id: int,
    approve: bool,
    reason: str,
) -> None:
    """Approve or return an owner's request; the author of it never decides.

    Raises:
        Refused: when decided already, by its author, or returned without a reason.
    """
    request = session.get(ChangeRequest, request_id)
    if request is None:
        raise NotFound("change_request_not_found", request_id=request_id)
    require(
        actor, "registry.decide_change_request", scope_of_factory(session, request.factory_id)
    )
    if request.status is not ChangeStatus.SUBMITTED:
        raise Refused("decided_already")
    if request.submitted_by == actor.account_id:
        raise Refused("author_never_decides")
    if not approve and len(reason.strip()) < 4:
        raise Refused("reason_missing")
    factory, operator = _load(session, request.factory_id)
    request.status = ChangeStatus.APPROVED if approve else ChangeStatus.RETURNED
    request.decided_by = actor.account_id
    request.decided_at = clock.now()
    request.reason = reason.strip() or None
    changed = {f: pair[1] for f, pair in request.changes.items()}
    before = {f: field_value_of(factory, operator, f) for f in changed}
    if approve:
        for field, value in changed.items():
            write_value(session, clock, factory, operator, field, value, "owner", today(clock))
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.decide_change_request",
        subject=f"change_request:{request_id}",
        program=factory.program,
        operator_id=operator.key,
        reason=request.reason,
        facts={"approved": approve},
        **audited(operator.key, before, changed if approve else {}),
    )
    announce(session, ChangeRequestDecided(request_id, operator.key, approve))
    announce(session, FactoryChanged(factory.key))


def withdraw_change_request(
    session: Session, *, clock: Clock, actor: Actor, request_id: int
) -> None:
    """Take back one's own request before it is decided."""
    request = session.get(ChangeRequest, request_id)
    if request is None:
        raise NotFound("change_request_not_found", request_id=request_id)
    require(
        actor, "registry.withdraw_change_request", scope_of_factory(session, request.factory_id)
    )
    if request.status is not ChangeStatus.SUBMITTED:
        raise Refused("decided_already")
    request.status = ChangeStatus.WITHDRAWN
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.withdraw_change_request",
        subject=f"change_request:{request_id}",
        program=request.program,
        operator_id=request.operator_id,
    )


def _load(session: Session, factory_id: int) -> tuple[Factory, Operator]:
    found = session.execute(
        select(Factory, Operator)
        .where(Factory.id == factory_id)
        .where(col(Operator.id) == col(Factory.operator_id))
    ).first()
    if found is None:
        raise NotFound("factory_not_found", factory_id=factory_id)
    return found[0], found[1]
