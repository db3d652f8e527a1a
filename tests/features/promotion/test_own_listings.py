"""An owner registers where his shoes are sold, in stores that are his."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.base.errors import Invalid, NotAllowed, NotFound, Refused
from marketplace.base.rulebook import load_rulebook
from marketplace.base.settings import ROOT
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.commands.many import OnSale
from marketplace.features.promotion.queries import list_listings
from marketplace.features.promotion.rules import is_known_host
from marketplace.features.registry.commands import confirm_holding, declare_store
from marketplace.features.registry.tables import StoreHolding
from tests.features.conftest import PROGRAM
from tests.features.scene import Scene, make_firm, make_people

URL = "https://shop.example/690001"


@pytest.fixture
def firm(world) -> Scene:
    make_people(world)
    return make_firm(world, number=1, products=1)


def put(
    firm: Scene, actor, product: int, store: int, *, stock: int = 200, url: str = URL, **more
):
    return firm.do(
        lambda s: promotion.record_listing(
            s,
            firm.world.rulebook,
            clock=firm.clock,
            actor=actor,
            product_id=product,
            store_id=store,
            url=url,
            stock=stock,
            **{
                "item_no": "690001",
                "price_fen": 16_900,
                "stock_as_of": firm.clock.now(),
                **more,
            },
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


def test_a_number_is_taken_off_by_whose_it_is_or_the_platform_and_is_free_then(world, firm):
    """Whoever writes down a rival's number keeps it from him no longer than that is seen."""
    rival = make_firm(world, number=2, products=1)
    listing, _ = put(firm, firm.owner, firm.product_ids[0], firm.store_id)

    def end(actor) -> bool:
        return world.do(
            lambda s: promotion.end_listing(
                s, clock=world.clock, actor=actor, listing_id=listing
            )
        )

    def told(of: Scene) -> list[tuple[str, bool]]:
        rows = world.see(lambda s: list_listings(s, of.owner, product_id=of.product_ids[0]))
        return [(row.store_name, row.ended) for row in rows if row.item_no == "690001"]

    with pytest.raises(Refused, match="item_of_other_product"):
        put(rival, rival.owner, rival.product_ids[0], rival.store_id)
    for stranger in (rival.owner, world.reviewer):
        with pytest.raises((NotAllowed, NotFound)):
            end(stranger)
    assert [end(world.marketer), end(firm.owner)] == [True, False]
    assert told(firm) == [("第1店", True)]
    assert put(rival, rival.owner, rival.product_ids[0], rival.store_id)[1] == "updated"
    assert (told(firm), told(rival)) == ([], [("第2店", False)])


def test_what_is_older_than_what_is_known_of_a_listing_changes_nothing(world, firm):
    """One row or many: a file of last week neither takes stock back nor puts on sale again."""
    product, now = firm.product_ids[0], firm.clock.now()
    listing, _ = put(firm, firm.owner, product, firm.store_id, stock=40)

    def both(stock: int, days: int) -> list[str]:
        at = now - timedelta(days=days)
        one = OnSale(product, firm.store_id, "示例平台", "690001", URL, 16_900, stock, at)
        return [
            put(firm, firm.owner, product, firm.store_id, stock=stock, stock_as_of=at)[1],
            *(
                kept.outcome
                for kept in world.do(
                    lambda s: promotion.record_listings(
                        s, clock=world.clock, actor=world.officer, program=PROGRAM, rows=[one]
                    )
                )
            ),
        ]

    def told() -> list[tuple[int, bool]]:
        rows = world.see(lambda s: list_listings(s, firm.owner, product_id=product))
        return [(row.stock, row.ended) for row in rows if row.item_no == "690001"]

    assert both(900, days=7) == ["unchanged", "unchanged"]
    assert told() == [(40, False)]
    world.do(
        lambda s: promotion.end_listing(
            s, clock=world.clock, actor=firm.owner, listing_id=listing
        )
    )
    assert both(900, days=7) == ["unchanged", "unchanged"]
    assert told() == [(40, True)]
    assert both(30, days=0)[0] == "updated", "on the same day he changes his mind"
    assert told() == [(30, False)]


def test_a_listing_no_column_can_keep_is_told_by_field_on_both_engines(firm):
    with pytest.raises(Invalid) as caught:
        put(
            firm, firm.owner, firm.product_ids[0], firm.store_id,
            item_no="9" * 61, stock=3_000_000_000, price_fen=10**20,
        )  # fmt: skip
    assert [(f.place, f.code) for f in caught.value.faults] == [
        ("item_no", "text_too_long"),
        ("price_fen", "number_out_of_range"),
        ("stock", "number_out_of_range"),
    ]


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


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://detail.tmall.com/item.htm?id=1", True),
        ("https://TMALL.com", True),
        ("https://tmall.com:443/1", True),
        ("https://eviltmall.com/1", False),
        ("https://tmall.com.evil.test/1", False),
        ("https://tmall.com@evil.test/1", False),
        ("https://evil.test\\@tmall.com/1", False),
        ("https://evil.test/https://tmall.com", False),
    ],
)
def test_a_link_is_known_by_its_host_as_a_browser_reads_it(url: str, known: bool) -> None:
    rulebook = load_rulebook(ROOT / "programs" / "putian-footwear.toml")
    assert is_known_host(rulebook, url) is known
    anywhere = rulebook.featuring.model_copy(update={"link_hosts": ()})
    assert is_known_host(rulebook.model_copy(update={"featuring": anywhere}), "https://a.test/")


def test_an_owner_links_only_to_platforms_the_program_knows(firm):
    """The public follows the link from a verified product; an officer answers for his own."""
    product = firm.product_ids[0]
    with pytest.raises(Invalid) as caught:
        put(firm, firm.owner, product, firm.store_id, url="https://evil.test/690001")
    assert [(f.place, f.code) for f in caught.value.faults] == [("url", "link_host")]
    officer = firm.world.officer
    there = put(firm, officer, product, firm.store_id, url="https://new-platform.test/690001")
    assert there[1] == "inserted"
