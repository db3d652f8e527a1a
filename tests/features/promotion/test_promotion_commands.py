"""Listings and collections: what may be featured, in which order, and what is undone whole."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from marketplace.base.access import PUBLIC, Actor
from marketplace.base.audit.tables import AuditEntry
from marketplace.base.clock import today
from marketplace.base.errors import Invalid, NotAllowed, NotFound, Refused
from marketplace.faces.ui.promoting.pasted import ambiguous
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.tables import Product
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion import queries
from marketplace.features.promotion.kinds import RecheckKind, SlotKind, SlotStatus
from marketplace.features.promotion.tables import OfferRank, Slot
from marketplace.features.registry import commands as registry
from marketplace.features.registry.tables import StoreHolding
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once
from tests.features.scene import (
    DAY,
    Scene,
    clear_windows,
    feature,
    make_firm,
    make_people,
    uscc,
)


@pytest.fixture
@built_once
def street(world: World) -> list[Scene]:
    """Three firms with two featurable products each; at most two a group in a collection."""
    make_people(world)
    firms = [make_firm(world, number=n, products=2) for n in (1, 2, 3)]
    clear_windows(world)
    for firm in firms:
        for n, product in enumerate(firm.product_ids):
            firm.list_on_platform(product, f"6{firm.operator_id:05d}{n}")
    return firms


def create(world: World, *, actor=None, slots=4, hours=48, **more):
    given = {
        "title_zh": "春季专场",
        "title_en": "Spring",
        "starts_at": world.clock.now() + timedelta(hours=hours),
        "ends_at": world.clock.now() + 20 * DAY,
        "slot_count": slots,
    }
    return world.do(
        lambda s: promotion.create_collection(
            s,
            world.rulebook,
            clock=world.clock,
            actor=actor or world.marketer,
            **{**given, **more},
        )
    )


def pin(world: World, collection: int, product: int, position: int = 0, reason="开季主推"):
    return world.do(
        lambda s: promotion.pin_product(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.marketer,
            collection_id=collection,
            product_id=product,
            position=position,
            reason=reason,
        )
    )


def fill(world: World, collection: int, seed: int = 7):
    return world.do(
        lambda s: promotion.fill_by_rotation(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.marketer,
            collection_id=collection,
            seed=seed,
        )
    )


def standing(world: World, collection: int) -> list[Slot]:
    return world.see(
        lambda s: list(
            s.execute(
                select(Slot)
                .where(Slot.collection_id == collection, Slot.status != SlotStatus.REMOVED)
                .order_by(Slot.position)
            ).scalars()
        )
    )


def tie(world: World, actor: Actor, one: Scene, other: Scene) -> None:
    world.do(
        lambda s: registry.declare_affiliate(
            s, clock=world.clock, actor=actor, operator_id=one.operator_id,
            name="关联", relation="同一控制人", uscc=uscc(other.number),
        )
    )  # fmt: skip


def entries(world: World) -> int:
    return len(world.see(lambda s: list(s.execute(select(AuditEntry.seq)).scalars())))


def recategorize(world: World, product: int, category: str) -> None:
    """Change a product past every command, so that nothing kept knows of it."""
    with world.app.store.housekeeping.begin() as connection:
        connection.execute(
            sa.update(Product.__table__)
            .where(Product.__table__.c.id == product)
            .values(category=category)
        )


def test_a_collection_says_all_its_faults_at_once_and_a_draft_changes_in_everything(
    world: World,
) -> None:
    make_people(world)
    with pytest.raises(Invalid) as refused:
        create(
            world, title_zh=" ", title_en="x" * 121, intro_zh="长" * 501, category="nothing",
            starts_at=None, ends_at=None, slots=201,
        )  # fmt: skip
    assert [(f.place, f.code) for f in refused.value.faults] == [
        ("title_zh", "field_missing"),
        ("title_en", "text_too_long"),
        ("intro_zh", "text_too_long"),
        ("category", "category_not_there"),
        ("starts_at", "field_missing"),
        ("ends_at", "field_missing"),
        ("slot_count", "number_out_of_range"),
    ]
    collection = create(world)
    wanted = {
        "title_zh": "雨季专场", "title_en": "Rainy", "intro_zh": "防滑", "intro_en": None,
        "category": world.rulebook.product.categories[1].key, "slot_count": 6,
        "starts_at": world.clock.now() + DAY, "ends_at": world.clock.now() + 3 * DAY,
    }  # fmt: skip

    def edit() -> bool:
        return world.do(
            lambda s: promotion.edit_collection(
                s, world.rulebook, clock=world.clock, actor=world.marketer,
                collection_id=collection, **wanted,
            )
        )  # fmt: skip

    assert (edit(), edit()) == (True, False)
    row = world.see(
        lambda s: queries.get_collection(s, world.marketer, collection_id=collection)
    )
    assert {name: getattr(row, name) for name in wanted} == wanted


def test_a_pin_needs_a_reason_a_free_place_and_an_eligible_product(
    world: World, street: list[Scene]
) -> None:
    collection = create(world)
    first, second = street[0].product_ids
    with pytest.raises(Refused, match="reason_missing"):
        pin(world, collection, first, reason="")
    with pytest.raises(Refused, match="slot_not_there"):
        pin(world, collection, first, position=4)
    pin(world, collection, first)
    with pytest.raises(Refused, match="slot_taken"):
        pin(world, collection, second)
    with pytest.raises(Refused, match="product_there"):
        pin(world, collection, first, position=1)
    fresh = street[1].draft("fresh")
    with pytest.raises(Refused, match="not_eligible") as caught:
        pin(world, collection, fresh, position=1)
    assert caught.value.facts["criterion"] == "product_live"


def test_rotation_gives_every_group_one_before_any_gets_two(
    world: World, street: list[Scene]
) -> None:
    """Four slots, three groups: 2 + 1 + 1; two products are left for the reserves."""
    collection = create(world)
    fill(world, collection)
    group_of = {p: f.operator_id for f in street for p in f.product_ids}
    slots = standing(world, collection)
    shown = [s for s in slots if s.kind is SlotKind.ROTATION]
    assert sorted(Counter(group_of[s.product_id] for s in shown).values()) == [1, 1, 2]
    assert len([s for s in slots if s.kind is SlotKind.RESERVE]) == 2


def test_the_cap_of_a_group_holds_for_pins_and_affiliates_are_one_group(
    world: World, street: list[Scene]
) -> None:
    one, two = street[0], street[1]
    tie(world, world.officer, one, two)
    collection = create(world)
    pin(world, collection, one.product_ids[0], 0)
    pin(world, collection, two.product_ids[0], 1)
    with pytest.raises(Refused, match="group_cap"):
        pin(world, collection, two.product_ids[1], 2)


@pytest.mark.parametrize("second", ["officer", "other"])
def test_an_owner_alone_ties_no_rival_to_his_firm(
    world: World, street: list[Scene], second: str
) -> None:
    """Slots of both would be shared; with the word of the office or of the other firm they are."""
    one, two = street[:2]

    def groups() -> set[int]:
        shoes = [firm.product_ids[0] for firm in (one, two)]
        kept = sa.select(OfferRank.group_id).where(sa.column("product_id").in_(shoes))
        return set(world.see(lambda s: s.execute(kept).scalars().all()))

    tie(world, one.owner, one, two)
    tie(world, one.owner, one, two)
    assert groups() == {one.operator_id, two.operator_id}
    tie(world, *((two.owner, two, one) if second == "other" else (world.officer, one, two)))
    assert groups() == {one.operator_id}


def test_firms_that_became_one_group_since_are_seen_at_publishing(
    world: World, street: list[Scene]
) -> None:
    """Two shoes each of two firms at two a group; then the office learns that the firms are one."""
    one, two = street[:2]
    collection = create(world)
    for position, product in enumerate((*one.product_ids, *two.product_ids)):
        pin(world, collection, product, position)
    tie(world, world.officer, one, two)
    with pytest.raises(Refused, match="slots_over_cap") as caught:
        world.do(
            lambda s: promotion.publish_collection(
                s, world.rulebook, clock=world.clock, actor=world.marketer,
                collection_id=collection,
            )
        )  # fmt: skip
    assert caught.value.facts == {"positions": [3, 4], "cap": 2}


def test_the_same_seed_gives_the_same_order_and_a_fill_is_undone_whole(
    world: World, street: list[Scene]
) -> None:
    def products(collection: int) -> list[tuple[str, int]]:
        return [(s.kind.value, s.product_id) for s in standing(world, collection)]

    one, two = create(world), create(world, title_en="Spring two")
    number = fill(world, one)
    fill(world, two)
    assert products(one) == products(two)

    def undo():
        return world.do(
            lambda s: promotion.undo_fill(
                s, clock=world.clock, actor=world.marketer, fill_id=number
            )
        )

    assert undo() == 6
    assert standing(world, one) == []
    with pytest.raises(Refused, match="decided_already"):
        undo()
    fill(world, one)
    assert products(one) == products(two)


def test_moving_changes_places_and_moving_nowhere_writes_nothing(
    world: World, street: list[Scene]
) -> None:
    collection = create(world)
    a, b = street[0].product_ids[0], street[1].product_ids[0]
    first = pin(world, collection, a, 0)
    pin(world, collection, b, 1)

    def move(position: int) -> None:
        world.do(
            lambda s: promotion.move_slot(
                s,
                clock=world.clock,
                actor=world.marketer,
                slot_id=first,
                position=position,
            )
        )

    move(1)
    assert [s.product_id for s in standing(world, collection)] == [b, a]
    before = entries(world)
    move(1)
    assert entries(world) == before


def test_an_opening_recheck_replaces_by_a_reserve_once(
    world: World, street: list[Scene]
) -> None:
    collection = create(world, slots=3)
    fill(world, collection)
    world.do(
        lambda s: promotion.publish_collection(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.marketer,
            collection_id=collection,
        )
    )
    shown = [s for s in standing(world, collection) if s.kind is not SlotKind.RESERVE]
    sold_out = shown[0].product_id
    firm = next(f for f in street if sold_out in f.product_ids)
    number = f"6{firm.operator_id:05d}{firm.product_ids.index(sold_out)}"
    world.do(
        lambda s: promotion.record_listing(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.officer,
            product_id=sold_out,
            store_id=firm.store_id,
            item_no=number,
            url="https://shop.example/x",
            price_fen=29_900,
            stock=0,
            stock_as_of=world.clock.now(),
        )
    )

    def recheck():
        return world.do(
            lambda s: promotion.run_recheck(
                s,
                world.rulebook,
                clock=world.clock,
                collection_id=collection,
                kind=RecheckKind.T24,
            )
        )

    assert (recheck(), recheck()) == (1, 0)
    now = [s for s in standing(world, collection) if s.kind is not SlotKind.RESERVE]
    assert len(now) == 3
    assert sold_out not in {s.product_id for s in now}


def test_what_left_its_slot_while_it_was_shown_is_not_first_again(
    world: World, street: list[Scene]
) -> None:
    """Two slots of two firms; one shoe is taken out an hour after the opening, one before it."""
    early, late = street[0].product_ids[0], street[1].product_ids[0]
    collection = create(world, hours=2)
    for position, product in enumerate((early, late)):
        pin(world, collection, product, position)
    world.do(
        lambda s: promotion.publish_collection(
            s, world.rulebook, clock=world.clock, actor=world.marketer, collection_id=collection
        )
    )
    street[0].uphold(street[0].finding((early,)))
    world.clock.advance(hours=3)
    street[1].uphold(street[1].finding((late,), number=2))
    assert standing(world, collection) == []
    kept = dict(
        world.see(
            lambda s: s.execute(
                sa.select(OfferRank.product_id, OfferRank.last_featured_us)
            ).all()
        )
    )
    assert kept[early] == 0
    assert kept[late] == (world.clock.now().timestamp() - 3_600) * 1_000_000


def test_a_published_collection_is_fixed(world: World, street: list[Scene]) -> None:
    collection = feature(world, street, slots=4)
    with pytest.raises(Refused, match="collection_fixed"):
        pin(world, collection, street[0].product_ids[0], 3)
    with pytest.raises(Refused, match="collection_fixed"):
        fill(world, collection)


def exported(world: World, collection: int) -> list[int]:
    rows = world.see(
        lambda s: queries.export_collection(
            s, world.marketer, world.rulebook, clock=world.clock, collection_id=collection
        )
    )
    return [row.position for row in rows]


def test_a_collection_taken_off_or_over_gives_nothing_to_feature(
    world: World, street: list[Scene]
) -> None:
    """What is exported is shown elsewhere: a list of what was taken off would be too."""
    taken_off, over = (
        feature(world, street, slots=4),
        create(world, hours=-48, ends_at=world.clock.now()),
    )
    pin(world, over, street[0].product_ids[0], 3)
    assert exported(world, taken_off) == [1, 2, 3, 4]
    assert exported(world, over) == []
    world.do(
        lambda s: promotion.withdraw_collection(
            s, clock=world.clock, actor=world.marketer, collection_id=taken_off,
            reason="换季提前结束",
        )
    )  # fmt: skip
    assert exported(world, taken_off) == []


@pytest.mark.parametrize("role", ["officer", "reviewer", "auditor", "owner", "public"])
def test_only_marketing_arranges(world: World, street: list[Scene], role: str) -> None:
    actor = {"owner": street[0].owner, "public": PUBLIC}.get(role) or getattr(world, role)
    with pytest.raises((NotAllowed, NotFound)):
        create(world, actor=actor)


def test_a_listing_is_recorded_once_and_refreshed_only_when_something_differs(
    world: World, street: list[Scene]
) -> None:
    firm = street[0]
    product = firm.product_ids[0]

    def record(**more):
        given = {
            "item_no": "900001",
            "url": "https://shop.example/900001",
            "price_fen": 10_000,
            "stock": 20,
            "stock_as_of": world.clock.now(),
        }
        return world.do(
            lambda s: promotion.record_listing(
                s,
                world.rulebook,
                clock=world.clock,
                actor=world.officer,
                product_id=product,
                store_id=firm.store_id,
                **{**given, **more},
            )
        )

    number, outcome = record()
    assert outcome == "inserted"
    before = entries(world)
    assert record() == (number, "unchanged")
    assert entries(world) == before
    assert record(stock=19) == (number, "updated")
    with pytest.raises(Invalid) as caught:
        record(
            item_no=" ",
            url="http://shop.example",
            price_fen=0,
            stock=-1,
            stock_as_of=world.clock.now() + DAY,
        )
    assert [f.place for f in caught.value.faults] == [
        "item_no", "url", "price_fen", "stock", "stock_as_of",
    ]  # fmt: skip
    product = firm.product_ids[1]
    with pytest.raises(Refused, match="item_of_other_product"):
        record()


def test_of_two_listings_the_one_that_can_be_bought_counts(
    world: World, street: list[Scene]
) -> None:
    """The other firm's store lists it with more stock: that listing proves nothing."""
    one, two = street[0], street[1]
    product = one.product_ids[0]
    world.do(
        lambda s: promotion.record_listing(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.officer,
            product_id=product,
            store_id=two.store_id,
            item_no="900002",
            url="https://shop.example/900002",
            price_fen=10_000,
            stock=9_999,
            stock_as_of=world.clock.now(),
        )
    )
    offer = world.see(
        lambda s: queries.get_eligibility(
            s, world.marketer, world.rulebook, clock=world.clock, product_id=product
        )
    )
    assert offer.eligible
    assert offer.facts.stock == 500


