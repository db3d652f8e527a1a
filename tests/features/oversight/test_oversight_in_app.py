"""The auditor's draws, verdicts and patterns on both engines; nobody else, and nobody his own."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from marketplace.base import audit
from marketplace.base.access import Role
from marketplace.base.access.policy import TABLE
from marketplace.base.clock import today
from marketplace.base.db import housekeeping_write
from marketplace.base.errors import NotAllowed, NotFound, Refused
from marketplace.base.files import forget_openings, is_opening_kept, keep_opening
from marketplace.base.files.tables import FileOpening, FileUse
from marketplace.features.catalog.kinds import TestOutcome
from marketplace.features.oversight import queries
from marketplace.features.oversight.commands import draw_decisions, record_verdict
from marketplace.features.oversight.kinds import (
    DecisionKind,
    Judgment,
    PlacingKind,
    ShareStanding,
)
from marketplace.features.oversight.tables import OversightVerdict
from marketplace.features.registry import commands as registry
from tests.features.conftest import PROGRAM
from tests.features.once import built_once
from tests.features.scene import DAY, clear_windows, feature, make_firm, make_people


@pytest.fixture
@built_once
def firm(world):
    """A firm enrolled by the officer, two products verified by the reviewer, one finding upheld."""
    make_people(world)
    scene = make_firm(world, number=1)
    scene.uphold(scene.finding())
    return scene


def drawn(firm, *, seed="2026-11-23", wanted=10, kinds=tuple(DecisionKind), actor=None) -> int:
    day = today(firm.clock)
    return firm.do(
        lambda s: draw_decisions(
            s, firm.world.rulebook, clock=firm.clock, actor=actor or firm.world.auditor,
            kinds=kinds, since=day - 30 * DAY, until=day, seed=seed, wanted=wanted,
        )
    )  # fmt: skip


def shown(firm, draw_id: int) -> queries.DrawDetail:
    return firm.world.see(lambda s: queries.get_draw(s, firm.world.auditor, draw_id=draw_id))


def judge(firm, item_id: int, judgment=Judgment.CORRECT, *, actor=None, **more) -> int:
    more.setdefault("reason", "材料齐全")
    return firm.do(
        lambda s: record_verdict(
            s, clock=firm.clock, actor=actor or firm.world.auditor, item_id=item_id,
            judgment=judgment, **more,
        )
    )  # fmt: skip


def test_a_draw_keeps_frame_and_order_and_asking_again_makes_no_new_one(firm):
    number = drawn(firm)
    found = shown(firm, number)
    # enrollment accepted + two products verified + one finding upheld
    assert found.draw.frame_size == 4
    assert sorted(i.kind.value for i in found.items) == [
        "enrollment", "finding", "product", "product",
    ]  # fmt: skip
    assert [i.position for i in found.items] == [1, 2, 3, 4]
    assert found.is_frame_same
    assert drawn(firm) == number
    assert drawn(firm, seed="another") != number
    rows = firm.world.see(lambda s: queries.list_draws(s, firm.world.auditor, program=PROGRAM))
    assert [r.seed for r in rows] == ["another", "2026-11-23"]


def test_a_frame_that_grew_is_said_to_have_changed(firm):
    number = drawn(firm)
    firm.uphold(firm.finding(number=2))
    assert not shown(firm, number).is_frame_same
    assert len(shown(firm, number).items) == 4


def test_only_chosen_kinds_are_drawn(firm):
    found = shown(firm, drawn(firm, kinds=(DecisionKind.FINDING,)))
    assert [i.kind for i in found.items] == [DecisionKind.FINDING]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"seed": "  "}, "oversight_no_seed"),
        ({"kinds": ()}, "oversight_no_kinds"),
        ({"wanted": 0}, "oversight_too_many"),
        ({"wanted": 201}, "oversight_too_many"),
        ({"kinds": (DecisionKind.APPEAL,)}, "oversight_frame_empty"),
    ],
)
def test_an_unsound_draw_is_refused(firm, more, code):
    with pytest.raises(Refused) as refused:
        drawn(firm, **more)
    assert refused.value.code == code


def test_the_error_rate_is_of_the_judged_only(firm):
    number = drawn(firm)
    first, second, third, _ = shown(firm, number).items
    judge(firm, first.item_id, Judgment.WRONG)
    judge(firm, second.item_id)
    judge(firm, third.item_id, Judgment.CANNOT_TELL)
    errors = shown(firm, number).draw.errors
    assert (errors.wrong, errors.told, errors.cannot_tell, errors.open) == (1, 2, 1, 1)
    assert errors.rate == 0.5
    assert errors.interval == (pytest.approx(0.0126, abs=1e-4), pytest.approx(0.9874, abs=1e-4))


def test_a_correction_stands_after_the_first_verdict_which_stays(firm):
    number = drawn(firm)
    item = shown(firm, number).items[0].item_id
    first = judge(firm, item, Judgment.WRONG)
    with pytest.raises(Refused) as refused:  # a second one must name the first
        judge(firm, item)
    assert refused.value.code == "oversight_judged_meanwhile"
    judge(firm, item, replaces_id=first, reason="复看后更正")
    told = shown(firm, number).items[0].verdicts
    assert [(v.judgment, v.is_current) for v in told] == [
        (Judgment.WRONG, False), (Judgment.CORRECT, True),
    ]  # fmt: skip
    assert shown(firm, number).draw.errors.wrong == 0


def test_a_verdict_needs_a_reason(firm):
    item = shown(firm, drawn(firm)).items[0].item_id
    with pytest.raises(Refused) as refused:
        judge(firm, item, reason="好")
    assert refused.value.code == "reason_missing"


def test_nobody_judges_what_he_had_a_hand_in(firm):
    """A reviewer who became auditor decided the products; the officer recorded the finding."""
    for who in (firm.world.reviewer, firm.world.officer):
        turned = replace(who, role=Role.AUDITOR)
        number = drawn(firm, actor=turned)
        own = next(i for i in shown(firm, number).items if i.kind is DecisionKind.FINDING)
        with pytest.raises(Refused) as refused:
            judge(firm, own.item_id, actor=turned)
        assert refused.value.code == "oversight_own_decision"
        assert firm.world.see(
            lambda s, own=own, turned=turned: queries.get_replay(s, turned, item_id=own.item_id)
        ).is_own


def test_only_the_auditor_has_any_of_it():
    rows = {name: row for name, row in TABLE.items() if name.startswith("oversight.")}
    assert len(rows) == 10
    assert all(set(row) == {Role.AUDITOR} for row in rows.values())


def test_an_officer_and_an_admin_are_refused(firm):
    item = shown(firm, drawn(firm)).items[0].item_id
    for who in (firm.world.officer, replace(firm.world.auditor, role=Role.ADMIN)):
        with pytest.raises(NotAllowed):
            judge(firm, item, actor=who)
        with pytest.raises(NotAllowed):
            drawn(firm, seed="x", actor=who)


def test_an_auditor_of_another_program_learns_nothing(firm):
    number = drawn(firm)
    away = replace(firm.world.auditor, programs=frozenset({"another"}))
    with pytest.raises(NotFound):
        firm.world.see(lambda s: queries.get_draw(s, away, draw_id=number))


def test_an_auditor_of_some_districts_reads_and_judges_decisions_about_theirs_alone(firm):
    other = make_firm(firm.world, number=2)
    for scene, district in ((firm, "350302"), (other, "350303")):
        scene.do(
            lambda s, scene=scene, district=district: registry.edit_factory(
                s, firm.world.rulebook, clock=firm.clock, actor=firm.world.officer,
                factory_id=scene.factory_id, values={"district": district}, reason="补录区县",
            )
        )  # fmt: skip
    number = drawn(firm)
    whole = shown(firm, number)
    here = replace(firm.world.auditor, limits=frozenset({(PROGRAM, "350302")}))
    away = replace(firm.world.auditor, limits=frozenset({(PROGRAM, "350305")}))

    def seen(who):
        return firm.world.see(lambda s: queries.get_draw(s, who, draw_id=number))

    mine = seen(here)
    assert {i.factory_name for i in mine.items} == {"（虚构）莆田市第1鞋业有限公司"}
    assert 0 < len(mine.items) < len(whole.items)
    assert mine.elsewhere == len(whole.items) - len(mine.items)
    assert mine.draw.errors.open == len(whole.items)
    assert mine.is_frame_same
    assert (seen(away).items, seen(away).elsewhere) == ((), len(whole.items))
    for item in whole.items:
        if item in mine.items:
            replay = firm.world.see(
                lambda s, i=item: queries.get_replay(s, here, item_id=i.item_id)
            )
            steps = {replay.previous_id, replay.next_id} - {None}
            assert steps <= {i.item_id for i in mine.items}
            continue
        with pytest.raises(NotFound, match="not_found_here"):
            firm.world.see(lambda s, i=item: queries.get_replay(s, here, item_id=i.item_id))
        with pytest.raises(NotFound, match="not_found_here"):
            judge(firm, item.item_id, actor=here)


def test_verdicts_are_never_rewritten_or_removed(firm):
    judge(firm, shown(firm, drawn(firm)).items[0].item_id)
    for statement in (
        sa.update(OversightVerdict).values(reason="改过"),
        sa.delete(OversightVerdict),
    ):

        def work(session, statement=statement):
            audit.record(
                session, clock=firm.clock, actor=firm.world.auditor, action="x", subject="x"
            )
            session.execute(statement)

        with pytest.raises(DBAPIError, match="only grows"):
            firm.do(work)


def test_every_kind_is_replayed_with_its_facts_and_what_followed(firm):
    found = shown(firm, drawn(firm))
    for item in found.items:
        replay = firm.world.see(
            lambda s, i=item: queries.get_replay(s, firm.world.auditor, item_id=i.item_id)
        )
        assert replay.told.facts
        assert replay.before, item.kind
        if item.kind is DecisionKind.PRODUCT:
            assert replay.told.evidence
            assert replay.told.rulebook_sha256 == firm.world.rulebook.sha256
        if item.kind is DecisionKind.FINDING:
            assert replay.told.reason == "两人复核认定"
    assert replay.previous_id == found.items[2].item_id
    assert replay.next_id is None


def test_what_follows_a_decision_is_told_after_it(firm):
    number = drawn(firm, kinds=(DecisionKind.PRODUCT,))
    firm.clock.advance(hours=1)
    for product in firm.product_ids:
        firm.report(product, f"F{product}", outcome=TestOutcome.FAILED)
    item = shown(firm, number).items[0].item_id
    replay = firm.world.see(lambda s: queries.get_replay(s, firm.world.auditor, item_id=item))
    assert "catalog.decide_product" in {e.action for e in replay.before}
    assert {e.action for e in replay.after} & {
        "catalog.lapse_product",
        "catalog.record_test_report",
    }


def test_decisions_in_the_minute_of_submission_are_listed(firm):
    day = today(firm.clock)
    found = firm.world.see(
        lambda s: queries.list_fast(
            s, firm.world.auditor, firm.world.rulebook, since=day, until=day
        )
    )
    # the clock of the test stands still: all four were decided at once
    assert (len(found.fast), found.timed, found.decisions) == (4, 4, 4)


def opened(firm, who, *, days_ago: int) -> None:
    use = firm.world.see(
        lambda s: s.execute(
            sa.select(sa.func.min(FileUse.id)).where(FileUse.operator_id == firm.operator_id)
        ).scalar()
    )
    with housekeeping_write(firm.world.app.store) as session:
        session.add(
            FileOpening(
                use_id=use, account_id=who.account_id,
                opened_at=firm.clock.now() - days_ago * DAY,
            )
        )  # fmt: skip


def views(firm) -> queries.ViewsRow:
    day = today(firm.clock)
    return firm.world.see(
        lambda s: queries.list_views(
            s, firm.world.auditor, firm.world.rulebook, since=day - 100 * DAY, until=day
        )
    )


def test_a_view_long_before_anything_happened_has_no_cause_and_one_beside_a_deed_has(firm):
    opened(firm, firm.world.deputy, days_ago=60)
    opened(firm, firm.world.officer, days_ago=3)  # he decided on the firm today
    found = views(firm)
    assert [v.person for v in found.without] == [firm.world.deputy.account_id]
    assert found.views == 2


def test_an_opening_is_kept_once_in_ten_minutes_never_of_an_owner_and_forgotten_in_time(firm):
    use = firm.world.see(lambda s: s.execute(sa.select(sa.func.min(FileUse.id))).scalar())
    assert not is_opening_kept(firm.owner)
    assert is_opening_kept(firm.world.auditor)
    for _ in range(2):
        with housekeeping_write(firm.world.app.store) as session:
            keep_opening(session, clock=firm.clock, actor=firm.world.officer, use_id=use)
    opened(firm, firm.world.officer, days_ago=800)
    with housekeeping_write(firm.world.app.store) as session:
        forget_openings(session, clock=firm.clock, keep_days=730)
    kept = firm.world.see(lambda s: s.execute(sa.select(FileOpening)).scalars().all())
    assert len(kept) == 1


def test_slots_are_told_by_marketer_and_operator_and_too_few_are_said(world):
    make_people(world)
    one, other = make_firm(world, number=1), make_firm(world, number=2)
    clear_windows(world)
    feature(world, [one, other], slots=2)
    day = today(world.clock)
    found = world.see(
        lambda s: queries.list_rotation(
            s, world.auditor, world.rulebook, since=day - 30 * DAY, until=day
        )
    )
    assert [m.marketer for m in found.marketers] == [world.marketer.account_id]
    assert {p.standing for p in found.pairs} == {ShareStanding.TOO_FEW}
    assert sum(p.got for p in found.pairs) == 2
    one.do(
        lambda s: registry.edit_factory(
            s, world.rulebook, clock=world.clock, actor=world.officer,
            factory_id=one.factory_id, values={"district": "350302"}, reason="补录区县",
        )
    )  # fmt: skip
    near = replace(world.auditor, limits=frozenset({(PROGRAM, "350304")}))
    part = world.see(
        lambda s: queries.list_rotation(
            s, near, world.rulebook, since=day - 30 * DAY, until=day
        )
    )
    assert {p.operator_id for p in part.pairs} == {other.operator_id}
    assert part.marketers == found.marketers
    assert part.elsewhere.total() == len(found.pairs) - len(part.pairs) > 0
    # two slots, two operators: rotation gives each one
    assert [p.expected for p in found.pairs if p.kind is PlacingKind.ROTATION] == [
        pytest.approx(1.0), pytest.approx(1.0),
    ]  # fmt: skip


def test_without_complaints_nothing_is_compared(firm):
    day = today(firm.clock)
    found = firm.world.see(
        lambda s: queries.compare_enrollment(
            s, firm.world.auditor, firm.world.rulebook, clock=firm.clock,
            since=day - 30 * DAY, until=day,
        )
    )  # fmt: skip
    assert (found.enrolled.received, found.others.received) == (0, 0)
    assert found.is_overlapping is None
    assert found.enrolled.interval is None
