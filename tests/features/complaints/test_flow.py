"""Notice and counter-notice: E-Commerce Law art. 42-43, step by step and in every order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from marketplace.base.clock import WorkCalendar, civil_day, start_of
from marketplace.base.errors import Refused
from marketplace.features.complaints.kinds import FlowEvent, NoticeState
from marketplace.features.complaints.rules import Flow, advance, wait_ends

N, E = NoticeState, FlowEvent
START = datetime(2026, 11, 23, 1, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
END = start_of(date(2026, 12, 9))  # the 15th day, 8 December, counts whole
NO_REST = WorkCalendar()
ALLOWED = {
    (N.RECEIVED, E.FORWARD): N.FORWARDED,
    (N.FORWARDED, E.COUNTER): N.COUNTERED,
    (N.COUNTERED, E.PASS_ON): N.WAITING,
    (N.WAITING, E.PROCEEDINGS): N.MAINTAINED,
    **{(s, E.WITHDRAW): N.WITHDRAWN for s in (N.RECEIVED, N.FORWARDED, N.COUNTERED, N.WAITING)},
}


def step(flow: Flow, event: FlowEvent, at: datetime = START) -> Flow:
    return advance(flow, event, at=at, wait_days=15, calendar=NO_REST)


@pytest.mark.parametrize("state", list(N))
@pytest.mark.parametrize("event", list(E))
def test_only_the_steps_of_the_law_are_taken(state, event):
    flow = Flow(state, END if state is N.WAITING else None)
    expected = ALLOWED.get((state, event))
    if expected is None:
        with pytest.raises(Refused):
            step(flow, event)
    else:
        assert step(flow, event).state is expected


@pytest.mark.parametrize(
    ("day", "calendar", "last"),
    [
        # 23 November + 15 days = 8 December, a Tuesday.
        (date(2026, 11, 23), NO_REST, date(2026, 12, 8)),
        # 20 November + 15 days = 5 December, a Saturday: Monday the 7th.
        (date(2026, 11, 20), NO_REST, date(2026, 12, 7)),
        # That Saturday worked instead of another day (调休): it stays.
        (date(2026, 11, 20), WorkCalendar(workdays=frozenset({date(2026, 12, 5)})),
         date(2026, 12, 5)),
        # 16 September + 15 days = 1 October; the holiday runs to the 7th: Thursday the 8th.
        (date(2026, 9, 16), WorkCalendar(frozenset(date(2026, 10, n) for n in range(1, 8))),
         date(2026, 10, 8)),
    ],
)  # fmt: skip
def test_the_wait_ends_with_its_fifteenth_day_and_never_on_a_day_of_rest(day, calendar, last):
    passed_on = start_of(day) + timedelta(hours=23, minutes=59)
    assert wait_ends(passed_on, 15, calendar) == start_of(last + timedelta(days=1))


@pytest.mark.parametrize(
    ("offset", "proceedings", "time"),
    [(-1, True, False), (0, False, True), (1, False, True)],
)
def test_at_every_instant_exactly_one_of_proceedings_and_time_counts(offset, proceedings, time):
    at = END + timedelta(seconds=offset)
    flow = Flow(N.WAITING, END)

    def works(event: FlowEvent) -> bool:
        try:
            step(flow, event, at)
        except Refused:
            return False
        return True

    assert (works(E.PROCEEDINGS), works(E.TIME)) == (proceedings, time)


class NoticeMachine(RuleBasedStateMachine):
    """Events in any order with any time between: the law's order comes out."""

    def __init__(self) -> None:
        super().__init__()
        self.flow = Flow(N.RECEIVED)
        self.at = START
        self.taken: list[FlowEvent] = []
        self.passed_on: datetime | None = None

    @rule(hours=st.integers(0, 24 * 20))
    def time_goes_by(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(event=st.sampled_from(list(E)))
    def something_happens(self, event: FlowEvent) -> None:
        try:
            self.flow = step(self.flow, event, self.at)
        except Refused:
            return
        self.taken.append(event)
        if event is E.PASS_ON:
            self.passed_on = self.at

    @invariant()
    def nobody_waits_less_than_fifteen_whole_days(self) -> None:
        if self.flow.state is N.RESTORED:
            assert self.passed_on is not None
            assert civil_day(self.at) > civil_day(self.passed_on) + timedelta(days=15)

    @invariant()
    def the_steps_taken_are_a_path_of_the_law(self) -> None:
        path = [E.FORWARD, E.COUNTER, E.PASS_ON]
        before_end = [e for e in self.taken if e in path]
        assert before_end == path[: len(before_end)]
        ends = [e for e in self.taken if e not in path]
        assert len(ends) <= 1
        assert (self.flow.state in {N.MAINTAINED, N.RESTORED, N.WITHDRAWN}) == bool(ends)

    @invariant()
    def a_wait_has_an_end_from_its_start_on(self) -> None:
        assert (self.flow.wait_until is not None) == (E.PASS_ON in self.taken)


TestNoticeMachine = NoticeMachine.TestCase
TestNoticeMachine.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
