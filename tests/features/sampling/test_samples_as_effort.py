"""Looks at drawn listings stand beside violations as effort, and never before enrollment."""

from __future__ import annotations

from marketplace.features.compliance.rules.effort import (
    LOOKING,
    Looked,
    Measured,
    compare_effort,
)
from marketplace.features.sampling.commands import draw_listings, record_look
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
            s, world.rulebook, clock=world.clock, actor=world.officer, seed="2026Q3",
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


def test_fewer_looks_at_drawn_listings_are_less_looking():
    before = Looked(12, 12, 1_200, samples=12)
    found = compare_effort(before, Looked(12, 12, 1_200, samples=10))
    # 1 a month, then 10 / 12 = 0.83: under nine tenths.
    assert found.fell_in == (Measured.SAMPLES,)
    assert Measured.COMPLAINTS not in LOOKING