def test_pasted_numbers_get_yes_no_and_why_in_the_order_pasted(
    world: World, street: list[Scene]
) -> None:
    firm = street[0]
    good, bad = (f"6{firm.operator_id:05d}{n}" for n in (0, 1))
    world.do(
        lambda s: catalog.recall_product(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.reviewer,
            product_id=firm.product_ids[1],
            reason="鞋底脱胶",
        )
    )
    answers = world.see(
        lambda s: queries.check_items(
            s,
            world.marketer,
            world.rulebook,
            clock=world.clock,
            item_numbers=[bad, "", "404", good, bad],
        )
    )
    assert [(a.text, a.answer, a.why) for a in answers] == [
        (bad, "no", "product_live"),
        ("404", "unknown", "item_unknown"),
        (good, "yes", None),
        (bad, "no", "item_repeated"),
    ]


def test_a_pasted_number_is_answered_by_its_own_listing_and_not_by_the_best_of_its_product(
    world: World, street: list[Scene]
) -> None:
    """One shoe under three numbers: in its own store, sold out there, and in a rival's store."""
    firm, rival = street[:2]
    shoe, own = firm.product_ids[0], f"6{firm.operator_id:05d}0"
    firm.list_on_platform(shoe, "SOLDOUT1", stock=0)
    firm.list_on_platform(shoe, "RIVAL1", store_id=rival.store_id)
    answers = world.see(
        lambda s: queries.check_items(
            s, world.marketer, world.rulebook, clock=world.clock,
            item_numbers=["RIVAL1", "SOLDOUT1", own],
        )
    )  # fmt: skip
    assert [(a.text, a.answer, a.why, a.offer.item_no) for a in answers] == [
        ("RIVAL1", "no", "store_open", "RIVAL1"),
        ("SOLDOUT1", "no", "stock", "SOLDOUT1"),
        (own, "yes", None, own),
    ]


