"""Who a factory is and where each value came from; phones are masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.errors import NotFound
from marketplace.base.text import mask_phone
from marketplace.features.registry.kinds import (
    EntityKind,
    FactoryStatus,
    ValueStatus,
)
from marketplace.features.registry.queries.scopes import scope_of_factory, scope_of_operator
from marketplace.features.registry.tables import (
    Affiliate,
    ContractWork,
    Factory,
    FieldValue,
    Operator,
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
    found = session.execute(_profile(), {"factory_id": factory_id}).first()
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
                    col(FieldValue.entity) == EntityKind.FACTORY,
                    col(FieldValue.entity_id) == factory_id,
                ),
                sa.and_(
                    col(FieldValue.entity) == EntityKind.OPERATOR,
                    col(FieldValue.entity_id) == operator_id,
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


def list_own_factories(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Return (factory, its firm's name) of all of an owner's operators, in the order registered."""
    require(
        actor,
        "registry.list_own_factories",
        Scope(operator_id=min(actor.operator_ids, default=None)),
    )
    rows = session.execute(
        select(Factory.id, Operator.name)
        .join(Operator, col(Operator.id) == col(Factory.operator_id))
        .where(col(Factory.operator_id).in_(sorted(actor.operator_ids)))
        .order_by(col(Factory.id))
    ).all()
    return [(int(row[0] or 0), row[1]) for row in rows]


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


@cache
def _profile() -> sa.Select[Factory, Operator]:
    """Built once: every page of a firm asks it."""
    return (
        sa.select(Factory, Operator)
        .join(Operator, col(Operator.id) == col(Factory.operator_id))
        .where(col(Factory.id) == sa.bindparam("factory_id"))
    )
