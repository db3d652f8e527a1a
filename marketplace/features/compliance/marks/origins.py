"""Counts findings by where they came from and what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, require
from marketplace.features.enforcement.kinds import FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding
from marketplace.features.registry.tables import Factory


def list_origins(
    session: Session,
    actor: Actor,
    *,
    program: str,
    district: str | None = None,
    months: tuple[int, int] | None = None,
) -> list[tuple[Origin, FindingStatus]]:
    """Return (origin, status) of every finding, undecided ones too.

    `months` are the first and the last month found, both inclusive.
    """
    require(actor, "compliance.list_origins", Scope(program=program, district=district))
    statement = (
        sa.select(col(Finding.origin), col(Finding.status), sa.func.count())
        .where(col(Finding.program) == program)
        .group_by(col(Finding.origin), col(Finding.status))
        .order_by(col(Finding.origin), col(Finding.status))
    )
    if district is not None:
        held = sa.select(col(Factory.id)).where(col(Factory.district) == district)
        statement = statement.where(col(Finding.factory_id).in_(held))
    if months is not None:
        statement = statement.where(col(Finding.found_month).between(*months))
    return [
        pair
        for origin, status, count in session.execute(statement).all()
        for pair in [(origin, status)] * int(count)
    ]