def test_a_number_that_two_platforms_gave_out_is_answered_for_each_of_them(
    world: World, street: list[Scene]
) -> None:
    """A store of the second firm on another platform: there the number is another shoe's."""
    firm, other = street[:2]
    shoe, number = firm.product_ids[0], f"6{firm.operator_id:05d}0"
    holding = world.do(
        lambda s: registry.declare_store(
            s, clock=world.clock, actor=other.owner, factory_id=other.factory_id,
            platform="另一平台", store_no="OTHER1", name="另一平台的店",
            from_on=today(world.clock) - timedelta(days=30), basis="营业执照",
        )
    )  # fmt: skip
    world.do(
        lambda s: registry.confirm_holding(
            s, clock=world.clock, actor=world.officer, holding_id=holding
        )
    )
    elsewhere = world.see(lambda s: s.get_one(StoreHolding, holding).store_id)
    other.list_on_platform(other.product_ids[0], number, store_id=elsewhere, stock=0)
    answers = world.see(
        lambda s: queries.check_items(
            s, world.marketer, world.rulebook, clock=world.clock, item_numbers=[number, number]
        )
    )
    own = answers[0].offer.platform
    assert own != "另一平台"
    assert [
        (a.answer, a.why, a.platform, a.offer.product_id if a.offer else None) for a in answers
    ] == [
        ("yes", None, own, shoe),
        ("no", "stock", "另一平台", other.product_ids[0]),
        ("no", "item_repeated", None, None),
    ]
    assert ambiguous(answers) == {number}


