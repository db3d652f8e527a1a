"""A draw of listings, what was seen of each, and what it adds to effort; on both engines."""

from __future__ import annotations

import hashlib
import inspect
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from marketplace.base.audit import list_entries
from marketplace.base.db import housekeeping_write
from marketplace.base.errors import NotAllowed, NotFound, Refused
from marketplace.base.keys.signing import is_signed
from marketplace.desk.todo import TaskKind, list_todo
from marketplace.features.complaints.commands import close_case
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.promotion.queries import list_sampling_frame
from marketplace.features.sampling.commands import correct_look, draw_listings, record_look
from marketplace.features.sampling.kinds import SampleOutcome, SeedStanding
from marketplace.features.sampling.queries import (
    get_sample_draw,
    get_sampling_plan,
    list_sample_draws,
)
from marketplace.features.sampling.tables import SampleDraw, SampleLook
from tests.features.conftest import PROGRAM
from tests.features.enforcement.dealing import overturn, uphold
from tests.features.once import built_once
from tests.features.scene import make_firm, make_people


@pytest.fixture
@built_once
def firm(world):
    """A firm enrolled, with two running shoes on sale; running shoes are drawn by 5 %."""
    make_people(world)
    return make_firm(world, number=1)


def frame(world):
    return world.see(lambda s: list_sampling_frame(s, PROGRAM))


