"""What the program file says of a category holds: every required test, and the price floor."""

from __future__ import annotations

import pytest

from marketplace.base.clock import today
from marketplace.base.errors import Refused
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import TestOutcome
from marketplace.features.catalog.queries import product_items
from marketplace.features.catalog.rules import facts_end, untested
from marketplace.features.promotion import queries as promotion
from marketplace.features.promotion.commands import record_listing
from tests.features.once import built_once
from tests.features.scene import DAY, clear_windows, make_firm, make_people

CHILDREN = ("QB/T 4331-2012", "GB 30585-2014")


@pytest.fixture
@built_once
def firm(world):
    make_people(world)
    return make_firm(world)


def kids_shoe(firm):
    product_id = firm.draft("K-1", shade=90)
    firm.do(
        lambda s: catalog.edit_product(
            s, clock=firm.clock, actor=firm.owner, product_id=product_id,
            values={"category": "kids"},
        )
    )  # fmt: skip
    return product_id


def passed(firm, product_id, standard, *, days=700):
    return firm.do(
        lambda s: catalog.record_test_report(
            s,
            clock=firm.clock,
            actor=firm.world.officer,
            product_id=product_id,
            report_no=f"HC-{standard[-9:]}-{days}",
            laboratory="衡川检测（虚构）",
            cma_no="230000000000",
            standard=standard,
            outcome=TestOutcome.PASSED,
            issued_on=today(firm.clock) - DAY,
            valid_until=today(firm.clock) + days * DAY,
        )
    )


def item_of(firm, product_id):
    items = firm.world.see(
        lambda s: product_items(
            s, firm.owner, firm.world.rulebook, clock=firm.clock, product_id=product_id
        )
    )
    return {i.key: (i.done, i.why) for i in items}.get("required_tests")


def test_a_childrens_shoe_is_submitted_only_with_a_report_for_every_required_standard(firm):
    product_id = kids_shoe(firm)
    passed(firm, product_id, CHILDREN[0])
    assert item_of(firm, product_id) == (False, "GB 30585-2014")
    with pytest.raises(Refused) as refused:
        firm.submit(product_id)
    assert refused.value.facts["missing"] == ["required_tests"]
    passed(firm, product_id, CHILDREN[1], days=100)
    assert item_of(firm, product_id) == (True, None)
    firm.submit(product_id)
    # the shorter of both reports bounds the verification: 100 days, not 365
    assert firm.decide(product_id) == today(firm.clock) + 100 * DAY


def test_a_required_report_that_ended_meanwhile_stops_the_verification(firm):
    product_id = kids_shoe(firm)
    passed(firm, product_id, CHILDREN[0])
    passed(firm, product_id, CHILDREN[1], days=3)
    firm.submit(product_id)
    firm.clock.advance(days=4)
    with pytest.raises(Refused) as refused:
        firm.decide(product_id)
    assert refused.value.facts["missing"] == ["required_tests"]


def test_where_one_report_is_enough_nothing_more_is_asked(firm):
    assert item_of(firm, firm.product_ids[0]) is None


def test_what_was_verified_before_a_test_was_required_keeps_its_term(world, firm):
    from marketplace.features.catalog.queries.facts import product_facts
    from marketplace.features.catalog.tables import Product

    product_id = kids_shoe(firm)
    passed(firm, product_id, CHILDREN[0])
    facts = world.see(lambda s: product_facts(s, s.get(Product, product_id)))
    day = today(firm.clock)
    assert untested(world.rulebook, facts, day) == ("GB 30585-2014",)
    assert facts_end(world.rulebook, facts, day) == day + 700 * DAY


@pytest.mark.parametrize(
    ("category", "price_fen", "floor"),
    [
        ("running", 7_899, 7_900),  # its own floor: 79 yuan
        ("running", 7_900, None),  # at the floor is not below it
        ("canvas", 3_899, 3_900),  # inherited from all footwear: 39 yuan
        ("basketball", 9_000, 9_900),
        ("running", None, None),
        ("unknown", 1, None),
        (None, 1, None),
    ],
)
def test_a_price_is_held_against_the_floor_of_its_category(world, category, price_fen, floor):
    assert world.rulebook.enforcement.floor_above(category, price_fen) == floor


def test_a_listing_below_the_floor_is_remarked_and_stays_eligible(world, firm):
    clear_windows(world)
    product_id = firm.product_ids[0]

    def listed(number, price_fen, stock):
        world.do(
            lambda s: record_listing(
                s,
                world.rulebook,
                clock=world.clock,
                actor=world.officer,
                product_id=product_id,
                store_id=firm.store_id,
                item_no=number,
                url=f"https://shop.example/{number}",
                price_fen=price_fen,
                stock=stock,
                stock_as_of=world.clock.now(),
            )
        )
        return world.see(
            lambda s: promotion.get_eligibility(
                s, world.marketer, world.rulebook, clock=world.clock, product_id=product_id
            )
        )

    fair = listed("600001", 7_900, 600)
    assert ([line.key for line in fair.lines if not line.ok], fair.remarks) == ([], ())
    cheap = listed("600002", 5_000, 900)  # the listing with most stock is the one offered
    (line,) = cheap.remarks
    assert cheap.eligible
    assert (line.key, dict(line.facts)) == (
        "price_floor",
        {"price_fen": 5_000, "floor_fen": 7_900},
    )
