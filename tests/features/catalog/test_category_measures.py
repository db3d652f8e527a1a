"""A measure a person chooses is refused where the category of the products does not list it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlmodel import select

from marketplace.assembly import bind
from marketplace.base.errors import Refused
from marketplace.base.words import say
from marketplace.faces.ui.measures.policies import is_offered
from marketplace.faces.ui.promoting.why import below_floor
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import FindingStatus, MeasureKind
from marketplace.features.enforcement.tables import (
    CourseAssignment,
    Finding,
    InterimSuspension,
)
from marketplace.features.progress.queries import time_zero
from marketplace.features.promotion.rules import Line
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Store
from tests.features.conftest import PROGRAM
from tests.features.once import built_once
from tests.features.scene import make_firm, make_people


def only(world, *measures):
    """Let the rules of all footwear list these measures and no other."""
    rules = world.rulebook.enforcement
    listed = tuple(
        c if c.measures is None else c.model_copy(update={"measures": measures})
        for c in rules.categories
    )
    world.rulebook = world.rulebook.model_copy(
        update={"enforcement": rules.model_copy(update={"categories": listed})}
    )
    house = replace(world.app.house, rulebooks={PROGRAM: world.rulebook})
    bind(world.app.store, house)


@pytest.fixture
@built_once
def firm(world):
    make_people(world)
    return make_firm(world)


def suspend(firm, finding_id):
    world = firm.world
    world.do(
        lambda s: enforcement.add_evidence(
            s, clock=firm.clock, actor=world.officer, finding_id=finding_id,
            name="照片", holder="经办人", sha256="a" * 64,
        )
    )  # fmt: skip
    world.do(
        lambda s: enforcement.suspend_pending_decision(
            s, world.rulebook, clock=firm.clock, actor=world.officer,
            finding_id=finding_id, reason="证据表面清楚，商品仍在售，不能等到认定",
        )
    )  # fmt: skip


def uphold_with_course(firm, finding_id):
    world = firm.world
    course = world.rulebook.enforcement.measures.courses[0].key
    world.do(
        lambda s: enforcement.hear_owner(
            s,
            clock=firm.clock,
            actor=world.officer,
            finding_id=finding_id,
            statement="厂方说明",
        )
    )
    world.do(
        lambda s: enforcement.decide_finding(
            s, world.rulebook, clock=firm.clock, actor=world.reviewer, finding_id=finding_id,
            uphold=True, reason="两人复核认定", time_zero=time_zero, course=course,
        )
    )  # fmt: skip


def count(firm, table):
    return len(firm.world.see(lambda s: list(s.execute(select(table)).scalars())))


def test_a_suspension_pending_the_decision_is_refused_and_leaves_nothing(firm):
    only(firm.world, "takedown", "warning", "points")
    finding_id = firm.finding((firm.product_ids[0],))
    with pytest.raises(Refused, match="measure_not_in_category"):
        suspend(firm, finding_id)
    assert count(firm, InterimSuspension) == 0
    assert firm.world.see(lambda s: s.get(Store, firm.store_id)).status is StoreStatus.OPEN


def test_a_listed_suspension_covers_one_pending_the_decision(firm):
    only(firm.world, "suspension")
    suspend(firm, firm.finding((firm.product_ids[0],)))
    assert count(firm, InterimSuspension) == 1


def test_a_finding_that_names_no_product_has_no_category_to_ask(firm):
    only(firm.world, "takedown")
    suspend(firm, firm.finding())
    assert count(firm, InterimSuspension) == 1


def test_a_course_no_category_lists_takes_the_decision_back_with_it(firm):
    only(firm.world, "takedown", "points")
    finding_id = firm.finding((firm.product_ids[0],))
    with pytest.raises(Refused, match="measure_not_in_category"):
        uphold_with_course(firm, finding_id)
    finding = firm.world.see(lambda s: s.get(Finding, finding_id))
    assert (finding.status, count(firm, CourseAssignment)) == (FindingStatus.SUSPECTED, 0)


def test_a_listed_course_is_assigned_and_what_the_points_bring_is_not_asked(firm):
    only(firm.world, "course")
    uphold_with_course(firm, firm.finding((firm.product_ids[0],)))
    assert count(firm, CourseAssignment) == 1


@pytest.mark.parametrize(
    ("categories", "measure", "allowed"),
    [
        (["running"], "course", True),
        (["running"], "payment_hold", True),
        (["running"], "interim_suspension", True),
        ([], "course", True),
        ([None, "unknown"], "course", True),
    ],
)
def test_the_program_lists_its_measures_for_every_category(world, categories, measure, allowed):
    assert world.rulebook.enforcement.allows(categories, measure) is allowed


def test_a_measure_no_category_lists_is_not_offered_either(firm):
    """What the form hides and what the command refuses are the same question."""
    world = firm.world
    only(world, "takedown", "warning")
    page = SimpleNamespace(app=world.app, actor=world.officer, rulebook=world.rulebook)
    offered = {
        measure: is_offered(page, (firm.product_ids[0],), measure)
        for measure in (MeasureKind.TAKEDOWN, MeasureKind.COURSE, MeasureKind.PAYMENT_HOLD)
    }
    assert offered == {
        MeasureKind.TAKEDOWN: True,
        MeasureKind.COURSE: False,
        MeasureKind.PAYMENT_HOLD: False,
    }
    assert is_offered(page, (), MeasureKind.COURSE)  # no product named, no category to ask


def test_the_remark_on_a_low_price_names_price_and_floor_and_is_no_verdict():
    told = {}

    def t(key, **facts):
        told.update(facts)
        return say(key, "zh", **facts)

    remark = Line("price_floor", ok=True, facts={"price_fen": 5_900, "floor_fen": 7_900})
    line = below_floor(SimpleNamespace(t=t), remark)
    assert told == {"price": "¥59", "floor": "¥79"}
    assert "¥59" in line
    assert "¥79" in line
