"""An owner registers where his shoes are sold, in stores that are his."""

from __future__ import annotations

import pytest

from marketplace.base.errors import NotAllowed, Refused
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.queries import list_listings
from marketplace.features.registry.commands import confirm_holding, declare_store
from marketplace.features.registry.tables import StoreHolding
from tests.features.scene import Scene, make_firm, make_people


@pytest.fixture
def firm(world) -> Scene:
    make_people(world)
    return make_firm(world, number=1, products=1)


def put(firm: Scene, actor, product: int, store: int, *, stock: int = 200):
    return firm.do(
        lambda s: promotion.record_listing(
            s,
            clock=firm.clock,
            actor=actor,
            product_id=product,
            store_id=store,
            item_no="690001",
            url="https://shop.example/690001",
            price_fen=16_900,
            stock=stock,
            stock_as_of=firm.clock.now(),
        )
    )


def declared(firm: Scene, actor) -> tuple[int, int]:
    """Declare another store of the firm; return the holding and the store."""
    holding = firm.do(
        lambda s: declare_store(
            s,
            clock=firm.clock,
            actor=actor,
            factory_id=firm.factory_id,
            platform="淘宝",
            store_no="OWN-2",
            name="第二家鞋铺",
            from_on=firm.clock.now().date(),
            basis="平台后台显示的经营主体是本企业",
        )
    )
    return holding, firm.world.see(lambda s: s.get(StoreHolding, holding).store_id)


def test_an_owner_refreshes_price_and_stock_of_what_he_sells(firm):
    product = firm.product_ids[0]
    assert put(firm, firm.owner, product, firm.store_id)[1] == "inserted"
    assert put(firm, firm.owner, product, firm.store_id, stock=80)[1] == "updated"
    rows = firm.world.see(lambda s: list_listings(s, firm.owner, product_id=product))
    assert [(r.item_no, r.stock) for r in rows if r.item_no == "690001"] == [("690001", 80)]


def test_a_store_counts_as_his_once_an_officer_confirmed_it(firm):
    product = firm.product_ids[0]
    holding, store = declared(firm, firm.owner)
    with pytest.raises(Refused, match="store_not_own"):
        put(firm, firm.owner, product, store)
    with pytest.raises(NotAllowed):
        firm.do(
            lambda s: confirm_holding(s, clock=firm.clock, actor=firm.owner, holding_id=holding)
        )
    firm.do(
        lambda s: confirm_holding(
            s, clock=firm.clock, actor=firm.world.officer, holding_id=holding
        )
    )
    assert put(firm, firm.owner, product, store)[1] == "inserted"