def test_thousands_of_pasted_numbers_are_answered_each_and_none_is_lost(
    world: World, street: list[Scene]
) -> None:
    known = [f"6{firm.operator_id:05d}{n}" for firm in street for n in (0, 1)]
    pasted = [str(10**11 + n) for n in range(4_500)]
    for place, number in zip((0, 1_999, 2_000, 2_001, 4_100, 4_500), known, strict=True):
        pasted.insert(place, number)  # around the edges of what is asked for at once
    answers = world.see(
        lambda s: queries.check_items(
            s, world.marketer, world.rulebook, clock=world.clock, item_numbers=pasted
        )
    )
    assert [a.text for a in answers] == pasted
    assert [a.text for a in answers if a.answer == "yes"] == known
    assert sum(a.answer == "unknown" for a in answers) == 4_500


def test_an_objection_is_recorded_in_the_window_only(world: World, street: list[Scene]) -> None:
    with pytest.raises(Refused, match="no_open_window"):
        world.do(
            lambda s: promotion.record_objection(
                s,
                clock=world.clock,
                actor=world.officer,
                product_id=street[0].product_ids[0],
                note="图形近似",
            )
        )
    assert (
        world.do(lambda s: promotion.clear_due_windows(s, clock=world.clock, program=PROGRAM))
        == 0
    )


