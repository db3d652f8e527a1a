"""Moves a notice through counter-notice and wait: E-Commerce Law art. 42-43 as a state machine.

Pure. It ends no measure by itself: what a restored listing gets back is a decision that names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.base.clock import WorkCalendar, civil_day, start_of
from marketplace.base.errors import Refused
from marketplace.features.complaints.kinds import FlowEvent, NoticeState

_NEXT = {
    (NoticeState.RECEIVED, FlowEvent.FORWARD): NoticeState.FORWARDED,
    (NoticeState.FORWARDED, FlowEvent.COUNTER): NoticeState.COUNTERED,
    (NoticeState.COUNTERED, FlowEvent.PASS_ON): NoticeState.WAITING,
    (NoticeState.WAITING, FlowEvent.PROCEEDINGS): NoticeState.MAINTAINED,
    (NoticeState.WAITING, FlowEvent.TIME): NoticeState.RESTORED,
    (NoticeState.RECEIVED, FlowEvent.WITHDRAW): NoticeState.WITHDRAWN,
    (NoticeState.FORWARDED, FlowEvent.WITHDRAW): NoticeState.WITHDRAWN,
    (NoticeState.COUNTERED, FlowEvent.WITHDRAW): NoticeState.WITHDRAWN,
    (NoticeState.WAITING, FlowEvent.WITHDRAW): NoticeState.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Flow:
    """Where a notice is; `wait_until` is exclusive and set from WAITING on."""

    state: NoticeState
    wait_until: datetime | None = None


def advance(
    flow: Flow, event: FlowEvent, *, at: datetime, wait_days: int, calendar: WorkCalendar
) -> Flow:
    """Return the flow after an event at an instant.

    Proceedings count before the wait's end, time from its end on; there is no instant at which
    both or neither do.

    Raises:
        Refused: the event does not follow from this state, or the wait is over or still runs.
    """
    after = _NEXT.get((flow.state, event))
    if after is None:
        raise Refused("notice_step", state=flow.state.value, event=event.value)
    over = flow.wait_until is not None and at >= flow.wait_until
    if event is FlowEvent.PROCEEDINGS and over:
        raise Refused("wait_over")
    if event is FlowEvent.TIME and not over:
        raise Refused("wait_running")
    if event is FlowEvent.PASS_ON:
        return Flow(after, wait_ends(at, wait_days, calendar))
    return Flow(after, flow.wait_until)


def wait_ends(passed_on_at: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """Return the exclusive end of the wait after a counter-notice was passed on.

    The day itself is not counted and the last day counts whole (Civil Code art. 201, 202); a
    last day of rest moves to the next working day (art. 203).
    """
    last = civil_day(passed_on_at) + timedelta(days=days)
    while not calendar.is_working_day(last):
        last += timedelta(days=1)
    return start_of(last + timedelta(days=1))
