"""Reads the register. Phones are masked here; only `commands.unmask_phone` shows one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, narrow, require
from marketplace.base.errors import NotFound
from marketplace.base.text import mask_phone
from marketplace.features.registry.kinds import (
    ChangeStatus,
    EntityKind,
    FactoryStatus,
    HoldingStatus,
    StoreStatus,
    ValueStatus,
)
from marketplace.features.registry.tables import (
    Affiliate,
    ChangeRequest,
    ContractWork,
    Factory,
    FieldValue,
    ImportBatch,
    Operator,
    Store,
    StoreHolding,
)


@dataclass(frozen=True, slots=True)
class FactoryProfile:
    """Who a factory is; `phone_masked` never holds the whole number."""

    factory_id: int
    operator_id: int
    program: str
    name: str
    name_en: str | None
    operator_name: str
    uscc: str | None
    legal_representative: str | None
    phone_masked: str | None
    district: str | None
    address: str | None
    category: str | None
    capacity_pairs_per_year: int | None
    staff: int | None
    above_scale: bool | None
    founded_year: int | None
    note: str | None
    status: FactoryStatus
    officer_id: int | None
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A store with the holding that ties it to a factory."""

    store_id: int
    holding_id: int
    factory_id: int
    platform: str
    store_no: str
    name: str
    url: str | None
    status: StoreStatus
    holding_status: HoldingStatus
    from_on: date
    until_on: date | None
    basis: str


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


@dataclass(frozen=True, slots=True)
class SourcedValue:
    """One value of one field with where it came from."""

    field: str
    value: str | None
    source: str
    source_on: date | None
    recorded_at: datetime
    status: ValueStatus


def get_factory(session: Session, actor: Actor, *, factory_id: int) -> FactoryProfile:
    """Return a factory's profile.

    Raises:
        NotFound: when there is none, or this actor may not know of it.
    """
    found = session.execute(
        select(Factory, Operator)
        .join(Operator, sa.and_(Operator.id == Factory.operator_id))
        .where(Factory.id == factory_id)
    ).first()
    if found is None:
        raise NotFound("factory_not_found", factory_id=factory_id)
    factory, operator = found
    require(
        actor,
        "registry.get_factory",
        Scope(program=factory.program, district=factory.district, operator_id=operator.key),
    )
    return FactoryProfile(
        factory_id=factory.key,
        operator_id=operator.key,
        program=factory.program,
        name=factory.name,
        name_en=factory.name_en,
        operator_name=operator.name,
        uscc=operator.uscc,
        legal_representative=operator.legal_representative,
        phone_masked=mask_phone(operator.phone) if operator.phone else None,
        district=factory.district,
        address=factory.address,
        category=factory.category,
        capacity_pairs_per_year=factory.capacity_pairs_per_year,
        staff=factory.staff,
        above_scale=factory.above_scale,
        founded_year=factory.founded_year,
        note=factory.note,
        status=factory.status,
        officer_id=factory.officer_id,
        created_at=factory.created_at,
        updated_at=factory.updated_at,
        version=factory.version,
    )


def list_stores(session: Session, actor: Actor, *, factory_id: int) -> list[StoreRow]:
    """Return the stores a factory operates or operated, newest holding first."""
    scope = scope_of_factory(session, factory_id)
    require(actor, "registry.list_stores", scope)
    rows = session.execute(
        select(Store, StoreHolding)
        .join(StoreHolding, sa.and_(StoreHolding.store_id == Store.id))
        .where(StoreHolding.factory_id == factory_id)
        .order_by(col(StoreHolding.from_on).desc(), Store.store_no)
    ).all()
    return [
        StoreRow(
            store_id=store.key,
            holding_id=holding.key,
            factory_id=factory_id,
            platform=store.platform,
            store_no=store.store_no,
            name=store.name,
            url=store.url,
            status=store.status,
            holding_status=holding.status,
            from_on=holding.from_on,
            until_on=holding.until_on,
            basis=holding.basis,
        )
        for store, holding in rows
    ]


def list_affiliates(session: Session, actor: Actor, *, operator_id: int) -> list[Affiliate]:
    """Return copies of the affiliates an operator declared."""
    require(actor, "registry.list_affiliates", scope_of_operator(session, operator_id))
    rows = session.execute(select(Affiliate).where(Affiliate.operator_id == operator_id))
    found = list(rows.scalars())
    for row in found:
        session.expunge(row)
    return found


def list_contract_work(
    session: Session, actor: Actor, *, factory_id: int
) -> list[ContractWork]:
    """Return copies of a factory's contract-manufacturing history, oldest first."""
    require(actor, "registry.list_contract_work", scope_of_factory(session, factory_id))
    rows = session.execute(
        select(ContractWork)
        .where(ContractWork.factory_id == factory_id)
        .order_by(col(ContractWork.from_year).asc())
    )
    found = list(rows.scalars())
    for row in found:
        session.expunge(row)
    return found


