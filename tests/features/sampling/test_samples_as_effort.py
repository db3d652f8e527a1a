"""Looks at drawn listings stand beside violations as effort, and never before enrollment."""

from __future__ import annotations

from marketplace.features.compliance.rules.effort import (
    LOOKING,
    Looked,
    Measured,
    compare_effort,
)
from marketplace.features.sampling.commands import correct_look, draw_listings, record_look
from marketplace.features.sampling.kinds import SampleOutcome
from marketplace.features.sampling.rules import FrameListing
from tests.features.compliance.test_summary import both
from tests.features.compliance.town import NOW, Town


def samples(study):
    return next(x for x in study.comparison.effort.lines if x.measure is Measured.SAMPLES)


def test_samples_are_no_data_until_listings_are_drawn_and_then_the_looks_a_month(world):
    town = Town(world, firms=2)
    town.at(-12)
    for store in town.stores:
        for month in range(NOW - 24, NOW - 12):
            town.report(store, month, 100, 2)
    for operator in town.operators:
        town.enroll(operator)
    town.at(0)
    for store in town.stores:
        for month in range(NOW - 11, NOW):
            town.report(store, month, 100, 1)
    kept, raw = both(world)
    assert kept == raw
    assert (samples(kept).before, samples(kept).after) == (None, None)
    town.at(-3)  # August
    frame = [
        FrameListing(
            n, town.stores[n % 2], town.factories[n % 2], town.operators[n % 2], n, "示例",
            f"60000{n}", "https://shop.example/x", "kids",
        )
        for n in range(40)
    ]  # fmt: skip
    world.do(
        lambda s: draw_listings(
            s, world.rulebook, clock=world.clock, actor=world.officer,
            frame_of=lambda *_: frame,
        )
    )  # fmt: skip
    # 40 × 0.1 = 4 drawn; three looked at, one gone.
    for item, outcome in enumerate([SampleOutcome.NOTHING_FOUND] * 3 + [SampleOutcome.GONE]):
        world.do(
            lambda s, n=item + 1, o=outcome: record_look(
                s, world.rulebook, clock=world.clock, actor=world.officer, item_id=n,
                outcome=o, note="打开看过",
            )
        )  # fmt: skip
    town.at(0)
    for district in (None, "350304"):
        kept, raw = both(world, district=district)
        assert kept == raw
        # August, September, October of two firms: 6 operator-months since the first draw.
        assert (samples(kept).before, samples(kept).after) == (None, 3 / 6)
        assert samples(kept).fell is None


def test_a_correction_is_no_other_look_and_keeps_the_month_it_was_made_in(world):
    town = Town(world, firms=1)
    town.at(-12)
    for month in range(NOW - 24, NOW - 12):
        town.report(town.stores[0], month, 100, 1)
    town.enroll(town.operators[0])
    town.at(0)
    for month in range(NOW - 11, NOW):
        town.report(town.stores[0], month, 100, 1)
    town.at(-3)  # August
    frame = [
        FrameListing(
            n, town.stores[0], town.factories[0], town.operators[0], n, "示例", f"60000{n}",
            "https://shop.example/x", "kids",
        )
        for n in range(30)
    ]  # fmt: skip
    world.do(
        lambda s: draw_listings(
            s, world.rulebook, clock=world.clock, actor=world.officer, frame_of=lambda *_: frame
        )
    )
    for item in (1, 2, 3):  # 30 × 0.1
        world.do(
            lambda s, n=item: record_look(
                s, world.rulebook, clock=world.clock, actor=world.officer, item_id=n,
                outcome=SampleOutcome.NOTHING_FOUND, note="打开看过",
            )
        )  # fmt: skip

    def right(item, outcome, note):
        world.do(
            lambda s: correct_look(
                s, world.rulebook, clock=world.clock, actor=world.officer, item_id=item,
                outcome=outcome, note=note, reason="核对记录",
            )
        )  # fmt: skip

    town.at(
        0
    )  # November, past the last observed month: as a look of its own it would not count
    right(1, SampleOutcome.NOTHING_FOUND, "打开看过，标题也核对了")
    right(2, SampleOutcome.GONE, "当时已下架")
    right(3, SampleOutcome.GONE, "当时已下架")
    right(3, SampleOutcome.NOTHING_FOUND, "另一件才是下架的，这件看过")
    kept, raw = both(world)
    assert kept == raw
    # Two looks, of August; August, September, October of one firm since the draw.
    assert samples(kept).after == 2 / 3


def test_fewer_looks_at_drawn_listings_are_less_looking():
    before = Looked(12, 12, 1_200, samples=12)
    found = compare_effort(before, Looked(12, 12, 1_200, samples=10))
    # 1 a month, then 10 / 12 = 0.83: under nine tenths.
    assert found.fell_in == (Measured.SAMPLES,)
    assert Measured.COMPLAINTS not in LOOKING
