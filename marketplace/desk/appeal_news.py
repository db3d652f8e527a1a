"""Tells people of appeals: facts first, words when they are read."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.house import House
from marketplace.base.inbox import notify
from marketplace.desk.measures import office, owners
from marketplace.features.appeals.events import AppealDecided, AppealFiled
from marketplace.features.registry.tables import Store


def tell_appeal_filed(session: Session, house: House, event: AppealFiled) -> None:
    """A new appeal reaches the office; who may decide it, the work list knows."""
    store = session.get(Store, event.store_id)
    notify(
        session, clock=house.clock, account_ids=office(session, event.program),
        code="appeal_filed", facts={"store": store.name if store else ""},
        subject=f"appeal:{event.appeal_id}", program=event.program,
    )  # fmt: skip


def tell_appeal_decided(session: Session, house: House, event: AppealDecided) -> None:
    """The decision reaches the owner."""
    store = session.get(Store, event.store_id)
    notify(
        session, clock=house.clock, account_ids=owners(session, event.operator_id),
        code="appeal_upheld" if event.upheld else "appeal_rejected",
        facts={"store": store.name if store else ""},
        subject=f"appeal:{event.appeal_id}", program=event.program,
    )  # fmt: skip