def drawn(firm, *, actor=None) -> int:
    return firm.do(
        lambda s: draw_listings(
            s, firm.world.rulebook, clock=firm.clock, actor=actor or firm.world.officer,
            frame_of=list_sampling_frame,
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


def correct(firm, item_id, outcome, *, note="打开时已下架", reason="看错了商品", actor=None):
    return firm.do(
        lambda s: correct_look(
            s, firm.world.rulebook, clock=firm.clock, actor=actor or firm.world.deputy,
            item_id=item_id, outcome=outcome, note=note, reason=reason,
        )
    )  # fmt: skip


def waiting(firm, actor):
    tasks = firm.world.see(lambda s: list_todo(s, actor, firm.world.rulebook, clock=firm.clock))
    return [(t.title, t.due_on, t.facts) for t in tasks if t.kind is TaskKind.SAMPLE]


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
    assert drawn(firm, actor=firm.world.auditor) == number  # whoever asks again
    firm.clock.advance(days=40)  # 2 January: the next quarter
    assert drawn(firm, actor=firm.world.auditor) != number
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
    assert (item.outcome, item.now.note) == (SampleOutcome.NOTHING_FOUND, "图形与登记一致")
    with pytest.raises(Refused, match="sampling_looked_already"):
        look(firm, item.item_id, SampleOutcome.GONE)


def test_a_suspicion_opens_a_case_found_by_ourselves_and_nothing_else_follows(firm):
    number = drawn(firm)
    _, [item] = shown(firm, number)
    look(firm, item.item_id, SampleOutcome.CASE_OPENED, note="侧面图形与登记商标近似")
    row, [item] = shown(firm, number)
    assert (row.looked, row.cases, row.upheld, item.now.is_upheld) == (1, 1, 0, None)
    case = firm.world.see(lambda s: s.get(InfringementCase, item.now.case_id))
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


def test_an_officer_of_another_district_neither_sees_nor_looks_at_a_drawn_listing(firm):
    number = drawn(firm)
    _, [item] = shown(firm, number)
    away = replace(
        firm.world.officer, limits=frozenset({(PROGRAM, "350303")})
    )  # the firm: 350304
    row, items = firm.world.see(
        lambda s: get_sample_draw(s, away, clock=firm.clock, draw_id=number)
    )
    assert (row.drawn, items) == (1, [])
    with pytest.raises(NotFound, match="not_found_here"):
        look(firm, item.item_id, actor=away)
    look(firm, item.item_id)
    with pytest.raises(NotFound, match="not_found_here"):
        correct(firm, item.item_id, SampleOutcome.GONE, actor=away)


def test_a_draw_without_listings_and_a_look_at_a_listing_never_drawn_are_refused(world, firm):
    with pytest.raises(NotFound, match="sample_item_not_found"):
        look(firm, 99)
    with pytest.raises(Refused, match="sampling_nothing_to_draw"):
        firm.do(
            lambda s: draw_listings(
                s, world.rulebook, clock=firm.clock, actor=world.officer,
                frame_of=lambda *_: [],
            )
        )  # fmt: skip


def test_what_was_drawn_and_seen_only_grows(firm):
    _, [item] = shown(firm, drawn(firm))
    look(firm, item.item_id)
    correct(firm, item.item_id, SampleOutcome.GONE)
    for table in ("sample_draw", "sample_item", "sample_look"):
        with (
            pytest.raises(DBAPIError, match="only grows"),
            housekeeping_write(firm.world.app.store) as session,
        ):
            session.connection().execute(sa.text(f"DELETE FROM {table}"))


def test_nobody_chooses_the_seed_and_anybody_can_compute_it_again(firm):
    row, _ = shown(firm, drawn(firm))
    assert row.seed_standing is SeedStanding.DERIVED
    # By hand: the installation signed program and quarter, the seed is the signature's SHA-256.
    content = b"sampling-seed-1|putian-footwear|2026-10-01"
    assert is_signed(row.seed_key, row.seed_proof, content)
    assert row.seed == hashlib.sha256(bytes.fromhex(row.seed_proof)).hexdigest()[:32]
    entry = firm.world.see(lambda s: list_entries(s, action="sampling.draw_listings"))[0]
    assert (entry.facts["seed"], entry.facts["seed_proof"]) == (row.seed, row.seed_proof)
    assert set(inspect.signature(draw_listings).parameters) == {
        "session", "rulebook", "clock", "actor", "frame_of",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "standing"),
    [
        ({"seed": "one that pleases"}, SeedStanding.BROKEN),
        (
            {"quarter_from": date(2026, 7, 1)},
            SeedStanding.BROKEN,
        ),  # another quarter's signature
        ({"seed": "20261001", "seed_proof": ""}, SeedStanding.CHOSEN),  # before it was derived
    ],
)
def test_a_seed_that_does_not_follow_from_its_signature_is_told(firm, changed, standing):
    number = drawn(firm)
    row = firm.world.see(lambda s: s.get(SampleDraw, number))
    kept = {c.name: getattr(row, c.name) for c in SampleDraw.__table__.columns}
    other = {**kept, "id": number + 1, "quarter_from": date(2027, 1, 1), **changed}
    with housekeeping_write(firm.world.app.store) as session:
        session.connection().execute(sa.insert(SampleDraw.__table__).values(**other))
    assert shown(firm, number + 1)[0].seed_standing is standing


def test_a_correction_counts_from_now_on_and_what_was_written_before_stays(firm):
    number = drawn(firm)
    _, [item] = shown(firm, number)
    with pytest.raises(Refused, match="sampling_not_looked"):
        correct(firm, item.item_id, SampleOutcome.GONE)
    look(firm, item.item_id)
    firm.clock.advance(days=1)
    for given, code in [
        ({"reason": "错"}, "reason_missing"),
        ({"note": "好"}, "sampling_note_missing"),
        ({"outcome": SampleOutcome.NOTHING_FOUND, "note": "图形与登记一致"}, "nothing_changed"),
    ]:
        with pytest.raises(Refused, match=code):
            correct(firm, item.item_id, **{"outcome": SampleOutcome.GONE, **given})
    correct(firm, item.item_id, SampleOutcome.GONE)
    row, [item] = shown(firm, number)
    assert (row.looked, row.gone, row.waiting) == (0, 1, 0)
    correct(firm, item.item_id, SampleOutcome.NOTHING_FOUND, note="再看：图形一致")
    row, [item] = shown(firm, number)
    assert (row.looked, row.gone) == (1, 0)
    assert [(e.outcome.value, e.note, e.reason) for e in item.entries] == [
        ("nothing_found", "图形与登记一致", ""),
        ("gone", "打开时已下架", "看错了商品"),
        ("nothing_found", "再看：图形一致", "看错了商品"),
    ]
    assert firm.clock.now() - item.entries[0].looked_at == timedelta(days=1)


def test_a_correction_to_a_suspicion_opens_its_case_and_that_is_decided_in_the_case(firm):
    number = drawn(firm)
    _, [item] = shown(firm, number)
    look(firm, item.item_id)
    correct(firm, item.item_id, SampleOutcome.CASE_OPENED, note="侧面图形与登记商标近似")
    row, [item] = shown(firm, number)
    case = item.now.case_id
    assert row.cases == 1
    with pytest.raises(Refused, match="sampling_case_open"):
        correct(firm, item.item_id, SampleOutcome.NOTHING_FOUND)
    correct(firm, item.item_id, SampleOutcome.CASE_OPENED, note="侧面与后跟图形近似")
    assert shown(firm, number)[1][0].now.case_id == case  # other words, no second case
    firm.do(
        lambda s: close_case(
            s, clock=firm.clock, actor=firm.world.officer, case_id=case, reason="比对后不近似"
        )
    )
    correct(firm, item.item_id, SampleOutcome.NOTHING_FOUND, note="比对后不近似")
    row, [item] = shown(firm, number)
    assert (row.looked, row.cases, item.entries[1].case_id) == (1, 0, case)


def test_a_look_whose_finding_was_upheld_is_not_told_away(firm):
    number = drawn(firm)
    _, [item] = shown(firm, number)
    look(firm, item.item_id, SampleOutcome.CASE_OPENED, note="侧面图形与登记商标近似")
    case = shown(firm, number)[1][0].now.case_id
    finding = firm.finding(number=1)
    uphold(firm, finding)
    with housekeeping_write(firm.world.app.store) as session:
        session.connection().execute(
            sa.update(InfringementCase.__table__)
            .where(InfringementCase.__table__.c.id == case)
            .values(finding_id=finding, status="found")
        )
    with pytest.raises(Refused, match="sampling_case_upheld"):
        correct(firm, item.item_id, SampleOutcome.NOTHING_FOUND)
    assert shown(firm, number)[0].upheld == 1
    overturn(firm, finding)
    correct(firm, item.item_id, SampleOutcome.NOTHING_FOUND, note="撤销后更正")


def test_one_entry_is_corrected_once_by_the_database_itself(firm):
    _, [item] = shown(firm, drawn(firm))
    first = look(firm, item.item_id)
    correct(firm, item.item_id, SampleOutcome.GONE)
    row = firm.world.see(lambda s: s.get(SampleLook, first))
    kept = {c.name: getattr(row, c.name) for c in SampleLook.__table__.columns}
    for again in ({"corrects": first, "reason": "再改"}, {}, {"reason": "没有来由"}):
        with (
            pytest.raises(IntegrityError),
            housekeeping_write(firm.world.app.store) as session,
        ):
            session.connection().execute(
                sa.insert(SampleLook.__table__).values(**{**kept, "id": 99, **again})
            )


def test_what_waits_to_be_looked_at_is_on_the_officers_day_until_it_is_done(firm):
    assert waiting(firm, firm.world.officer) == []
    number = drawn(firm)
    told = [("2026-Q4", date(2026, 12, 21), {"waiting": 1, "drawn": 1})]
    assert waiting(firm, firm.world.officer) == told
    assert waiting(firm, firm.world.reviewer) == []  # whoever may not look has no task
    firm.clock.advance(days=40)
    assert waiting(firm, firm.world.officer) == told  # late, and still there
    row, [item] = shown(firm, number)
    assert (row.waiting, row.is_late) == (1, True)
    look(firm, item.item_id)
    assert waiting(firm, firm.world.officer) == []
    correct(firm, item.item_id, SampleOutcome.GONE)
    assert waiting(firm, firm.world.officer) == []
