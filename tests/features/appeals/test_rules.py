"""The door to an appeal: which instance, until which day, or why it is shut."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.base.rulebook import load_rulebook
from marketplace.base.settings import ROOT
from marketplace.features.appeals.kinds import AppealStatus
from marketplace.features.appeals.rules import Door, Filed, door, due_on, paused_while_open

RULES = load_rulebook(ROOT / "programs" / "putian-footwear.toml")
UNTIL = date(2026, 11, 30)


def opened(*filed: Filed, day: date, reversed_already: bool = False) -> Door:
    return door(
        RULES,
        appeal_until=UNTIL,
        filed=filed,
        day=day,
        reversed_already=reversed_already,
    )


def test_the_first_instance_is_open_to_the_end_of_the_last_day():
    assert opened(day=UNTIL) == Door(1, UNTIL)
    assert opened(day=date(2026, 12, 1)) == Door(None, UNTIL, "appeal_too_late")


def test_a_rejected_appeal_opens_the_second_instance_for_ten_working_days():
    rejected = Filed(1, AppealStatus.REJECTED, date(2026, 11, 2))  # a Monday
    # Ten working days from 2 November: 3-6, 9-13, 16 November.
    assert opened(rejected, day=date(2026, 11, 16)) == Door(2, date(2026, 11, 16))
    assert opened(rejected, day=date(2026, 11, 17)).refusal == "appeal_too_late"


@pytest.mark.parametrize(
    ("filed", "refusal"),
    [
        ([Filed(1, AppealStatus.FILED, None)], "appeal_open"),
        ([Filed(1, AppealStatus.UPHELD, date(2026, 11, 2))], "appeal_over"),
        ([Filed(1, AppealStatus.WITHDRAWN, date(2026, 11, 2))], "appeal_over"),
        ([Filed(1, AppealStatus.SETTLED, date(2026, 11, 2))], "appeal_over"),
        (
            [
                Filed(1, AppealStatus.REJECTED, date(2026, 11, 2)),
                Filed(2, AppealStatus.REJECTED, date(2026, 11, 9)),
            ],
            "no_instance_left",
        ),
    ],
)
def test_what_shuts_the_door(filed, refusal):
    assert opened(*filed, day=date(2026, 11, 9)).refusal == refusal


def test_what_was_reversed_needs_no_appeal():
    assert opened(day=date(2026, 11, 2), reversed_already=True).refusal == "measures_reversed"


def test_each_instance_has_its_own_time_to_decide():
    filed = date(2026, 11, 2)  # a Monday
    assert due_on(RULES, instance=1, filed_on=filed) == date(2026, 11, 16)  # 10 working days
    assert due_on(RULES, instance=2, filed_on=filed) == date(2026, 11, 23)  # 15 working days


def test_the_program_states_what_is_paused_while_an_appeal_is_open():
    assert paused_while_open(RULES, ["takedown", "suspension", "closure", "course"]) == (
        "course",
    )
    ceramics = load_rulebook(ROOT / "tests" / "programs" / "example-ceramics.toml")
    assert paused_while_open(ceramics, ["suspension", "course"]) == ("suspension",)
