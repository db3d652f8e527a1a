"""Registered marks that nobody of the office has compared with the public register yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow
from marketplace.features.catalog.kinds import HolderKind, TrademarkStatus
from marketplace.features.catalog.tables import Brand, Trademark
from marketplace.features.registry.tables import Factory


@dataclass(frozen=True, slots=True)
class WaitingMark:
    """A mark that counts for nothing until it was checked; the firm's first factory is named."""

    trademark_id: int
    number: str
    nice_class: int
    brand_name: str
    holder_kind: HolderKind
    holder_name: str
    registered_on: date | None
    valid_until: date | None
    license_until: date | None
    recorded_by: int | None
    recorded_at: datetime
    factory_id: int
    factory_name: str


def list_unchecked_marks(session: Session, actor: Actor, *, program: str) -> list[WaitingMark]:
    """Return the registered marks that wait for a check, oldest first."""
    rows = session.execute(
        select(Trademark, Brand.name_zh, Factory.id, Factory.name)
        .join(Brand, col(Brand.id) == col(Trademark.brand_id))
        .join(Factory, col(Factory.operator_id) == col(Brand.operator_id))
        .where(
            Factory.program == program,
            Trademark.status == TrademarkStatus.REGISTERED,
            col(Trademark.checked_at).is_(None),
            *narrow(
                actor,
                "catalog.list_unchecked_marks",
                program_column=Factory.program,
                district_column=Factory.district,
                operator_column=Factory.operator_id,
            ),
        )
        .order_by(col(Trademark.recorded_at), col(Trademark.id), col(Factory.id))
    ).all()
    found: dict[int, WaitingMark] = {}
    for mark, brand, factory_id, factory in rows:
        found.setdefault(
            mark.key,
            WaitingMark(
                trademark_id=mark.key,
                number=mark.number,
                nice_class=mark.nice_class,
                brand_name=brand,
                holder_kind=mark.holder_kind,
                holder_name=mark.holder_name,
                registered_on=mark.registered_on,
                valid_until=mark.valid_until,
                license_until=mark.license_until,
                recorded_by=mark.recorded_by,
                recorded_at=mark.recorded_at,
                factory_id=int(factory_id or 0),
                factory_name=factory,
            ),
        )
    return list(found.values())
