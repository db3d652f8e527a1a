"""The ledger as a machine: other stores change nothing, a reversal restores, closed stays closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from marketplace.base.rulebook import load_rulebook
from marketplace.base.settings import ROOT
from marketplace.features.enforcement.ledger import (
    Effect,
    EventKind,
    LedgerEntry,
    StoreEvent,
    replay,
)

RULES = load_rulebook(ROOT / "programs" / "putian-footwear.toml")
STORES = ("A", "B", "C")
BRANDS = ("x", "y")
COSTS = (0, 2, 24, 24)  # the interview's schedule; the fourth is what every later one costs


class Ledgers(RuleBasedStateMachine):
    """Three stores whose events come in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.at = datetime(2026, 1, 1, tzinfo=UTC)
        self.events: list[StoreEvent] = []
        self.reversed: set[str] = set()

    def add(self, store: str, kind: EventKind, *, brand: str = "", target: str = "") -> None:
        ref = f"e{len(self.events)}"
        self.events.append(StoreEvent(store, self.at, kind, ref, brand, target))

    @rule(hours=st.integers(0, 90))
    def wait(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(store=st.sampled_from(STORES))
    def find(self, store: str) -> None:
        self.add(store, EventKind.FINDING)

    @rule(store=st.sampled_from(STORES), brand=st.sampled_from(BRANDS))
    def complain(self, store: str, brand: str) -> None:
        self.add(store, EventKind.UPHELD_COMPLAINT, brand=brand)

    @precondition(lambda self: self.standing())
    @rule(place=st.integers(0, 10**6))
    def reverse(self, place: int) -> None:
        target = self.standing()[place % len(self.standing())]
        self.add(target.store, EventKind.REVERSAL, target=target.ref)
        self.reversed.add(target.ref)

    @precondition(lambda self: self.standing())
    @rule(place=st.integers(0, 10**6))
    def reverse_the_latest_of_a_store_restores(self, place: int) -> None:
        store = self.standing()[place % len(self.standing())].store
        own = [e for e in self.events if e.store == store]
        before = self.ending(own[:-1])
        last = own[-1]
        if last.kind is EventKind.REVERSAL:
            return
        self.add(store, EventKind.REVERSAL, target=last.ref)
        self.reversed.add(last.ref)
        assert self.ending([e for e in self.events if e.store == store]) == before

    def standing(self) -> list[StoreEvent]:
        return [
            e
            for e in self.events
            if e.kind is not EventKind.REVERSAL and e.ref not in self.reversed
        ]

    def ending(self, events: list[StoreEvent]) -> tuple[int, bool]:
        """Balance and whether the store is closed after these events of it."""
        entries = replay(RULES, events)
        return (entries[-1].balance if entries else 0, closed_after(entries))

    @invariant()
    def other_stores_change_nothing(self) -> None:
        together = replay(RULES, self.events)
        alone = replay(RULES, [e for store in STORES for e in self.events if e.store == store])
        by_ref = {e.event.ref: (e.points, e.balance, e.effect, e.offense) for e in alone}
        for entry in together:
            told = (entry.points, entry.balance, entry.effect, entry.offense)
            assert by_ref[entry.event.ref] == told

    @invariant()
    def the_balance_is_the_sum_and_what_the_standing_findings_cost(self) -> None:
        entries = replay(RULES, self.events)
        for store in STORES:
            own = [e for e in entries if e.event.store == store]
            if own:
                assert sum(e.points for e in own) == own[-1].balance
                assert own[-1].balance == self.cost(store)

    def cost(self, store: str) -> int:
        """Ten lines that know nothing of the ledger: what a store's standing events cost."""
        balance, number, closed = 0, 0, False
        counted: dict[str, list[datetime]] = {}
        for event in (e for e in self.standing() if e.store == store):
            if event.kind is EventKind.FINDING:
                number += 1
                balance += 0 if closed else COSTS[min(number, 4) - 1]
            elif not closed:
                times = counted.setdefault(event.brand, [])
                if not times or event.at - times[-1] >= timedelta(hours=72):
                    times.append(event.at)
            closed = closed or balance >= 48 or any(len(t) >= 3 for t in counted.values())
        return balance

    @invariant()
    def a_store_closes_at_most_once_between_two_openings(self) -> None:
        for store in STORES:
            closed = False
            for entry in replay(RULES, self.events):
                if entry.event.store != store:
                    continue
                if entry.effect is Effect.CLOSURE:
                    assert not closed
                    closed = True
                closed = closed and entry.effect is not Effect.REOPENED


def closed_after(entries: list[LedgerEntry]) -> bool:
    closed = False
    for entry in entries:
        closed = (closed or entry.effect is Effect.CLOSURE) and (
            entry.effect is not Effect.REOPENED
        )
    return closed


TestLedgers = Ledgers.TestCase
TestLedgers.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
