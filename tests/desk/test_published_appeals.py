"""What the public is told of appeals: no cell so small that it names somebody, none to be worked out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marketplace.desk.appeal_figures import OutcomeFigures, hide_small, publish
from marketplace.features.appeals.queries import Outcomes
from marketplace.features.compliance.rules.waiting import Wait, waiting_time

TIME = waiting_time([Wait(days, ended=True) for days in range(1, 10)])


def figures(upheld: int, rejected: int, *, other: int = 0, waiting: int = 0) -> OutcomeFigures:
    decided = upheld + rejected
    counts = Outcomes(
        instance=1, filed=decided + other + waiting, upheld=upheld, rejected=rejected,
        withdrawn=other, settled=0, open=waiting, overdue=0, in_time=decided,
        waits=tuple((n, True) for n in range(1, decided + 1)),
    )  # fmt: skip
    return OutcomeFigures(counts, (0.1, 0.4), TIME)


def test_a_lone_small_cell_takes_the_smallest_other_one_with_it():
    assert hide_small((2, 30, 6, 0), 5) == (None, 30, None, 0)
    assert hide_small((2, 30, 3, 0), 5) == (None, 30, None, 0)
    assert hide_small((3, 0, 0, 0), 5) == (None, None, 0, 0)
    assert hide_small((5, 30, 6, 0), 5) == (5, 30, 6, 0)


@given(st.lists(st.integers(0, 12), min_size=2, max_size=5), st.integers(1, 8))
def test_no_small_cell_is_told_and_never_is_just_one_hidden(cells, least):
    told = hide_small(cells, least)
    assert all(count is None or count == 0 or count >= least for count in told)
    assert told.count(None) != 1
    assert all(shown in (None, count) for shown, count in zip(told, cells, strict=True))


def test_a_share_is_told_with_both_its_counts_or_not_at_all():
    told = publish(figures(8, 24), 5)
    assert (told.upheld, told.rejected, told.upheld_interval) == (8, 24, (0.1, 0.4))
    assert (told.in_time, told.time) == ((32, 32), TIME)
    few = publish(figures(2, 24), 5)
    assert (few.filed, few.upheld, few.rejected) == (26, None, None)
    assert (few.upheld_interval, few.in_time, few.time) == (None, None, None)