def list_conflicts(session: Session, actor: Actor, *, program: str) -> list[ConflictRow]:
    """Return every open disagreement between sources that this actor may settle."""
    standing = aliased(FieldValue)
    of_operator = sa.and_(
        FieldValue.entity == EntityKind.OPERATOR, Factory.operator_id == FieldValue.entity_id
    )
    of_factory = sa.and_(
        FieldValue.entity == EntityKind.FACTORY, Factory.id == FieldValue.entity_id
    )
    statement = (
        select(FieldValue, Factory.id, Factory.name, standing.value, standing.source)
        .join(Factory, sa.or_(of_operator, of_factory))
        .outerjoin(
            standing,
            sa.and_(
                standing.entity == FieldValue.entity,
                standing.entity_id == FieldValue.entity_id,
                standing.field == FieldValue.field,
                standing.status == ValueStatus.CURRENT,
            ),
        )
        .where(FieldValue.status == ValueStatus.CONFLICT, FieldValue.program == program)
        .where(
            *narrow(
                actor,
                "registry.list_conflicts",
                program_column=Factory.program,
                district_column=Factory.district,
                operator_column=Factory.operator_id,
            )
        )
        .order_by(col(FieldValue.recorded_at).desc(), FieldValue.id)
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
        .join(Factory, sa.and_(Factory.id == ChangeRequest.factory_id))
        .where(
            *narrow(
                actor,
                "registry.list_change_requests",
                program_column=Factory.program,
                district_column=Factory.district,
                operator_column=Factory.operator_id,
            )
        )
        .order_by(col(ChangeRequest.due_on).asc(), ChangeRequest.id)
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


def list_sources(session: Session, actor: Actor, *, factory_id: int) -> list[SourcedValue]:
    """Return every value every source gave for a factory and its operator, newest first."""
    require(actor, "registry.list_sources", scope_of_factory(session, factory_id))
    operator_id = session.execute(
        select(Factory.operator_id).where(Factory.id == factory_id)
    ).scalar_one()
    rows = session.execute(
        select(FieldValue)
        .where(
            sa.or_(
                sa.and_(
                    FieldValue.entity == EntityKind.FACTORY, FieldValue.entity_id == factory_id
                ),
                sa.and_(
                    FieldValue.entity == EntityKind.OPERATOR,
                    FieldValue.entity_id == operator_id,
                ),
            )
        )
        .order_by(FieldValue.field, col(FieldValue.recorded_at).desc())
    ).scalars()
    return [
        SourcedValue(
            field=row.field,
            value=mask_phone(row.value) if row.field == "phone" and row.value else row.value,
            source=row.source,
            source_on=row.source_on,
            recorded_at=row.recorded_at,
            status=row.status,
        )
        for row in rows
    ]


def list_import_batches(session: Session, actor: Actor, *, program: str) -> list[ImportBatch]:
    """Return copies of the latest imports of a program, newest first."""
    require(actor, "registry.list_import_batches", Scope(program=program))
    rows = session.execute(
        select(ImportBatch)
        .where(ImportBatch.program == program)
        .order_by(col(ImportBatch.id).desc())
        .limit(50)
    )
    found = list(rows.scalars())
    for row in found:
        session.expunge(row)
    return found


def scope_of_factory(session: Session, factory_id: int) -> Scope:
    """Return the scope a factory belongs to; for `require`, never shown.

    Raises:
        NotFound: when there is no such factory.
    """
    row = session.execute(
        select(Factory.program, Factory.district, Factory.operator_id).where(
            Factory.id == factory_id
        )
    ).first()
    if row is None:
        raise NotFound("factory_not_found", factory_id=factory_id)
    return Scope(program=row[0], district=row[1], operator_id=row[2])


def scope_of_operator(session: Session, operator_id: int) -> Scope:
    """Return the scope of an operator; its first factory gives the district.

    Raises:
        NotFound: when there is no such operator.
    """
    row = session.execute(
        select(Operator.program, Factory.district)
        .outerjoin(Factory, sa.and_(Factory.operator_id == Operator.id))
        .where(Operator.id == operator_id)
        .order_by(Factory.id)
    ).first()
    if row is None:
        raise NotFound("operator_not_found", operator_id=operator_id)
    return Scope(program=row[0], district=row[1], operator_id=operator_id)


def holder_on(session: Session, *, store_id: int, day: date) -> tuple[int, int] | None:
    """Return (factory_id, operator_id) of the confirmed holder of a store on a day."""
    row = session.execute(
        select(StoreHolding.factory_id, Factory.operator_id)
        .join(Factory, sa.and_(Factory.id == StoreHolding.factory_id))
        .where(
            StoreHolding.store_id == store_id,
            StoreHolding.status == HoldingStatus.CONFIRMED,
            StoreHolding.from_on <= day,
            sa.or_(col(StoreHolding.until_on).is_(None), col(StoreHolding.until_on) > day),
        )
    ).first()
    return None if row is None else (row[0], row[1])


def find_own_factory(session: Session, actor: Actor) -> FactoryProfile | None:
    """Return the first factory of an owner's operators, or None."""
    require(
        actor,
        "registry.find_own_factory",
        Scope(operator_id=min(actor.operator_ids, default=None)),
    )
    factory_id = session.execute(
        select(Factory.id)
        .where(col(Factory.operator_id).in_(sorted(actor.operator_ids)))
        .order_by(col(Factory.id))
    ).scalar()
    return None if factory_id is None else get_factory(session, actor, factory_id=factory_id)
