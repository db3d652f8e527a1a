"""Reads the past. Marketers and the public have no row here at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, require
from marketplace.features.history.kinds import (
    DisclosureStatus,
    EarlierKind,
    QuantityBand,
    Reliability,
)
from marketplace.features.history.tables import Disclosure, DisclosureView, EarlierRecord
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.queries import scope_of_factory, scope_of_operator
from marketplace.features.registry.tables import Store, StoreHolding


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """One earlier record; `quantity` is in `unit`."""

    record_id: int
    kind: EarlierKind
    period_from: date | None
    period_until: date | None
    quantity: int | None
    unit: str
    value_fen: int | None
    cause: str | None
    reference_no: str | None
    source: str
    reliability: Reliability
    recorded_at: datetime
    store_id: int | None = None
    store_name: str | None = None


@dataclass(frozen=True, slots=True)
class DisclosureState:
    """Whether there is a self-disclosure; its content only through `view_disclosure`."""

    disclosure_id: int
    made_at: datetime
    corrected: bool


@dataclass(frozen=True, slots=True)
class DisclosureContent:
    """The bands an owner declared."""

    disclosure_id: int
    quantity_band: QuantityBand
    year_band: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ViewRow:
    """Who looked at a disclosure."""

    viewed_by: int
    viewed_at: datetime
    reason: str


def list_earlier_records(
    session: Session, actor: Actor, *, factory_id: int
) -> list[EarlierRow]:
    """Return the earlier records of a factory and of the stores it operated, oldest first.

    A store that was only declared is nobody's yet: whoever names a rival's store reads nothing.
    """
    require(actor, "history.list_earlier_records", scope_of_factory(session, factory_id))
    stores = select(StoreHolding.store_id).where(
        StoreHolding.factory_id == factory_id,
        StoreHolding.status == HoldingStatus.CONFIRMED,
    )
    rows = session.execute(
        select(EarlierRecord, Store.name)
        .outerjoin(Store, col(Store.id) == col(EarlierRecord.store_id))
        .where(
            col(EarlierRecord.withdrawn_at).is_(None),
            sa.or_(
                col(EarlierRecord.factory_id) == factory_id,
                col(EarlierRecord.store_id).in_(stores),
            ),
        )
        .order_by(col(EarlierRecord.period_from), col(EarlierRecord.id))
    )
    return [
        EarlierRow(
            record_id=row.key,
            kind=row.kind,
            period_from=row.period_from,
            period_until=row.period_until,
            quantity=row.quantity,
            unit=row.unit,
            value_fen=row.value_fen,
            cause=row.cause,
            reference_no=row.reference_no,
            source=row.source,
            reliability=row.reliability,
            recorded_at=row.recorded_at,
            store_id=row.store_id,
            store_name=store_name,
        )
        for row, store_name in rows
    ]


def find_disclosure(
    session: Session, actor: Actor, *, operator_id: int
) -> DisclosureState | None:
    """Return whether an operator disclosed, without what."""
    require(actor, "history.find_disclosure", scope_of_operator(session, operator_id))
    row = _current(session, operator_id)
    if row is None:
        return None
    corrected = session.execute(
        select(sa.func.count())
        .select_from(Disclosure)
        .where(
            Disclosure.operator_id == operator_id,
            Disclosure.status == DisclosureStatus.CORRECTED,
        )
    ).scalar_one()
    return DisclosureState(row.key, row.made_at, corrected > 0)


def get_own_disclosure(
    session: Session, actor: Actor, *, operator_id: int
) -> DisclosureContent | None:
    """Return an owner's own disclosure; looking at one's own leaves no entry."""
    require(actor, "history.get_own_disclosure", scope_of_operator(session, operator_id))
    row = _current(session, operator_id)
    if row is None:
        return None
    return DisclosureContent(row.key, row.quantity_band, row.year_band, row.made_at)


def list_disclosure_views(session: Session, actor: Actor, *, operator_id: int) -> list[ViewRow]:
    """Return who looked at an operator's disclosures, newest first."""
    require(actor, "history.list_disclosure_views", scope_of_operator(session, operator_id))
    rows = session.execute(
        select(DisclosureView)
        .join(Disclosure, col(Disclosure.id) == col(DisclosureView.disclosure_id))
        .where(Disclosure.operator_id == operator_id)
        .order_by(col(DisclosureView.viewed_at).desc())
    ).scalars()
    return [ViewRow(row.viewed_by, row.viewed_at, row.reason) for row in rows]


def _current(session: Session, operator_id: int) -> Disclosure | None:
    found: Disclosure | None = session.execute(
        select(Disclosure).where(
            Disclosure.operator_id == operator_id,
            Disclosure.status == DisclosureStatus.CURRENT,
        )
    ).scalar()
    return found
