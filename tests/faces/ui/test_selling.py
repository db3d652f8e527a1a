"""An owner declares stores and affiliates and says where a shoe is sold, on his own pages."""

from __future__ import annotations

import re

from sqlmodel import select

from marketplace.base.access import Role
from marketplace.base.db import read
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Product
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.tables import Affiliate, Store, StoreHolding
from tests.faces.ui.opening import open_view
from tests.faces.ui.test_keeping import open_page, send
from tests.faces.ui.test_pages import demo, shown, visit

__all__ = ["demo", "visit"]  # fixtures


def field(at, label: str, form: str):
    """The text field of a form, by its label."""
    return next(f for f in at.text_input if f.label == label and form in (f.key or ""))


def alerts(at) -> list[str]:
    found = [m.value for m in at.markdown if 'role="alert"' in m.value]
    return [re.sub(r"<[^>]+>", "", text) for text in found]


def test_an_owner_declares_a_store_and_reads_that_it_is_not_confirmed_yet(demo, visit):
    at = open_page(visit, Role.OWNER, "my_profile")
    send(at, "own_store_").click().run()
    assert alerts(at) == [
        "平台：请填写。",
        "店铺号：请填写。",
        "店铺名称：请填写。",
        "依据：请填写。",
    ]
    told = {
        "平台": "抖音",
        "店铺号": "OWN-77",
        "店铺名称": "自报鞋铺",
        "依据": "平台后台显示的经营主体是本企业",
    }
    for label, text in told.items():
        field(at, label, "own_store_").set_value(text).run()
    send(at, "own_store_").click().run()
    assert not at.exception
    with read(demo.store) as session:
        holding = session.execute(
            select(StoreHolding)
            .join(Store, Store.id == StoreHolding.store_id)
            .where(Store.store_no == "OWN-77")
        ).scalar_one()
        assert holding.status is HoldingStatus.DECLARED
    assert "自报鞋铺" in " ".join(shown(at))


def test_an_owner_declares_an_affiliate_once(demo, visit):
    for _ in range(2):
        at = open_page(visit, Role.OWNER, "my_profile")
        field(at, "名称", "own_affiliate_").set_value("（虚构）同一家贸易").run()
        field(at, "什么关系", "own_affiliate_").set_value("同一法定代表人").run()
        send(at, "own_affiliate_").click().run()
        assert not at.exception
    with read(demo.store) as session:
        rows = session.execute(
            select(Affiliate).where(Affiliate.name == "(虚构)同一家贸易")
        ).scalars().all()  # fmt: skip
    assert [row.relation for row in rows] == ["同一法定代表人"]


def test_a_listing_is_refreshed_and_what_is_empty_is_named_all_at_once(demo, visit):
    with read(demo.store) as session:
        number, item = session.execute(
            select(Product.id, Listing.item_no)
            .join(Listing, Listing.product_id == Product.id)
            .where(Product.operator_id == 1, Product.status == Moderation.VERIFIED)
            .order_by(Product.id)
        ).first()
    at = open_page(visit, Role.OWNER, "my_product", number=str(number))
    form = f"own_listing_{number}"
    send(at, form).click().run()
    assert len(alerts(at)) == 4  # number, link, price, stock
    field(at, "商品编号", form).set_value(item).run()
    field(at, "链接", form).set_value(f"https://shop.example/{item}").run()
    field(at, "零售价（元）", form).set_value("169").run()
    next(f for f in at.number_input if form in (f.key or "")).set_value(12).run()
    send(at, form).click().run()
    assert not at.exception
    with read(demo.store) as session:
        row = session.execute(select(Listing).where(Listing.item_no == item)).scalar_one()
    assert (row.price_fen, row.stock) == (16_900, 12)


def test_the_parts_of_a_shoe_have_english_words_on_an_english_page(demo, visit):
    with read(demo.store) as session:
        number = session.execute(
            select(Product.id).where(
                Product.operator_id == 1, Product.status == Moderation.VERIFIED
            )
        ).scalars().first()  # fmt: skip
    at = visit(Role.OWNER)
    at.query_params["lang"] = "en"
    at.query_params["id"] = str(number)
    open_view(at, "my_product")
    told = " ".join(shown(at))
    assert "Upper" in told
    assert "鞋面" not in told
