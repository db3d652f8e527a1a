"""Tells people of objections; never who objected."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from marketplace.base.access.actor import Role
from marketplace.base.access.queries import accounts_of_operator, accounts_with_role
from marketplace.base.house import House
from marketplace.base.inbox import notify
from marketplace.features.catalog.tables import Product
from marketplace.features.promotion.events import ObjectionDecided, ObjectionRecorded


def tell_objection_recorded(session: Session, house: House, event: ObjectionRecorded) -> None:
    """An objection reaches the owner, who may answer it, and the reviewers."""
    owner = accounts_of_operator(session, event.operator_id)
    office = accounts_with_role(session, event.program, Role.REVIEWER)
    _tell(session, house, event.product_id, event.program, "objection_recorded", owner)
    _tell(session, house, event.product_id, event.program, "objection_to_decide", office)


def tell_objection_decided(session: Session, house: House, event: ObjectionDecided) -> None:
    """A decided objection reaches the owner, and marketers, who learn whether they may plan it."""
    code = "objection_upheld" if event.upheld else "objection_dismissed"
    owner = accounts_of_operator(session, event.operator_id)
    _tell(session, house, event.product_id, event.program, code, owner)
    market = accounts_with_role(session, event.program, Role.MARKETER)
    _tell(session, house, event.product_id, event.program, f"{code}_market", market)


def _tell(
    session: Session, house: House, product_id: int, program: str, code: str, to: Iterable[int]
) -> None:
    product = session.get(Product, product_id)
    notify(
        session, clock=house.clock, account_ids=to, code=code,
        facts={"product": product.name_zh if product else ""},
        subject=f"product:{product_id}", program=program,
    )  # fmt: skip