def test_a_collection_bound_to_a_category_takes_no_product_of_another(
    world: World, street: list[Scene]
) -> None:
    """The shoes of the street are of the first category, the collection asks for the second."""
    own, other = (c.key for c in world.rulebook.product.categories[:2])
    bound = create(world, category=other)
    firm = street[0]
    product, number = firm.product_ids[0], f"6{firm.operator_id:05d}0"

    def answered(collection: int | None):
        (answer,) = world.see(
            lambda s: queries.check_items(
                s, world.marketer, world.rulebook, clock=world.clock, item_numbers=[number],
                collection_id=collection,
            )
        )  # fmt: skip
        return answer.answer, answer.why, answer.facts

    wrong = {"own": own, "needed": other}
    assert answered(bound) == ("no", "category", wrong)
    fitting = create(world, category=own, title_en="Own")
    assert answered(None) == answered(fitting) == ("yes", None, {})
    with pytest.raises(NotFound, match="collection_not_found"):
        answered(999)
    offer = world.see(
        lambda s: queries.get_eligibility(
            s, world.marketer, world.rulebook, clock=world.clock, product_id=product,
            collection_id=bound,
        )
    )  # fmt: skip
    assert [(line.key, line.facts) for line in offer.lines if not line.ok] == [
        ("category", wrong)
    ]
    with pytest.raises(Refused, match="not_eligible") as caught:
        pin(world, bound, product)
    assert caught.value.facts == {"criterion": "category", **wrong}
    with pytest.raises(Refused, match="nobody_eligible"):
        fill(world, bound)
    assert standing(world, bound) == []
    pin(world, fitting, product)


