"""A message is new until it was shown: none is lost among many, none read before it was seen."""

from __future__ import annotations

from datetime import UTC, datetime

from marketplace.base.access import Actor, Role
from marketplace.base.clock import FixedClock
from marketplace.base.db import Store, housekeeping_write, read
from marketplace.base.inbox import count_unread, list_messages, mark_read, notify

CLOCK = FixedClock(datetime(2026, 11, 23, tzinfo=UTC))
OWNER = Actor(50, "owner", "厂长", Role.OWNER)


def test_every_unread_message_is_shown_and_one_that_came_since_stays_new(store: Store) -> None:
    def tell(number: int) -> None:
        with housekeeping_write(store) as session:
            notify(
                session, clock=CLOCK, account_ids=[50], code="product_verified",
                facts={"product": str(number)}, subject=f"product:{number}", program=None,
            )  # fmt: skip

    for number in range(5):
        tell(number)
    with read(store) as session:
        shown = list_messages(session, OWNER, limit=2)
    assert [m.facts["product"] for m in shown] == ["4", "3", "2", "1", "0"]
    tell(5)
    with housekeeping_write(store) as session:
        mark_read(session, clock=CLOCK, actor=OWNER, until=shown[0].message_id)
    with read(store) as session:
        assert count_unread(session, OWNER) == 1
        assert [m.read for m in list_messages(session, OWNER, limit=2)] == [False, True]
