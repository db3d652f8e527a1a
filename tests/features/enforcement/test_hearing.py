"""Nobody decides a finding before the owner spoke or the days he has are over."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from marketplace.base.clock import SHANGHAI, today
from marketplace.base.errors import Invalid, NotAllowed, Refused
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.queries import get_finding
from marketplace.features.enforcement.rules import last_hearing_day
from marketplace.features.progress.queries import time_zero
from tests.features.conftest import World
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people

TOLD = "11 月 24 日电话告知，本人接听，未作说明"


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world)


def silence(firm: Scene, finding_id: int, *, by=None, statement: str = TOLD) -> None:
    firm.do(
        lambda s: enforcement.note_silence(
            s, firm.world.rulebook, clock=firm.clock, actor=by or firm.world.officer,
            finding_id=finding_id, statement=statement,
        )
    )  # fmt: skip


def decide(firm: Scene, finding_id: int) -> None:
    firm.do(
        lambda s: enforcement.decide_finding(
            s, firm.world.rulebook, clock=firm.clock, actor=firm.world.reviewer,
            finding_id=finding_id, uphold=False, reason="证据不足", time_zero=time_zero,
        )
    )  # fmt: skip


def test_silence_is_noted_on_the_first_day_after_the_owners_days_and_no_sooner(firm):
    found = firm.finding()
    row = firm.world.see(lambda s: get_finding(s, firm.world.officer, finding_id=found))
    until = last_hearing_day(firm.world.rulebook, row.recorded_at)
    while today(firm.clock) <= until:
        with pytest.raises(Refused, match="hearing_open") as refused:
            silence(firm, found)
        assert refused.value.facts == {"until": until}
        with pytest.raises(Refused, match="owner_not_heard"):
            decide(firm, found)
        firm.clock.advance(days=1)
    with pytest.raises(Invalid):
        silence(firm, found, statement=" ")
    with pytest.raises(NotAllowed):
        silence(firm, found, by=firm.owner)
    silence(firm, found)
    with pytest.raises(Refused, match="heard_already"):
        silence(firm, found)
    row = firm.world.see(lambda s: get_finding(s, firm.world.officer, finding_id=found))
    assert row.hearing == TOLD
    decide(firm, found)
    with pytest.raises(Refused, match="decided_already"):
        silence(firm, found)


def test_who_spoke_was_not_silent(firm):
    found = firm.finding()
    firm.do(
        lambda s: enforcement.hear_owner(
            s, clock=firm.clock, actor=firm.owner, finding_id=found, statement="自有设计"
        )
    )
    firm.clock.advance(days=30)
    with pytest.raises(Refused, match="heard_already"):
        silence(firm, found)


def test_the_days_are_working_days_by_the_calendar_of_the_program(world):
    """Five from Wednesday 30 September 2026: the National Day week is off, 10 October is worked."""
    recorded = datetime(2026, 9, 30, 15, tzinfo=SHANGHAI)
    assert world.rulebook.intake.hearing_working_days == 5
    assert last_hearing_day(world.rulebook, recorded) == date(2026, 10, 13)
