"""Products that right holders may still object to, and objections that wait for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, narrow, require
from marketplace.base.clock import Clock, today
from marketplace.features.catalog.queries.evidence import main_pictures
from marketplace.features.catalog.queries.facts import live_conditions
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.promotion.kinds import WindowStatus
from marketplace.features.promotion.tables import ObjectionWindow
from marketplace.features.registry.tables import Factory


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A product in its window; public facts only, for right holders read it too."""

    product_id: int
    code: str
    brand_zh: str
    brand_en: str | None
    name_zh: str
    name_en: str | None
    category: str | None
    picture: str | None
    opened_at: datetime
    ends_on: date
    objected: bool


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """An objection with its grounds and, once decided, how and why; for the office."""

    product_id: int
    code: str
    brand_name: str
    name_zh: str
    factory_id: int
    factory_name: str
    objector: str
    note: str
    objected_by: int | None
    objected_at: datetime | None
    ends_on: date
    status: WindowStatus
    decided_by: int | None
    decided_at: datetime | None
    decision_note: str | None


def list_products_in_objection_window(
    session: Session, actor: Actor, *, clock: Clock, program: str
) -> list[WindowRow]:
    """Return live products whose window is open or has an objection, soonest ending first."""
    require(actor, "promotion.list_products_in_objection_window", Scope(program=program))
    rows = session.execute(
        _windows(program)
        .where(
            *live_conditions(today(clock)),
            col(ObjectionWindow.status).in_([WindowStatus.OPEN, WindowStatus.OBJECTED]),
        )
        .order_by(col(ObjectionWindow.ends_on), col(Product.id))
    ).all()
    pictures = main_pictures(session, [p.key for _w, p, _b, _f in rows])
    return [
        WindowRow(
            product_id=p.key,
            code=p.code or "",
            brand_zh=brand.name_zh,
            brand_en=brand.name_en,
            name_zh=p.name_zh,
            name_en=p.name_en,
            category=p.category,
            picture=pictures.get(p.key),
            opened_at=window.opened_at,
            ends_on=window.ends_on,
            objected=window.status is WindowStatus.OBJECTED,
        )
        for window, p, brand, _factory in rows
    ]


def list_objections(session: Session, actor: Actor, *, program: str) -> list[ObjectionRow]:
    """Return objections that wait for a decision, the oldest first."""
    require(actor, "promotion.list_objections", Scope(program=program))
    rows = session.execute(
        _windows(program)
        .where(
            *_mine(actor, "promotion.list_objections"),
            col(ObjectionWindow.status) == WindowStatus.OBJECTED,
        )
        .order_by(col(ObjectionWindow.objected_at), col(Product.id))
    ).all()
    return [_objection(*row) for row in rows]


def list_decided_objections(
    session: Session, actor: Actor, *, program: str, most: int = 50
) -> list[ObjectionRow]:
    """Return the last decision of each product that was objected to, the latest first."""
    require(actor, "promotion.list_decided_objections", Scope(program=program))
    rows = session.execute(
        _windows(program)
        .where(
            *_mine(actor, "promotion.list_decided_objections"),
            col(ObjectionWindow.decided_at).is_not(None),
            col(ObjectionWindow.status) != WindowStatus.OBJECTED,
        )
        .order_by(col(ObjectionWindow.decided_at).desc(), col(Product.id))
        .limit(most)
    ).all()
    return [_objection(*row) for row in rows]


def _mine(actor: Actor, action: str) -> list[sa.ColumnElement[bool]]:
    """Who decides objections sees those of his own districts; the window itself everybody sees."""
    return narrow(
        actor,
        action,
        program_column=ObjectionWindow.program,
        district_column=Factory.district,
        operator_column=Product.operator_id,
    )


def _objection(
    window: ObjectionWindow, product: Product, brand: Brand, factory: Factory
) -> ObjectionRow:
    return ObjectionRow(
        product_id=product.key,
        code=product.code or "",
        brand_name=brand.name_zh,
        name_zh=product.name_zh,
        factory_id=factory.key,
        factory_name=factory.name,
        objector=window.objector or "",
        note=window.note or "",
        objected_by=window.objected_by,
        objected_at=window.objected_at,
        ends_on=window.ends_on,
        status=window.status,
        decided_by=window.decided_by,
        decided_at=window.decided_at,
        decision_note=window.decision_note,
    )


def _windows(program: str) -> sa.Select[ObjectionWindow, Product, Brand, Factory]:
    return (
        sa.select(ObjectionWindow, Product, Brand, Factory)
        .join(Product, col(Product.id) == col(ObjectionWindow.product_id))
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .join(Factory, col(Factory.id) == col(Product.factory_id))
        .where(col(ObjectionWindow.program) == program)
    )
