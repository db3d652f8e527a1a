"""Gathers what the rules judge by, and whose a thing is; never shown."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Scope
from marketplace.base.errors import NotFound
from marketplace.features.enforcement.rules import LedgerLine
from marketplace.features.enforcement.tables import Finding, PointsEntry
from marketplace.features.registry.tables import Factory, Store


def ledger_of(session: Session, store_id: int) -> list[LedgerLine]:
    """Return a store's ledger, oldest first; for rules, never shown."""
    rows = session.execute(
        sa.select(
            col(PointsEntry.id),
            col(PointsEntry.kind),
            col(PointsEntry.points),
            col(PointsEntry.reverses_id),
            col(PointsEntry.at),
            col(PointsEntry.brand),
        )
        .where(col(PointsEntry.store_id) == store_id)
        .order_by(col(PointsEntry.id))
    ).all()
    return [
        LedgerLine(row[0] or 0, row[1], row[2], row[3], row[4], row[5] or "") for row in rows
    ]


def load_finding(session: Session, finding_id: int) -> tuple[Finding, Scope]:
    """Return a finding and whose it is.

    Raises:
        NotFound: there is none with this number.
    """
    finding = session.get(Finding, finding_id)
    if finding is None:
        raise NotFound("finding_not_found", finding_id=finding_id)
    district = None
    if finding.factory_id is not None:
        district = session.execute(
            select(Factory.district).where(Factory.id == finding.factory_id)
        ).scalar()
    return finding, Scope(
        program=finding.program, district=district, operator_id=finding.operator_id
    )


def scope_of_store(session: Session, store: Store, holder: tuple[int, int] | None) -> Scope:
    """Return whose a store is: the factory and operator that hold it that day, if any."""
    if holder is None:
        return Scope(program=store.program)
    district = session.execute(select(Factory.district).where(Factory.id == holder[0])).scalar()
    return Scope(program=store.program, district=district, operator_id=holder[1])
