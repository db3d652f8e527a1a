"""What a factory or operator belongs to, and which firm a code names."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.errors import NotFound
from marketplace.base.identifiers import clean_uscc
from marketplace.features.registry.tables import (
    Factory,
    Operator,
)


def scope_of_factory(session: Session, factory_id: int) -> Scope:
    """Return the scope a factory belongs to; for `require`, never shown.

    Raises:
        NotFound: when there is no such factory.
    """
    row = session.execute(_factory(), {"factory_id": factory_id}).first()
    if row is None:
        raise NotFound("factory_not_found", factory_id=factory_id)
    return Scope(program=row[0], district=row[1], operator_id=row[2])


@cache
def _factory() -> sa.Select[str, str | None, int]:
    """Built once: every query about a factory asks it first."""
    return sa.select(
        col(Factory.program), col(Factory.district), col(Factory.operator_id)
    ).where(col(Factory.id) == sa.bindparam("factory_id"))


def scope_of_operator(session: Session, operator_id: int) -> Scope:
    """Return the scope of an operator; its first factory gives the district.

    Raises:
        NotFound: when there is no such operator.
    """
    row = session.execute(
        select(Operator.program, Factory.district)
        .outerjoin(Factory, col(Factory.operator_id) == col(Operator.id))
        .where(Operator.id == operator_id)
        .order_by(col(Factory.id))
    ).first()
    if row is None:
        raise NotFound("operator_not_found", operator_id=operator_id)
    return Scope(program=row[0], district=row[1], operator_id=operator_id)


def scopes_of_factories(session: Session, factory_ids: Collection[int]) -> dict[int, Scope]:
    """Return the scope of each of some factories; unknown ones are left out."""
    rows = session.execute(
        sa.select(
            col(Factory.id),
            col(Factory.program),
            col(Factory.district),
            col(Factory.operator_id),
        ).where(col(Factory.id).in_(set(factory_ids)))
    )
    return {
        int(key): Scope(program=program, district=district, operator_id=operator_id)
        for key, program, district, operator_id in rows
    }


def scopes_of_operators(session: Session, operator_ids: Collection[int]) -> dict[int, Scope]:
    """Return the scope of each of some operators, as `scope_of_operator` tells one."""
    rows = session.execute(
        sa.select(col(Operator.id), col(Operator.program), col(Factory.district))
        .outerjoin(Factory, col(Factory.operator_id) == col(Operator.id))
        .where(col(Operator.id).in_(set(operator_ids)))
        .order_by(col(Factory.id))
    )
    found: dict[int, Scope] = {}
    for key, program, district in rows:
        found.setdefault(
            int(key), Scope(program=program, district=district, operator_id=int(key))
        )
    return found


def find_operator(
    session: Session, actor: Actor, *, program: str, uscc: str
) -> tuple[int, str] | None:
    """Return (number, name) of the firm with a code, or None; for naming whom an account acts for."""
    require(actor, "registry.find_operator", Scope(program=program))
    row = session.execute(
        select(Operator.id, Operator.name).where(
            Operator.program == program, Operator.uscc == clean_uscc(uscc)
        )
    ).first()
    return None if row is None else (int(row[0] or 0), str(row[1]))
