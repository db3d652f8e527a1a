"""Stores and who operates them; a holding counts only once an officer confirmed it."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, may, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.text import normalize, normalize_name
from marketplace.features.registry.events import HoldingChanged
from marketplace.features.registry.kinds import HoldingStatus, StoreStatus
from marketplace.features.registry.queries import scope_of_factory
from marketplace.features.registry.tables import Store, StoreHolding

_FIELDS = {"name": "store_name"}  # a refusal names the field; the trail keeps its old word


def declare_store(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    factory_id: int,
    platform: str,
    store_no: str,
    name: str,
    from_on: date,
    basis: str,
    url: str | None = None,
) -> int:
    """Declare that a factory operates a store since a day; return the holding.

    Declared twice on the same day it is one holding. An officer confirms it.

    Raises:
        Invalid: for empty fields or a day to come.
    """
    scope = scope_of_factory(session, factory_id)
    require(actor, "registry.declare_store", scope)
    platform, store_no = normalize(platform), normalize(store_no)
    name = normalize_name(name)
    given = {
        "platform": platform,
        "store_no": store_no,
        "name": name,
        "basis": normalize(basis),
    }
    faults = [
        Fault(_FIELDS.get(field, field), "field_missing")
        for field, text in given.items()
        if not text
    ]
    if from_on > today(clock):
        faults.append(Fault("from_on", "day_to_come"))
    if faults:
        raise Invalid(faults)
    store = _find_or_add(session, clock, str(scope.program), platform, store_no, name, url)
    known = session.execute(
        select(StoreHolding).where(
            StoreHolding.store_id == store.key,
            StoreHolding.factory_id == factory_id,
            StoreHolding.from_on == from_on,
            StoreHolding.status != HoldingStatus.REJECTED,
        )
    ).scalar()
    if known is not None:
        return int(known.key)
    holding = StoreHolding(
        store_id=store.key,
        factory_id=factory_id,
        from_on=from_on,
        basis=given["basis"],
        status=HoldingStatus.DECLARED,
    )
    session.add(holding)
    session.flush()
    _record(session, clock, actor, "registry.declare_store", holding, scope, after={**given})
    return holding.key


def confirm_holding(session: Session, *, clock: Clock, actor: Actor, holding_id: int) -> None:
    """Confirm that a factory operates a store; an earlier confirmed holding ends that day.

    Raises:
        Refused: when it is not waiting, overlaps another factory's confirmed time, or would end
            that of a firm out of the actor's reach.
    """
    holding, scope = _load(session, holding_id)
    require(actor, "registry.confirm_holding", scope)
    if holding.status is not HoldingStatus.DECLARED:
        raise Refused("decided_already")
    others = session.execute(
        select(StoreHolding).where(
            StoreHolding.store_id == holding.store_id,
            StoreHolding.status == HoldingStatus.CONFIRMED,
            StoreHolding.id != holding_id,
        )
    ).scalars()
    for other in others:
        if other.until_on is None and other.from_on < holding.from_on:
            # It takes the store and its months from a firm that may be of another district.
            its_scope = scope_of_factory(session, other.factory_id)
            if not may(actor, "registry.end_holding", its_scope):
                raise Refused("holding_of_other_district", from_on=other.from_on.isoformat())
            other.until_on = holding.from_on
        elif other.until_on is None or other.until_on > holding.from_on:
            raise Refused("holding_overlaps", from_on=other.from_on.isoformat())
    session.flush()
    holding.status = HoldingStatus.CONFIRMED
    holding.confirmed_by = actor.account_id
    holding.confirmed_at = clock.now()
    _record(session, clock, actor, "registry.confirm_holding", holding, scope)
    announce(session, HoldingChanged(holding.store_id, holding.factory_id))


def reject_holding(
    session: Session, *, clock: Clock, actor: Actor, holding_id: int, reason: str
) -> None:
    """Reject a declared holding with a reason."""
    holding, scope = _load(session, holding_id)
    require(actor, "registry.reject_holding", scope)
    if holding.status is not HoldingStatus.DECLARED:
        raise Refused("decided_already")
    if len(reason.strip()) < 4:
        raise Refused("reason_missing")
    holding.status = HoldingStatus.REJECTED
    _record(session, clock, actor, "registry.reject_holding", holding, scope, reason=reason)


def end_holding(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    holding_id: int,
    until_on: date,
    reason: str,
) -> None:
    """End a confirmed holding on a day (exclusive); what was found before stays counted.

    Raises:
        Invalid: a day that is not after its beginning.
        Refused: not confirmed, ended already, or without a reason.
    """
    holding, scope = _load(session, holding_id)
    require(actor, "registry.end_holding", scope)
    if len(reason.strip()) < 4:
        raise Refused("reason_missing")
    if holding.status is not HoldingStatus.CONFIRMED or holding.until_on is not None:
        raise Refused("decided_already")
    if until_on <= holding.from_on:
        raise Invalid([Fault("until_on", "ends_before_it_starts")])
    holding.until_on = until_on
    _record(
        session, clock, actor, "registry.end_holding", holding, scope,
        reason=reason, after={"until_on": until_on},
    )  # fmt: skip
    announce(session, HoldingChanged(holding.store_id, holding.factory_id))


def _find_or_add(
    session: Session,
    clock: Clock,
    program: str,
    platform: str,
    store_no: str,
    name: str,
    url: str | None,
) -> Store:
    store = session.execute(
        select(Store).where(
            Store.program == program,
            col(Store.platform) == platform,
            col(Store.store_no) == store_no,
        )
    ).scalar()
    if store is None:
        store = Store(
            program=program,
            platform=platform,
            store_no=store_no,
            name=name,
            url=url,
            status=StoreStatus.OPEN,
            created_at=clock.now(),
        )
        session.add(store)
        session.flush()
    return store


def _load(session: Session, holding_id: int) -> tuple[StoreHolding, Scope]:
    holding = session.get(StoreHolding, holding_id)
    if holding is None:
        raise NotFound("holding_not_found", holding_id=holding_id)
    return holding, scope_of_factory(session, holding.factory_id)


def _record(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    holding: StoreHolding,
    scope: Scope,
    *,
    reason: str | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"store:{holding.store_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        reason=reason,
        facts={"factory_id": holding.factory_id, "holding_id": holding.key},
        after=after,
    )
