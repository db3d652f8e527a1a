"""A draw of listings, what was seen of each, and what it adds to effort; on both engines."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from marketplace.base.db import housekeeping_write
from marketplace.base.errors import NotAllowed, NotFound, Refused
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.promotion.queries import list_sampling_frame
from marketplace.features.sampling.commands import draw_listings, record_look
from marketplace.features.sampling.kinds import SampleOutcome
from marketplace.features.sampling.queries import (
    get_sample_draw,
    get_sampling_plan,
    list_sample_draws,
)
from tests.features.conftest import PROGRAM
from tests.features.scene import make_firm, make_people


@pytest.fixture
def firm(world):
    """A firm enrolled, with two running shoes on sale; running shoes are drawn by 5 %."""
    make_people(world)
    return make_firm(world, number=1)


def frame(world):
    return world.see(lambda s: list_sampling_frame(s, PROGRAM))


def drawn(firm, *, seed="2026Q4", actor=None) -> int:
    return firm.do(
        lambda s: draw_listings(
            s, firm.world.rulebook, clock=firm.clock, actor=actor or firm.world.officer,
            seed=seed, frame_of=list_sampling_frame,
        )
    )  # fmt: skip


def look(
    firm, item_id, outcome=SampleOutcome.NOTHING_FOUND, *, note="图形与登记一致", actor=None
):
    return firm.do(
        lambda s: record_look(
            s, firm.world.rulebook, clock=firm.clock, actor=actor or firm.world.officer,
            item_id=item_id, outcome=outcome, note=note,
        )
    )  # fmt: skip


def shown(firm, draw_id):
    return firm.world.see(
        lambda s: get_sample_draw(s, firm.world.auditor, clock=firm.clock, draw_id=draw_id)
    )


def test_the_plan_says_what_each_category_would_be_drawn_of(firm):
    plan = firm.world.see(
        lambda s: get_sampling_plan(
            s, firm.world.reviewer, firm.world.rulebook, clock=firm.clock,
            frame_of=list_sampling_frame,
        )
    )  # fmt: skip
    [running] = plan.strata
    # 2 listings × 0.05 = 0.1, rounded up to one.
    assert (running.category, running.rate, running.size, running.wanted) == (
        "running", 0.05, 2, 1,
    )  # fmt: skip
    assert (plan.frame_size, plan.wanted, plan.draw_id) == (2, 1, None)


def test_a_draw_keeps_frame_seed_and_deadline_and_is_made_once_a_quarter(firm):
    number = drawn(firm)
    row, [item] = shown(firm, number)
    assert (row.frame_size, row.drawn, row.waiting, row.is_late) == (2, 1, 1, False)
    # Monday 23 November + 20 working days.
    assert row.due_on == date(2026, 12, 21)
    assert item.item_no in {p.item_no for p in frame(firm.world)}
    assert drawn(firm) == number  # the same seed again is the same draw
    with pytest.raises(Refused, match="sampling_drawn_already"):
        drawn(firm, seed="one that pleases")
    firm.clock.advance(days=40)  # 2 January: the next quarter
    assert drawn(firm, seed="2027Q1", actor=firm.world.auditor) != number
    rows = firm.world.see(
        lambda s: list_sample_draws(s, firm.world.officer, clock=firm.clock, program=PROGRAM)
    )
    assert [(r.quarter_from, r.is_late) for r in rows] == [
        (date(2027, 1, 1), False), (date(2026, 10, 1), True),
    ]  # fmt: skip


def test_a_look_that_finds_nothing_is_counted_and_kept_once(firm):
    number = drawn(firm)
    _, [item] = shown(firm, number)
    with pytest.raises(Refused, match="sampling_note_missing"):
        look(firm, item.item_id, note="好")
    look(firm, item.item_id)
    row, [item] = shown(firm, number)
    assert (row.looked, row.waiting, row.cases) == (1, 0, 0)
    assert (item.outcome, item.note) == (SampleOutcome.NOTHING_FOUND, "图形与登记一致")
    with pytest.raises(Refused, match="sampling_looked_already"):
        look(firm, item.item_id, SampleOutcome.GONE)


def test_a_suspicion_opens_a_case_found_by_ourselves_and_nothing_else_follows(firm):
    number = drawn(firm)
    _, [item] = shown(firm, number)
    look(firm, item.item_id, SampleOutcome.CASE_OPENED, note="侧面图形与登记商标近似")
    row, [item] = shown(firm, number)
    assert (row.looked, row.cases, row.upheld, item.is_upheld) == (1, 1, 0, None)
    case = firm.world.see(lambda s: s.get(InfringementCase, item.case_id))
    assert (case.origin, case.item_no, case.finding_id) == (
        Origin.PROACTIVE_MODEL, item.item_no, None,
    )  # fmt: skip


def test_what_was_gone_is_no_sample(firm):
    number = drawn(firm)
    _, [item] = shown(firm, number)
    look(firm, item.item_id, SampleOutcome.GONE, note="打开时已下架")
    row, _ = shown(firm, number)
    assert (row.looked, row.gone, row.waiting) == (0, 1, 0)


@pytest.mark.parametrize("who", ["reviewer", "marketer", "auditor"])
def test_only_the_officer_looks(firm, who):
    _, [item] = shown(firm, drawn(firm))
    with pytest.raises(NotAllowed):
        look(firm, item.item_id, actor=getattr(firm.world, who))


def test_a_draw_without_seed_or_listings_and_a_listing_never_drawn_are_refused(world, firm):
    with pytest.raises(Refused, match="sampling_no_seed"):
        drawn(firm, seed=" ")
    with pytest.raises(NotFound, match="sample_item_not_found"):
        look(firm, 99)
    with pytest.raises(Refused, match="sampling_nothing_to_draw"):
        firm.do(
            lambda s: draw_listings(
                s, world.rulebook, clock=firm.clock, actor=world.officer, seed="x",
                frame_of=lambda *_: [],
            )
        )  # fmt: skip


def test_what_was_drawn_and_seen_only_grows(firm):
    _, [item] = shown(firm, drawn(firm))
    look(firm, item.item_id)
    for table in ("sample_draw", "sample_item", "sample_look"):
        with (
            pytest.raises(DBAPIError, match="only grows"),
            housekeeping_write(firm.world.app.store) as session,
        ):
            session.connection().execute(sa.text(f"DELETE FROM {table}"))
