"""Draws last quarter's and this quarter's listings; all of the first and some of the second were seen.

In the second one look became a case, of a firm nobody of the demo signs in for, and one was put
right. Which listings are drawn follows from the installation's own key; how many does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.assembly import App
from marketplace.base.access.tables import AccountOperator
from marketplace.base.clock import Clock, FixedClock, today
from marketplace.base.db import read, write
from marketplace.features.promotion.queries import list_sampling_frame
from marketplace.features.registry.tables import Factory
from marketplace.features.sampling.commands import correct_look, draw_listings, record_look
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
    _look_at(app, people, then, _draw(app, people, then))
    earlier = FixedClock(app.clock.now() - timedelta(hours=3))
    clock = earlier if quarter_start(today(earlier)) == quarter_start(day) else app.clock
    now = _draw(app, people, clock)
    half = list(now[: len(now) // 2])
    owned = _factories_with_accounts(app)
    suspect = next((i for i in half if i.factory_id not in owned), None)
    if suspect is not None:
        half.remove(suspect)
        note = "侧面图形与受保护图形近似，标题带“复刻”字样（虚构）"
        write(
            app.store,
            lambda s: _look(s, app, people, clock, suspect, (SampleOutcome.CASE_OPENED, note)),
        )
    _look_at(app, people, clock, half)
    if half:
        _put_right(app, people, half[0])


def _factories_with_accounts(app: App) -> set[int]:
    """Return the factories somebody of the demo signs in for."""
    with read(app.store) as session:
        return set(
            session.execute(
                sa.select(col(Factory.id)).join(
                    AccountOperator,
                    col(AccountOperator.operator_id) == col(Factory.operator_id),
                )
            ).scalars()
        )


def _put_right(app: App, people: People, item: SampleRow) -> None:
    write(
        app.store,
        lambda s: correct_look(
            s, app.rulebook(), clock=app.clock, actor=people.deputy, item_id=item.item_id,
            outcome=SampleOutcome.GONE, note="再次打开时商品已下架，当时看的是同款另一件（虚构）",
            reason="看错了商品，编号对不上（虚构）",
        ),
    )  # fmt: skip


def _draw(app: App, people: People, clock: Clock) -> Sequence[SampleRow]:
    rules = app.rulebook()
    number = write(
        app.store,
        lambda s: draw_listings(
            s, rules, clock=clock, actor=people.officer, frame_of=list_sampling_frame
        ),
    )
    with read(app.store) as session:
        return get_sample_draw(session, people.officer, clock=clock, draw_id=number)[1]


def _look_at(app: App, people: People, clock: Clock, items: Sequence[SampleRow]) -> None:
    """Look at some listings, a minute each, in one unit of work."""

    def work(session: Session) -> None:
        for item, seen in zip(items, _SEEN * 50, strict=False):
            _look(session, app, people, clock, item, seen)

    if items:
        write(app.store, work)


def _look(
    session: Session,
    app: App,
    people: People,
    clock: Clock,
    item: SampleRow,
    seen: tuple[SampleOutcome, str],
) -> None:
    later = FixedClock(clock.now() + timedelta(minutes=item.position))
    record_look(
        session, app.rulebook(), clock=later, actor=people.officer, item_id=item.item_id,
        outcome=seen[0], note=seen[1],
    )  # fmt: skip
