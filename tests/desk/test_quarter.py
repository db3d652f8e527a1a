"""The quarterly report: the figures of the pages, frozen with a number, corrected beside itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from marketplace.base.clock import month_index
from marketplace.desk.issues import Number
from marketplace.desk.issues.commands import issue_quarter
from marketplace.desk.quarter.queries import compose_quarter
from marketplace.desk.quarters import Quarter
from tests.features.scene import make_people
from tests.features.watched import watch_firm

Q3 = Quarter(2026, 3)
ENROLLED = date(2025, 8, 10)
FIRST = month_index(date(2025, 1, 1))
LAST = month_index(date(2026, 9, 1))
ZERO = month_index(ENROLLED)


@pytest.fixture
def firms(world):
    """Twelve firms before and after, the clock in October: the third quarter is over."""
    make_people(world)
    world.clock.at = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
    months = {
        m: (100, [2, 1] if m <= ZERO else [1] if m % 3 == 0 else [])
        for m in range(FIRST, LAST + 1)
    }
    return [
        watch_firm(world, n, enrolled_on=ENROLLED, months=months,
                   district="350304" if n < 9 else "350303")
        for n in range(12)
    ]  # fmt: skip


def compose(world, quarter=Q3, *, district=None, actor=None):
    return world.see(
        lambda s: compose_quarter(
            s, actor or world.officer, world.rulebook, clock=world.clock, quarter=quarter,
            district=district,
        )
    )  # fmt: skip


def issue(world, content, quarter=Q3, *, district=None, actor=None):
    return world.do(
        lambda s: issue_quarter(
            s, world.rulebook, clock=world.clock, actor=actor or world.officer,
            quarter=quarter, district=district, content=content.to_json(),
        )
    )  # fmt: skip


def test_numbers_of_the_quarter_are_counted_by_hand(world, firms):
    numbers = {n.key: n for n in compose(world).numbers}
    # 12 firms x 3 months x 100 checked; July 2026 (index 24318) alone divides by three: 1 each
    assert numbers["rate_quarter"] == Number("rate_quarter", 12, 3_600)
    assert numbers["findings_quarter"].count == 12
    # January to July 2025: 7 months x 3 listings x 12 firms over 7 x 100 x 12
    assert numbers["rate_before"] == Number("rate_before", 252, 8_400)
    assert numbers["enrolled"].count == 12
    assert numbers["came"].count == 0
