"""The rest of domain §3b: every public answer agrees at the same instant, and nothing is forgotten.

`test_facts` records each fact; here stand what closes a store by complaints, whose store it was,
and that no public query is a moment behind another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from marketplace.assembly import HANDLERS
from marketplace.base.access import PUBLIC
from marketplace.base.clock import SHANGHAI, start_of, today
from marketplace.base.errors import NotFound
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog import queries as products
from marketplace.features.catalog.events import ProductDecided, ProductLapsed, ProductRestored
from marketplace.features.catalog.kinds import LapseReason, TrademarkStatus
from marketplace.features.catalog.tables import Product
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.promotion import queries as promoted
from marketplace.features.promotion.queries import gather_offers
from marketplace.features.promotion.tables import Collection
from marketplace.features.registry import commands as registry
from marketplace.features.registry.tables import StoreHolding
from marketplace.upkeep.minute import run_minute
from tests.features.chain.test_facts import FACTS, Town, build
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once
from tests.features.scene import DAY


@pytest.fixture
@built_once
def town(world: World) -> Town:
    return build(world)


def complain(town: Town, number: int) -> None:
    town.world.do(
        lambda s: enforcement.count_complaint(
            s,
            town.world.rulebook,
            clock=town.world.clock,
            actor=town.world.officer,
            store_id=town.first.store_id,
            brand="某受保护品牌（虚构）",
            complaint_ref=f"c{number}",
        )
    )


def test_the_third_upheld_complaint_of_a_brand_takes_all_products_and_the_first_two_none(
    town: Town,
) -> None:
    for number in (1, 2):
        complain(town, number)
        assert town.in_showcase() == town.in_collection() == {"A", "B", "C"}
        town.world.clock.advance(hours=73)  # within 72 hours they would count as one
    complain(town, 3)
    assert town.in_showcase() == town.in_collection() == {"C"}
    for name in "AB":
        assert [x.reason for x in town.lapses(name)] == [LapseReason.STORE_CLOSED]
        assert town.messages(town.first.owner, name)[-1] == "lapse_store_closed"
    assert town.messages(town.second.owner, "C").count("lapse_store_closed") == 0


def test_a_closed_store_takes_its_firms_products_that_are_on_sale_elsewhere_too(
    town: Town,
) -> None:
    """Closure speaks of the firm: B moved to a second store of it and goes nevertheless."""
    second = town.world.do(
        lambda s: registry.declare_store(
            s,
            clock=town.world.clock,
            actor=town.world.officer,
            factory_id=town.first.factory_id,
            platform="示例平台",
            store_no="S-second",
            name="第二家店",
            from_on=today(town.world.clock),
            basis="营业执照",
        )
    )
    town.world.do(
        lambda s: registry.confirm_holding(
            s, clock=town.world.clock, actor=town.world.deputy, holding_id=second
        )
    )
    for number in range(1, 5):  # 0 + 2 + 24 + 24 = 50, over 48
        town.first.uphold(town.first.finding(number=number))
    assert town.in_showcase() == {"C"}


def test_a_store_that_was_given_away_takes_nothing_of_the_firm_that_gave_it(
    town: Town,
) -> None:
    """Whoever operates it on the day answers for it."""
    holding = town.world.see(
        lambda s: s.execute(
            select(StoreHolding.id).where(StoreHolding.store_id == town.first.store_id)
        ).scalar_one()
    )
    town.world.do(
        lambda s: registry.end_holding(
            s,
            clock=town.world.clock,
            actor=town.world.officer,
            holding_id=holding,
            until_on=today(town.world.clock),
            reason="店铺转让",
        )
    )
    town.world.clock.advance(days=1)
    for number in range(1, 5):
        town.first.uphold(town.first.finding(number=number))
    assert [town.verify(name) for name in "ABC"] == ["valid"] * 3
    assert town.in_showcase() == {"A", "B", "C"}


def test_a_mark_that_ends_by_its_date_takes_the_brand_and_says_so(town: Town) -> None:
    town.world.do(
        lambda s: catalog.change_trademark_status(
            s,
            town.world.rulebook,
            clock=town.world.clock,
            actor=town.world.officer,
            trademark_id=town.first.trademark_id,
            status=TrademarkStatus.REGISTERED,
            reason="注册簿更正有效期",
            valid_until=today(town.world.clock) + 30 * DAY,
        )
    )
    town.world.clock.advance(days=30)
    assert town.in_showcase() == {"C"}
    run_minute(town.world.app)
    assert [[x.reason for x in town.lapses(n)] for n in "AB"] == [
        [LapseReason.TRADEMARK_LOST],
        [LapseReason.TRADEMARK_LOST],
    ]


def _raises(town: Town, work: Callable) -> bool:
    try:
        town.world.see(work)
    except NotFound:
        return False
    return True


def _listed(town: Town) -> bool:
    rows, _total = town.world.see(
        lambda s: products.list_public_products(
            s, PUBLIC, clock=town.world.clock, program=PROGRAM
        )
    )
    return town.products["C"] in {p.product_id for p in rows}


def _in_sitemap(town: Town) -> bool:
    codes = town.world.see(
        lambda s: products.list_public_codes(s, PUBLIC, clock=town.world.clock, limit=99)
    )
    return town.codes["C"] in codes


def _has_page(town: Town) -> bool:
    return town.has_page("C")


def _has_detail(town: Town) -> bool:
    return _raises(
        town,
        lambda s: products.get_public_detail(
            s, PUBLIC, town.world.rulebook, clock=town.world.clock, code=town.codes["C"]
        ),
    )


def _verifies(town: Town) -> bool:
    return town.verify("C") == "valid"


def _brand_is_shown(town: Town) -> bool:
    brands = town.world.see(
        lambda s: products.list_public_brands(
            s, PUBLIC, clock=town.world.clock, program=PROGRAM
        )
    )
    return len(brands) == 2


def _in_collection(town: Town) -> bool:
    shown = town.world.see(
        lambda s: promoted.list_public_collections(s, PUBLIC, clock=town.world.clock)
    )
    return town.products["C"] in {p.product_id for c in shown for p in c.products}


def _in_preview(town: Town) -> bool:
    found = town.world.see(
        lambda s: promoted.get_collection_preview(
            s,
            town.world.marketer,
            clock=town.world.clock,
            collection_id=town.first.collection_id,
        )
    )
    return town.products["C"] in {p.product_id for p in found.products}


def _exported(town: Town) -> bool:
    rows = town.world.see(
        lambda s: promoted.export_collection(
            s,
            town.world.marketer,
            town.world.rulebook,
            clock=town.world.clock,
            collection_id=town.first.collection_id,
        )
    )
    return town.codes["C"] in {r.code for r in rows}


def _counted_valid(town: Town) -> bool:
    counted = town.world.see(
        lambda s: products.count_public_outcomes(
            s, PUBLIC, clock=town.world.clock, program=PROGRAM
        )
    )
    return dict(counted)["valid"] == 3


def _featurable(town: Town) -> bool:
    offers = town.world.see(
        lambda s: gather_offers(
            s,
            town.world.rulebook,
            clock=town.world.clock,
            product_ids=[town.products["C"]],
        )
    )
    lines = {line.key: line.ok for line in offers[town.products["C"]].lines}
    return lines["product_live"]


ANSWERS = [
    _listed, _in_sitemap, _has_page, _has_detail, _verifies, _brand_is_shown, _in_collection,
    _in_preview, _featurable, _counted_valid,
]  # fmt: skip


def test_every_public_answer_turns_at_the_same_midnight_of_shanghai(town: Town) -> None:
    """Only C's term is reached; A and B are renewed by a year of their own in this story."""
    until = town.row("C").valid_until
    assert {a.__name__: a(town) for a in ANSWERS} == dict.fromkeys(
        (a.__name__ for a in ANSWERS), True
    )
    _let_collection_run(town)
    _prolong_ab(town)
    last = start_of(until) - timedelta(seconds=1)
    town.world.clock.at = last
    assert last.astimezone(SHANGHAI).strftime("%H:%M:%S") == "23:59:59"
    assert {a.__name__: a(town) for a in ANSWERS} == dict.fromkeys(
        (a.__name__ for a in ANSWERS), True
    )
    town.world.clock.at = start_of(until)
    assert {a.__name__: a(town) for a in ANSWERS} == dict.fromkeys(
        (a.__name__ for a in ANSWERS), False
    )
    assert town.lapses("C") == [], "no job had to run"


