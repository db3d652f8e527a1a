"""The marketer's list: pages along the ranks are the whole list cut up, counts are its counts."""

from __future__ import annotations

import pytest

from marketplace.base.access import Role
from marketplace.base.errors import NotAllowed
from marketplace.desk.offers import OfferFilter, OfferPage, list_offer_page
from marketplace.features.promotion.queries import Offer, list_offers
from marketplace.upkeep.minute import refresh_derived
from tests.features.conftest import World
from tests.features.once import built_once
from tests.features.scene import Scene, clear_windows, feature, make_firm, make_people


@pytest.fixture
@built_once
def firms(world: World) -> list[Scene]:
    """Three firms with three products each, some shown before, some not to be shown."""
    make_people(world)
    firms = [make_firm(world, number=n, products=3) for n in (1, 2, 3)]
    clear_windows(world)
    feature(world, firms, slots=3)
    firms[0].uphold(firms[0].finding((firms[0].product_ids[1],)))
    refresh_derived(world.app)  # the index of words
    return firms


def page(
    world: World, wanted: OfferFilter, *, rows: int = 2, after=None, skip: int = 0
) -> OfferPage:
    return world.see(
        lambda s: list_offer_page(
            s, world.marketer, world.rulebook, clock=world.clock, wanted=wanted, after=after,
            skip=skip, page_rows=rows,
        )
    )  # fmt: skip


def read_on(world: World, wanted: OfferFilter, *, rows: int = 2) -> list[Offer]:
    """Every page after the other."""
    found, after = [], None
    while True:
        here = page(world, wanted, rows=rows, after=after)
        found += here.offers
        after = here.last
        if after is None:
            return found


def test_pages_put_together_are_the_whole_list_in_its_order(
    world: World, firms: list[Scene]
) -> None:
    whole = world.see(
        lambda s: list_offers(s, world.marketer, world.rulebook, clock=world.clock)
    )
    assert len(whole) == 9
    fitting = [o.product_id for o in whole if o.eligible]
    assert 0 < len(fitting) < 9
    for rows in (1, 2, 9, 20):
        told = [o.product_id for o in read_on(world, OfferFilter(), rows=rows)]
        assert told == [o.product_id for o in whole]
    assert [o.product_id for o in read_on(world, OfferFilter(fit="fit"))] == fitting
    missing = [o.product_id for o in whole if not o.eligible]
    assert [o.product_id for o in read_on(world, OfferFilter(fit="miss"))] == missing
    here = page(world, OfferFilter())
    assert (here.total, here.fitting, here.missing) == (9, len(fitting), 9 - len(fitting))
    assert sum(here.categories.values()) == 9
    for order, key in (("until", lambda o: o.valid_until), ("price", lambda o: o.price_fen)):
        told = read_on(world, OfferFilter(order=order))
        assert told == sorted(told, key=lambda o: (key(o), o.product_id))
        assert len(told) == 9


def test_a_jump_lands_where_reading_on_would_have_come(
    world: World, firms: list[Scene]
) -> None:
    for order in ("rotation", "until", "price"):
        for fit in ("all", "fit", "miss"):
            wanted = OfferFilter(order=order, fit=fit)
            whole = [o.product_id for o in read_on(world, wanted)]
            for skip in range(1, len(whole) + 2):
                there = page(world, wanted, rows=2, skip=skip)
                told = [o.product_id for o in there.offers]
                assert told == whole[skip : skip + 2], (order, fit, skip)
                assert (there.last is None) == (skip + 2 >= len(whole))


def test_a_word_finds_by_name_brand_firm_number_and_code(
    world: World, firms: list[Scene]
) -> None:
    offer = read_on(world, OfferFilter())[0]
    for word in (
        offer.name_zh, offer.brand_name, offer.factory_name, offer.item_no, offer.item_no[2:7],
        offer.code, offer.code.lower(),
    ):  # fmt: skip
        found = read_on(world, OfferFilter(word=word))
        assert offer.product_id in {o.product_id for o in found}, word
        assert page(world, OfferFilter(word=word)).total == len(found)
    assert page(world, OfferFilter(word="没有这样的鞋")).total == 0
    assert page(world, OfferFilter(word="%")).offers == ()
    assert page(world, OfferFilter(category="nothing")).total == 0
    assert page(world, OfferFilter(within="nothing")).categories == {}


def test_an_owner_does_not_read_the_list(world: World, firms: list[Scene]) -> None:
    assert firms[0].owner.role is Role.OWNER
    with pytest.raises(NotAllowed):
        world.see(
            lambda s: list_offer_page(
                s, firms[0].owner, world.rulebook, clock=world.clock, wanted=OfferFilter()
            )
        )
