"""What is told before a decision is what the decision does."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.base.errors import NotAllowed
from marketplace.base.rulebook import parse_rulebook
from marketplace.desk.foresight import foresee_decision
from marketplace.desk.programs import keep_program_versions
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.enforcement.queries import points_of_factory, preview_overturn
from tests.features.conftest import PROGRAM
from tests.features.enforcement.dealing import overturn, uphold
from tests.features.once import built_once
from tests.features.scene import make_firm, make_people


@pytest.fixture
@built_once
def firm(world):
    make_people(world)
    return make_firm(world, products=0)


def told(firm, finding: int):
    return firm.world.see(
        lambda s: foresee_decision(
            s, firm.world.officer, firm.world.rulebook, clock=firm.clock, finding_id=finding
        )
    )


def balance(firm) -> int:
    points = firm.world.see(
        lambda s: points_of_factory(s, firm.world.officer, factory_id=firm.factory_id)
    )
    return points.stores[0].balance


def found(firm, number: int, found_on: date) -> int:
    return firm.do(
        lambda s: enforcement.record_finding(
            s, clock=firm.clock, actor=firm.world.officer, store_id=firm.store_id,
            origin=Origin.RIGHT_HOLDER, listings=1, found_on=found_on, statement="图形近似",
            reference=f"early{number}",
        )
    )  # fmt: skip


def test_each_offense_is_foretold_as_it_then_comes(firm):
    for number, (points, after, measure) in enumerate(
        [
            (0, 0, "warning"), (2, 2, "points"), (24, 26, "suspension"), (24, 50, "closure"),
            (0, 50, None),
        ]
    ):  # fmt: skip
        finding = firm.finding(number=number)
        then = told(firm, finding)
        assert (then.scored, then.offense, then.points, then.balance_after, then.measure) == (
            True, number + 1, points, after, measure,
        )  # fmt: skip
        assert then.closes is (measure == "closure")
        uphold(firm, finding)
        assert balance(firm) == after


def test_what_was_found_before_enrollment_and_is_decided_after_is_scored_and_told_so(firm):
    finding = found(firm, 1, date(2026, 6, 1))  # enrolled on 23 November
    assert told(firm, finding).scored
    uphold(firm, finding)
    second = found(firm, 2, date(2026, 6, 2))
    then = told(firm, second)
    assert (then.offense, then.balance_after) == (2, 2)
    uphold(firm, second)
    assert balance(firm) == 2


def test_a_store_of_nobody_enrolled_is_told_to_be_not_scored_and_is_not(firm):
    finding = found(firm, 1, date(2024, 1, 1))  # nobody is known to have held the store then
    assert not told(firm, finding).scored
    uphold(firm, finding)
    assert balance(firm) == 0


def test_what_is_foretold_reads_each_entry_by_the_version_that_judged_it(firm, world):
    """Two offenses when the second cost 6 points; then it costs 2 again."""
    now = world.rulebook
    dear = now.text.replace("points = { value = 2,", "points = { value = 6,", 1)
    world.rulebook = parse_rulebook(dear, PROGRAM)
    world.do(
        lambda s: keep_program_versions(s, clock=world.clock, rulebooks=[world.rulebook, now])
    )
    findings = []
    for number in range(2):
        findings.append(firm.finding(number=number))
        uphold(firm, findings[-1])
    assert balance(firm) == 6
    world.rulebook = now
    third = firm.finding(number=3)
    assert told(firm, third).balance_after == 30  # 6 + 24
    uphold(firm, third)
    assert balance(firm) == 30
    preview = world.see(
        lambda s: preview_overturn(
            s, world.deputy, now, clock=firm.clock, finding_id=findings[0]
        )
    )
    overturn(firm, findings[0])
    # The second is the first now: 0. The third is the second, by the rules of now: 2.
    assert (preview.points, balance(firm)) == (2 - 30, 2)


def test_an_owner_is_not_told_before_the_decision(firm):
    finding = firm.finding()
    with pytest.raises(NotAllowed):
        firm.world.see(
            lambda s: foresee_decision(
                s, firm.owner, firm.world.rulebook, clock=firm.clock, finding_id=finding
            )
        )
