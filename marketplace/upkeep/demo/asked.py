"""Plays what came in from outside in the last days and waits to be read.

A visitor's two reports of a product, one with a way to reach her, and an owner's wish to name his
known brand in English otherwise.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col, select

from marketplace.assembly import App
from marketplace.base.access import PUBLIC
from marketplace.base.access.sessions import actor_of
from marketplace.base.access.tables import Account, AccountOperator
from marketplace.base.clock import FixedClock
from marketplace.base.db import read, unit_of_work
from marketplace.features.catalog.commands import submit_brand_change
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.enforcement.commands import report_product
from marketplace.features.enforcement.kinds import ReportTopic

_LOGIN = "owner3"
_REPORTS = (
    (
        3,
        ReportTopic.LOOKS_FAKE,
        "鞋舌上的字和页面照片不一样，像是另一批（虚构）",
        "wx_demo_visitor",
    ),
    (1, ReportTopic.WRONG_FACTS, "页面写的是真皮，收到的是合成革（虚构）", None),
)


def play(app: App) -> None:
    """Send two reports about one verified product, and ask for another name of a known brand."""
    program = app.rulebook().program.key
    with read(app.store) as session:
        code = session.execute(
            select(Product.code)
            .where(Product.program == program, Product.status == Moderation.VERIFIED)
            .order_by(col(Product.id).desc())
        ).scalar()
        account = session.execute(
            select(Account.id).where(Account.login == _LOGIN)
        ).scalar_one()
        owner = actor_of(session, account or 0)
        brand = session.execute(
            sa.select(Brand)
            .join(AccountOperator, col(AccountOperator.operator_id) == col(Brand.operator_id))
            .join(Product, col(Product.brand_id) == col(Brand.id))
            .where(col(AccountOperator.account_id) == account, col(Product.code).is_not(None))
            .order_by(col(Brand.id))
        ).scalar()
    for days, topic, text, contact in _REPORTS:
        with unit_of_work(app.store) as session:
            report_product(
                session, clock=FixedClock(app.clock.now() - timedelta(days=days)), actor=PUBLIC,
                program=program, text=text, topic=topic, product_code=code, contact=contact,
            )  # fmt: skip
    if owner is None or brand is None:
        return
    with unit_of_work(app.store) as session:
        submit_brand_change(
            session, app.rulebook(), clock=FixedClock(app.clock.now() - timedelta(days=2)),
            actor=owner, brand_id=brand.key, name_en=f"{brand.name_en} Sports",
            story_zh=brand.story_zh, story_en=brand.story_en,
        )  # fmt: skip