def test_a_fact_takes_a_product_from_every_answer_at_once(town: Town) -> None:
    assert _exported(town)
    town.second.uphold(town.second.finding((town.products["C"],)))
    answers = [*ANSWERS, _exported]
    assert {a.__name__: a(town) for a in answers} == dict.fromkeys(
        (a.__name__ for a in answers), False
    )


def test_every_reason_of_a_lapse_has_its_row_in_this_table() -> None:
    """A new reason without a test of what it removes fails here."""
    recorded = {case.reason for case in FACTS if case.reason}
    by_date = {"verification_expired", "test_expired"}
    assert recorded | by_date == {reason.value for reason in LapseReason}


def test_what_takes_a_product_out_and_brings_it_back_reaches_slots_and_people() -> None:
    """Each fact of a product: its slots first, then the notice; in the same transaction."""
    for event in (ProductDecided, ProductLapsed, ProductRestored):
        told = [".".join(h.__module__.split(".")[-2:]) for h in HANDLERS[event]]
        assert told == ["promotion.reactions", "promotion.ranks", "desk.reactions"]


def _let_collection_run(town: Town) -> None:
    """Two years long: what ends here is the product's own term."""
    with town.world.app.store.housekeeping.begin() as connection:
        connection.execute(
            Collection.__table__.update().values(ends_at=datetime(2030, 1, 1, tzinfo=UTC))
        )


def _prolong_ab(town: Town) -> None:
    with town.world.app.store.housekeeping.begin() as connection:
        connection.execute(
            Product.__table__.update()
            .where(Product.__table__.c.id.in_([town.products["A"], town.products["B"]]))
            .values(valid_until=datetime(2029, 1, 1, tzinfo=UTC).date())
        )
