"""The median of answer times forgets nobody: who still waits counts as waiting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from marketplace.base.rulebook import load_rulebook
from marketplace.desk.intake_figures import group_of
from marketplace.features.complaints.queries import HandledRow
from marketplace.features.complaints.rules import Handled
from marketplace.features.enforcement.kinds import Origin
from tests.architecture.sources import ROOT

MONDAY = date(2026, 11, 2)


@pytest.fixture(scope="module")
def rulebook():
    return load_rulebook(ROOT / "programs" / "putian-footwear.toml")


def rows(answered: int, waiting: int) -> list[HandledRow]:
    """The n-th answer came n days after the Monday, all within that week."""
    came = [MONDAY + timedelta(days=n % 5) for n in range(answered)]
    return [
        HandledRow(Handled(MONDAY, day, upheld=False), None, Origin.CONSUMER, 1, "C-1", "某店")
        for day in [*came, *([None] * waiting)]
    ]


def test_those_still_waiting_move_the_median(rulebook):
    day = date(2026, 11, 30)
    # Ten answers on days 0 0 1 1 2 2 3 3 4 4: half of them came within 2 days.
    assert group_of("all", rows(10, 0), day, rulebook).median_days == 2
    # With six more that wait since, 8 of 16 had an answer within 3 days, nine of ten never had.
    beside = group_of("all", rows(10, 6), day, rulebook)
    assert (beside.median_days, beside.ninetieth_days) == (3, None)
    # With eleven that wait less than half were answered: nothing can be said of a half.
    assert group_of("all", rows(10, 11), day, rulebook).median_days is None


def test_a_median_of_too_few_answers_is_not_given(rulebook):
    assert group_of("all", rows(4, 0), MONDAY, rulebook).median_days is None
