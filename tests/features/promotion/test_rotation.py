"""Drawing along the kept ranks gives what reading every product at once gave, and stays in step."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.base.db import read
from marketplace.features.links import commands as links
from marketplace.features.links.kinds import LinkReason
from marketplace.features.links.tables import StoreLink
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion import rules
from marketplace.features.promotion.commands.ranking import check_ranks
from marketplace.features.promotion.queries.rotation import (
    RANK,
    draw_by_rotation,
    microseconds,
)
from marketplace.features.promotion.rules import OfferFacts
from marketplace.features.registry import commands as registry
from tests.features.conftest import PROGRAM, World
from tests.features.scene import DAY, clear_windows, feature, make_firm, make_people, uscc


def facts(product_id: int, group: int, last=None) -> OfferFacts:
    return OfferFacts(
        product_id=product_id, group=group, category=None, live=True, lapse_class=None,
        window="cleared", window_ends=None, enrolled=True, has_listing=True, store_open=True,
        store_held=True, stock=500, stock_as_of=None, last_featured_at=last,
    )  # fmt: skip


def order_of_old(offers, seed):
    """The order as it was when every product was read: kept here to compare with."""

    def key(offer):
        last = offer.last_featured_at
        tie = hashlib.sha256(f"{seed}:{offer.product_id}".encode()).hexdigest()
        return (last is not None, last.timestamp() if last else 0.0, tie)

    return sorted(offers, key=key)


def chosen_of_old(ordered, *, open_slots, taken, cap):
    """The choice as it was made: round after round over a list."""
    counts, chosen, left = dict(taken), [], list(ordered)
    while left and len(chosen) < open_slots:
        fewest = min(counts.get(o.group, 0) for o in left)
        if fewest >= cap:
            break
        pick = next(o for o in left if counts.get(o.group, 0) == fewest)
        chosen.append(pick)
        counts[pick.group] = counts.get(pick.group, 0) + 1
        left.remove(pick)
    return chosen


ROWS = st.lists(
    st.tuples(
        st.integers(1, 6),  # group
        st.integers(0, 3),  # featured how many weeks ago; 0 for never
        st.sampled_from(["casual", "running"]),
        st.booleans(),  # every criterion that no clock changes holds
        st.sampled_from([99, 100, 500]),  # stock; 100 are needed
        st.sampled_from([-1, 1]),  # days until it is not verified any more, less one
        st.sampled_from([6, 8]),  # age of the stock figure in days; 7 are allowed
    ),
    max_size=30,
)
ASKED = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**31),
        "open_slots": st.integers(0, 12),
        "spares": st.integers(0, 5),
        "cap_per_group": st.integers(1, 3),
        "category": st.sampled_from([None, "running"]),
        "taken": st.dictionaries(st.integers(1, 6), st.integers(1, 3), max_size=3),
        "without": st.sets(st.integers(1, 30), max_size=4),
    }
)


@pytest.fixture
def shelf(world: World):
    """Write ranks as given, of products numbered from `first`; return what old code would see."""

    def put(rows, first: int = 1):
        now = world.clock.now()
        written, seen = [], []
        for number, row in enumerate(rows, start=first):
            group, weeks, category, ready, stock, days, age = row
            last = now - timedelta(weeks=weeks) if weeks else None
            written.append(
                {
                    "product_id": number, "program": PROGRAM, "operator_id": group,
                    "group_id": group, "category": category, "ready": int(ready),
                    "last_featured_us": microseconds(last), "draw": rules.draw_of(number),
                    "until_day": now.date().toordinal() + 1 + days, "stock": stock,
                    "stock_as_of_us": microseconds(now - timedelta(days=age)),
                    "price_fen": 1, "kept_on": now.date(),
                }
            )  # fmt: skip
            if ready and stock >= 100 and days > 0 and age <= 7:
                seen.append((category, facts(number, group, last)))
        with world.app.store.housekeeping.begin() as connection:
            connection.execute(sa.delete(RANK))
            if written:
                connection.execute(sa.insert(RANK), written)
        return seen

    return put


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS, asked=ASKED)
def test_a_drawing_along_the_index_is_the_one_made_over_every_product(
    world: World, shelf, rows, asked
) -> None:
    offers = [
        f
        for category, f in shelf(rows)
        if asked["category"] in {None, category} and f.product_id not in asked["without"]
    ]
    ordered = order_of_old(offers, asked["seed"])
    chosen = chosen_of_old(
        ordered,
        open_slots=asked["open_slots"],
        taken=asked["taken"],
        cap=asked["cap_per_group"],
    )
    rest = [f for f in ordered if f not in chosen][: asked["spares"]]
    drawn = world.see(lambda s: draw_by_rotation(s, world.rulebook, clock=world.clock, **asked))
    assert list(drawn.chosen) == [f.product_id for f in chosen]
    assert list(drawn.spare) == [f.product_id for f in rest]


def test_what_is_not_verified_any_more_on_the_first_day_is_not_drawn_for_it(
    world: World, shelf
) -> None:
    lasting = (1, 0, "casual", True, 500, 30, 1)
    ending = (
        2,
        0,
        "casual",
        True,
        500,
        9,
        1,
    )  # day 10 from now is the first it is not verified
    shelf([lasting, ending])

    def drawn(days: int | None) -> set[int]:
        first = None if days is None else world.clock.now() + timedelta(days=days)
        return set(
            world.see(
                lambda s: draw_by_rotation(
                    s, world.rulebook, clock=world.clock, seed=1, open_slots=2, spares=0,
                    cap_per_group=2, shown_from=first,
                )
            ).chosen
        )  # fmt: skip

    assert drawn(None) == drawn(-1) == drawn(9) == {1, 2}
    assert drawn(10) == {1}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS, asked=ASKED, first=st.sampled_from([4_090, 200_000]))
def test_where_lots_lie_in_many_bowls_the_drawing_is_that_of_the_rules(
    world: World, shelf, rows, asked, first: int
) -> None:
    offers = [
        f
        for category, f in shelf(rows * 3, first)
        if asked["category"] in {None, category} and f.product_id not in asked["without"]
    ]
    bowls = rules.bowls_for(first + 3 * len(rows) - 1) if rows else 1
    ordered = [
        (f.product_id, f.group)
        for f in rules.rotation_order(offers, asked["seed"], bowls=bowls)
    ]
    chosen = rules.choose(
        ordered, open_slots=asked["open_slots"], taken=asked["taken"],
        cap_per_group=asked["cap_per_group"],
    )  # fmt: skip
    drawn = world.see(lambda s: draw_by_rotation(s, world.rulebook, clock=world.clock, **asked))
    assert list(drawn.chosen) == [number for number, _group in chosen]
    assert drawn.bowls == bowls


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3)), max_size=40),
    st.integers(0, 2**31),
    st.integers(0, 15),
    st.dictionaries(st.integers(1, 6), st.integers(0, 3), max_size=4),
    st.integers(1, 3),
)
def test_the_order_and_the_choice_are_those_of_the_first_rules(
    rows, seed, open_slots, taken, cap
) -> None:
    from datetime import UTC, datetime

    base = datetime(2026, 11, 1, tzinfo=UTC)
    offers = [
        facts(n, group, base - timedelta(weeks=weeks) if weeks else None)
        for n, (group, weeks) in enumerate(rows, start=1)
    ]
    old = order_of_old(offers, seed)
    assert rules.rotation_order(offers, seed) == old
    chosen = rules.choose(
        [(f.product_id, f.group) for f in old],
        open_slots=open_slots, taken=taken, cap_per_group=cap,
    )  # fmt: skip
    wanted = chosen_of_old(old, open_slots=open_slots, taken=taken, cap=cap)
    assert [number for number, _group in chosen] == [f.product_id for f in wanted]


def test_bowls_hold_about_fifty_lots_and_every_draw_lies_in_one() -> None:
    assert rules.bowls_for(4_095) == 1
    assert rules.bowls_for(4_096) == 128  # 4,096 / 128 = 32 each
    assert rules.bowls_for(200_000) == 4_096  # 200,000 / 4,096 = 48.8 each
    assert {rules.bowl_of(rules.draw_of(n), 64) for n in range(1, 5_000)} == set(range(64))
    assert {rules.first_bowl(seed, 64) for seed in range(2_000)} == set(range(64))


def drifts(world: World):
    return world.see(lambda s: check_ranks(s, program=PROGRAM, clock=world.clock))


def ready(world: World, product_id: int) -> int:
    with read(world.app.store) as session:
        statement = sa.select(RANK.c.ready).where(RANK.c.product_id == product_id)
        return session.execute(statement).scalar_one()


def test_every_fact_moves_the_kept_rank_in_its_own_transaction(world: World) -> None:
    """Never repaired by the minute: asked after each deed."""
    make_people(world)
    firm, other = (make_firm(world, number=n, products=2) for n in (1, 2))
    product = firm.product_ids[0]
    assert drifts(world) == []
    assert ready(world, product) == 0  # the objection window is open
    clear_windows(world)
    assert drifts(world) == []
    assert ready(world, product) == 1
    firm.list_on_platform(product, "6000010")
    assert drifts(world) == []
    collection = feature(world, [firm, other], slots=3)
    assert drifts(world) == []
    world.do(
        lambda s: registry.declare_affiliate(
            s, clock=world.clock, actor=world.officer, operator_id=other.operator_id,
            name="（虚构）兄弟厂", relation="sibling", uscc=uscc(1),
        )
    )  # fmt: skip
    assert drifts(world) == []
    firm.uphold(firm.finding((product,)))
    assert drifts(world) == []
    assert ready(world, product) == 0
    world.do(
        lambda s: promotion.withdraw_collection(
            s, clock=world.clock, actor=world.marketer, collection_id=collection,
            reason="换季提前结束",
        )
    )  # fmt: skip
    assert drifts(world) == []


def test_a_firm_that_another_called_its_affiliate_is_alone_again_once_the_office_cut_the_tie(
    world: World,
) -> None:
    make_people(world)
    firm, _rival = (make_firm(world, number=n, products=1) for n in (1, 2))

    def groups() -> int:
        with read(world.app.store) as session:
            return len(set(session.execute(sa.select(RANK.c.group_id)).scalars()))

    assert groups() == 2
    for who, then in ((firm.owner, 2), (world.officer, 1)):  # his word alone ties nobody
        world.do(
            lambda s, by=who: registry.declare_affiliate(
                s, clock=world.clock, actor=by, operator_id=firm.operator_id,
                name="（虚构）对手", relation="编的", uscc=uscc(2),
            )
        )  # fmt: skip
        assert groups() == then
    asked = {"clock": world.clock, "actor": world.officer}
    world.do(lambda s: links.refresh_links(s, world.rulebook, **asked))
    [tie] = world.see(
        lambda s: s.scalars(
            sa.select(StoreLink.id).where(StoreLink.reason == LinkReason.AFFILIATE)
        ).all()
    )
    world.do(
        lambda s: links.cut_link(
            s, world.rulebook, link_id=tie, reason="对方否认，登记机关也无记载", **asked
        )
    )
    assert groups() == 2
    assert drifts(world) == []


def test_a_row_that_was_left_behind_is_never_filled_in(world: World) -> None:
    make_people(world)
    firms = [make_firm(world, number=n, products=1) for n in (1, 2, 3)]
    clear_windows(world)
    for firm in firms:
        firm.list_on_platform(firm.product_ids[0], f"6{firm.number:05d}0")
    behind = firms[1].product_ids[0]
    firms[1].uphold(firms[1].finding((behind,)))
    with world.app.store.housekeeping.begin() as connection:
        connection.execute(sa.update(RANK).values(ready=1))  # as if nobody had told
    assert [d.product_id for d in drifts(world)] == [behind]
    collection = feature_draft(world)
    world.do(
        lambda s: promotion.fill_by_rotation(
            s, world.rulebook, clock=world.clock, actor=world.marketer,
            collection_id=collection, seed=3,
        )
    )  # fmt: skip
    from tests.features.promotion.test_promotion_commands import standing

    filled = {slot.product_id for slot in standing(world, collection)}
    assert filled == {f.product_ids[0] for f in firms} - {behind}
    assert drifts(world) == []


def feature_draft(world: World) -> int:
    return world.do(
        lambda s: promotion.create_collection(
            s, world.rulebook, clock=world.clock, actor=world.marketer, title_zh="秋季专场",
            title_en="Autumn", starts_at=world.clock.now() + DAY,
            ends_at=world.clock.now() + 9 * DAY, slot_count=4,
        )
    )  # fmt: skip


def test_a_holding_that_ends_by_the_calendar_is_found_on_its_day(world: World) -> None:
    from marketplace.features.registry.tables import StoreHolding
    from marketplace.upkeep.minute import refresh_derived

    make_people(world)
    firm = make_firm(world, number=1, products=1)
    clear_windows(world)
    assert ready(world, firm.product_ids[0]) == 1
    day = world.clock.now().date() + timedelta(days=3)
    holding = world.see(
        lambda s: s.execute(
            sa.select(StoreHolding.id).where(StoreHolding.store_id == firm.store_id)
        ).scalar_one()
    )
    world.do(
        lambda s: registry.end_holding(
            s, clock=world.clock, actor=world.officer, holding_id=holding, until_on=day,
            reason="合同到期",
        )
    )  # fmt: skip
    assert ready(world, firm.product_ids[0]) == 1
    world.clock.advance(days=4)
    refresh_derived(world.app)
    assert ready(world, firm.product_ids[0]) == 0
    assert drifts(world) == []
