"""Draws last quarter's and this quarter's listings; all of the first and some of the second were seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from marketplace.assembly import App
from marketplace.base.clock import Clock, FixedClock, today
from marketplace.base.db import read, write
from marketplace.features.promotion.queries import list_sampling_frame
from marketplace.features.sampling.commands import draw_listings, record_look
from marketplace.features.sampling.kinds import SampleOutcome
from marketplace.features.sampling.queries import SampleRow, get_sample_draw
from marketplace.features.sampling.rules import quarter_start
from marketplace.upkeep.demo.people import People

_SEEN = (
    *[
        (SampleOutcome.NOTHING_FOUND, "图形、标题、吊牌与商标登记一致（虚构）"),
        (SampleOutcome.NOTHING_FOUND, "价格与同类相当，执行标准已标明（虚构）"),
        (SampleOutcome.NOTHING_FOUND, "退货原因只有尺码，未提真伪（虚构）"),
    ]
    * 4,
    (SampleOutcome.GONE, "打开时商品已下架（虚构）"),
)


def play(app: App, people: People) -> None:
    """Draw twice; nothing is found in the first, the second is half done."""
    day = today(app.clock)
    then = FixedClock(app.clock.now() - timedelta(days=(day - quarter_start(day)).days + 40))
    for item, (outcome, note) in zip(_draw(app, people, then), _SEEN * 50, strict=False):
        _look(app, people, then, item, outcome, note)
    now = _draw(app, people, app.clock)
    for item, (outcome, note) in zip(now[: len(now) // 2], _SEEN * 50, strict=False):
        _look(app, people, app.clock, item, outcome, note)


def _draw(app: App, people: People, clock: Clock) -> Sequence[SampleRow]:
    rules = app.rulebook()
    quarter = quarter_start(today(clock))
    number = write(
        app.store,
        lambda s: draw_listings(
            s, rules, clock=clock, actor=people.officer,
            seed=f"{quarter:%Y%m%d}", frame_of=list_sampling_frame,
        ),
    )  # fmt: skip
    with read(app.store) as session:
        return get_sample_draw(session, people.officer, clock=clock, draw_id=number)[1]


def _look(
    app: App, people: People, clock: Clock, item: SampleRow, outcome: SampleOutcome, note: str
) -> None:
    later = FixedClock(clock.now() + timedelta(minutes=item.position))
    write(
        app.store,
        lambda s: record_look(
            s, app.rulebook(), clock=later, actor=people.officer, item_id=item.item_id,
            outcome=outcome, note=note,
        ),
    )  # fmt: skip
