"""Promise 5: one open certification per stage, one product per slot; nothing lapsed is shown."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from marketplace.base import audit
from marketplace.base.db import write
from marketplace.base.files import receive_file
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Lapse, Product
from marketplace.features.progress import commands as progress
from marketplace.features.progress.kinds import CertificationStatus
from marketplace.features.progress.tables import Certification
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.kinds import SlotKind, SlotStatus
from marketplace.features.promotion.tables import Slot
from tests.concurrency.conftest import HANDS, together
from tests.features.conftest import PROGRAM, World
from tests.features.scene import DAY, Scene, clear_windows, make_firm, make_people, picture


def evidence(firm: Scene) -> int:
    return firm.do(
        lambda s: receive_file(
            s,
            clock=firm.clock,
            actor=firm.owner,
            content=picture(),
            name="license.png",
            purpose="evidence",
            subject=f"factory:{firm.factory_id}",
            program=PROGRAM,
            operator_id=firm.operator_id,
            data_dir=firm.world.app.data_dir,
        )
    )


def hand_in(firm: Scene, use_id: int):
    return lambda: firm.do(
        lambda s: progress.submit_certification(
            s,
            firm.world.rulebook,
            clock=firm.clock,
            actor=firm.owner,
            factory_id=firm.factory_id,
            condition="real_name",
            evidence=[("business_license", use_id)],
        )
    )


def test_a_condition_handed_in_by_many_is_open_once_and_decided_once(
    world: World, rounds
) -> None:
    make_people(world)
    for number in range(rounds(2, 50)):
        firm = make_firm(world, number=number + 1, products=0)
        use_id = evidence(firm)
        given = together([hand_in(firm, use_id)] * HANDS)
        assert Counter(a.refused for a in given) == {None: 1, "certification_open": HANDS - 1}
        (opened,) = [a.value for a in given if a.refused is None]

        def decide(number=opened):
            return world.do(
                lambda s: progress.decide_certification(
                    s,
                    world.rulebook,
                    clock=world.clock,
                    actor=world.officer,
                    certification_id=number,
                    status=CertificationStatus.APPROVED,
                    note="执照相符",
                )
            )

        decided = together([decide] * HANDS)
        assert Counter(a.refused for a in decided) == {None: 1, "decided_already": HANDS - 1}


def test_the_database_itself_refuses_a_second_open_certification(world: World) -> None:
    make_people(world)
    firm = make_firm(world, products=0)
    hand_in(firm, evidence(firm))()

    def copy(session):
        row = session.execute(select(Certification)).scalar_one()
        kept = {c.name: getattr(row, c.name) for c in Certification.__table__.columns}
        session.add(Certification(**{**kept, "id": None, "version": 1}))
        session.flush()

    with pytest.raises(IntegrityError):
        write(world.app.store, copy)


def draft_collection(world: World, slots: int) -> int:
    return world.do(
        lambda s: promotion.create_collection(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.marketer,
            title_zh="并发专场",
            title_en="Together",
            starts_at=world.clock.now() + DAY,
            ends_at=world.clock.now() + 9 * DAY,
            slot_count=slots,
        )
    )


def pin(world: World, collection: int, product: int, position: int):
    return lambda: world.do(
        lambda s: promotion.pin_product(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.marketer,
            collection_id=collection,
            product_id=product,
            position=position,
            reason="开季主推",
        )
    )


def fill(world: World, collection: int, seed: int):
    return lambda: world.do(
        lambda s: promotion.fill_by_rotation(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.marketer,
            collection_id=collection,
            seed=seed,
        )
    )


def street(world: World, firms: int) -> list[Scene]:
    """Firms with two featurable products each."""
    make_people(world)
    made = [make_firm(world, number=n + 1, products=2) for n in range(firms)]
    clear_windows(world)
    for firm in made:
        for n, product in enumerate(firm.product_ids):
            firm.list_on_platform(product, f"6{firm.operator_id:05d}{n}")
    return made


def standing(world: World, collection: int) -> list[Slot]:
    return world.see(
        lambda s: list(
            s.execute(
                select(Slot).where(
                    Slot.collection_id == collection, Slot.status != SlotStatus.REMOVED
                )
            ).scalars()
        )
    )


def assert_slots_hold(world: World, collection: int) -> None:
    slots = standing(world, collection)
    shown = [s.position for s in slots if s.kind is not SlotKind.RESERVE]
    products = [s.product_id for s in slots]
    assert len(set(shown)) == len(shown)
    assert len(set(products)) == len(products)


def test_one_slot_takes_one_product_and_one_product_one_slot(world: World, rounds) -> None:
    firms = street(world, 4)
    products = [p for firm in firms for p in firm.product_ids]
    for _ in range(rounds(2, 100)):
        collection = draft_collection(world, 8)
        same_place = together([pin(world, collection, p, 0) for p in products])
        assert Counter(a.refused for a in same_place) == {None: 1, "slot_taken": 7}
        taken = standing(world, collection)[0].product_id
        other = next(p for p in products if p != taken)
        same_product = together([pin(world, collection, other, n) for n in range(1, 8)])
        assert Counter(a.refused for a in same_product) == {None: 1, "product_there": 6}
        assert_slots_hold(world, collection)


def test_pins_and_rotation_at_once_never_share_a_slot_and_keep_the_cap(
    world: World, rounds
) -> None:
    firms = street(world, 3)
    products = [p for firm in firms for p in firm.product_ids]
    group_of = {p: firm.operator_id for firm in firms for p in firm.product_ids}
    for turn in range(rounds(2, 100)):
        collection = draft_collection(world, 4)
        answers = together(
            [
                *(pin(world, collection, p, n % 4) for n, p in enumerate(products)),
                fill(world, collection, turn),
                fill(world, collection, turn + 1),
            ]
        )
        allowed = {None, "slot_taken", "product_there", "nothing_open", "nobody_eligible"}
        assert {a.refused for a in answers} <= allowed | {"group_cap"}
        assert_slots_hold(world, collection)
        shown = [s for s in standing(world, collection) if s.kind is not SlotKind.RESERVE]
        assert max(Counter(group_of[s.product_id] for s in shown).values()) <= 2


def test_a_product_that_lapses_while_it_is_featured_is_shown_by_no_order_of_events(
    world: World, rounds
) -> None:
    """Either it was pinned first and left its slot, or it lapsed first and was refused."""
    firms = street(world, 2)
    for turn in range(rounds(2, 60)):
        collection = draft_collection(world, 6)
        firm = firms[turn % 2]
        product = firm.product_ids[0]

        def suspend(number=product):
            return world.do(
                lambda session: catalog.suspend_product(
                    session,
                    world.rulebook,
                    clock=world.clock,
                    actor=world.officer,
                    product_id=number,
                    reason="初步证据充分",
                )
            )

        answers = together(
            [
                suspend,
                pin(world, collection, product, 0),
                fill(world, collection, turn),
                pin(world, collection, product, 1),
            ]
        )
        assert {a.refused for a in answers} <= {
            None, "not_eligible", "product_there", "slot_taken", "nobody_eligible", "nothing_open",
        }  # fmt: skip
        assert answers[0].refused is None
        slots = [s for s in standing(world, collection) if s.product_id == product]
        assert all(s.status is SlotStatus.HELD for s in slots)
        assert_slots_hold(world, collection)
        lapses = world.see(
            lambda s, p=product: s.execute(
                select(sa.func.count())
                .select_from(Lapse)
                .where(Lapse.product_id == p, Lapse.closed_at.is_(None))
            ).scalar_one()
        )
        assert lapses == 1
        if turn >= 1:
            break  # both firms' first products are out by now
    report = audit.verify(world.app.store)
    assert report.findings == []


def test_a_product_is_decided_once(world: World) -> None:
    make_people(world)
    firm = make_firm(world, products=0)
    product = firm.draft("N-1")
    firm.report(product, "N-1")
    firm.submit(product)
    answers = together([lambda: firm.decide(product)] * HANDS)
    assert Counter(a.refused for a in answers) == {None: 1, "not_submitted": HANDS - 1}
    row = world.see(lambda s: s.get(Product, product))
    assert row.status is Moderation.VERIFIED
    assert row.valid_until - timedelta(days=world.rulebook.product.valid_days) <= (
        world.clock.now().date()
    )