def test_what_became_of_another_category_is_seen_at_publishing_and_at_the_recheck(
    world: World, street: list[Scene]
) -> None:
    """The category of a standing product is changed behind the draft, as a correction does."""
    own, other = (c.key for c in world.rulebook.product.categories[:2])
    draft, published = create(world, category=own), create(world, category=own, title_en="On")
    for collection in (draft, published):
        fill(world, collection)

    def publish(collection: int) -> None:
        world.do(
            lambda s: promotion.publish_collection(
                s, world.rulebook, clock=world.clock, actor=world.marketer,
                collection_id=collection,
            )
        )  # fmt: skip

    publish(published)
    moved = next(s.product_id for s in standing(world, published) if s.position == 1)
    at = next(
        s.position
        for s in standing(world, draft)
        if s.product_id == moved and s.kind is not SlotKind.RESERVE
    )
    recategorize(world, moved, other)
    slots = world.see(
        lambda s: queries.list_slots(
            s, world.marketer, world.rulebook, clock=world.clock, collection_id=published
        )
    )
    assert [s.offer.product_id for s in slots if not s.offer.eligible] == [moved]
    with pytest.raises(Refused, match="slots_not_eligible") as caught:
        publish(draft)
    assert caught.value.facts == {"positions": [at + 1], "count": 1}
    changed = world.do(
        lambda s: promotion.run_recheck(
            s, world.rulebook, clock=world.clock, collection_id=published,
            kind=RecheckKind.T24,
        )
    )  # fmt: skip
    assert changed == 1
    assert moved not in {s.product_id for s in standing(world, published)}


def test_rotation_asks_the_rules_about_the_category_where_a_kept_row_is_behind(
    world: World, street: list[Scene]
) -> None:
    own, other = (c.key for c in world.rulebook.product.categories[:2])
    moved = street[0].product_ids[0]
    recategorize(world, moved, other)  # its kept rank still says the first
    collection = create(world, category=own, slots=6)
    fill(world, collection)
    placed = {s.product_id for s in standing(world, collection)}
    assert placed == {p for f in street for p in f.product_ids} - {moved}
