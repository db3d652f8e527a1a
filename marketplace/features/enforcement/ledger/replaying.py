"""The ledgers of stores: events go in one after the other, entries come out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from marketplace.base.rulebook import Rulebook
from marketplace.features.enforcement.ledger.events import (
    Effect,
    EventKind,
    LedgerEntry,
    StoreEvent,
)
from marketplace.features.enforcement.ledger.state import (
    Standing,
    State,
    apply,
    civil_year,
    clear_years,
    entry_of,
)


class StoreLedger:
    """One store's ledger; give it the events in order of their decision, each with its own ref."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Begin with nothing."""
        self._rules = rulebook
        self._standing: dict[str, Standing] = {}  # by ref, in order
        self._accounts: defaultdict[str, dict[str, Standing]] = defaultdict(dict)
        self._years: Counter[int] = Counter()
        self._reversed: set[str] = set()
        self._clears = False
        self._state = State()

    @property
    def balance(self) -> int:
        """Points of the store now."""
        return self._state.balance

    @property
    def is_closed(self) -> bool:
        """Whether the store is closed now."""
        return self._state.closed

    @property
    def offenses(self) -> int:
        """How many findings stand."""
        return self._state.offenses

    @property
    def complaints(self) -> dict[str, int]:
        """Counted complaints by folded brand."""
        return dict(self._state.complaints)

    def take(self, event: StoreEvent, rules: Rulebook | None = None) -> LedgerEntry:
        """Take the next event and return what it does.

        `rules` is the version that judged it; each event stays judged by its own.
        """
        if event.kind is EventKind.REVERSAL:
            return self._reverse(event)
        one = Standing.under(rules or self._rules, event)
        self._standing[event.ref] = one
        self._accounts[one.brand][event.ref] = one
        self._years[one.year] += 1
        self._clears = self._clears or one.rules.points.yearly_clearing
        return entry_of(one, self._state, apply(one, self._state))

    def refuse(self, event: StoreEvent, reason: str, **facts: object) -> LedgerEntry:
        """Return the entry of an event that is refused; nothing but the year changes."""
        self.pass_time(event.at)
        return LedgerEntry(event, None, 0, self.balance, Effect.REFUSED, reason, facts)

    def pass_time(self, at: datetime) -> int:
        """Let the year turn, where the program clears then; return the change in points."""
        before = self.balance
        clear_years(self._rules, self._state, civil_year(at))
        return self.balance - before

    def standing(self) -> list[LedgerEntry]:
        """Return what each event that was not reversed does now, in order."""
        state = State()
        return [entry_of(one, state, apply(one, state)) for one in self._standing.values()]

    def _reverse(self, event: StoreEvent) -> LedgerEntry:
        self.pass_time(event.at)
        target = event.target_ref
        if not target:
            return self.refuse(event, "target_missing")
        if target in self._reversed:
            return self.refuse(event, "target_reversed", target=target)
        if target not in self._standing:
            return self.refuse(event, "target_unknown", target=target)
        balance, closed = self._state.balance, self._state.closed
        self._take_out(target)
        self.pass_time(event.at)
        opened = closed and not self._state.closed
        return LedgerEntry(
            event,
            None,
            self._state.balance - balance,
            self._state.balance,
            Effect.REOPENED if opened else Effect.NONE,
            "reopened" if opened else "reversed",
            {"target": target},
        )

    def _take_out(self, target: str) -> None:
        """Take an event out and work the state out anew, as far as anything can have changed.

        A store of thousands of events is not replayed in full for each reversal.
        """
        gone = self._standing.pop(target)
        del self._accounts[gone.brand][target]
        self._reversed.add(target)
        self._years -= Counter((gone.year,))
        found = gone.event.kind is EventKind.FINDING
        offenses = self._state.offenses - found
        if (found or gone.counts or self._clears) and not self._settled_alone(gone):
            self._replay_until_closed()
        self._state.offenses = offenses  # after a closure they alone go on
        self._state.year = max(self._years, default=None)

    def _settled_alone(self, gone: Standing) -> bool:
        """Settle the account an event stood in, where that is all that can have changed.

        In an open store the findings and the complaints of each brand know nothing of each other.
        """
        if self._state.closed or self._clears:
            return False
        alone = State()
        for one in self._accounts[gone.brand].values():
            apply(one, alone)
        if alone.closed:
            return False
        if gone.event.kind is EventKind.FINDING:
            self._state.balance = alone.balance
            return True
        del self._state.complaints[gone.brand], self._state.last_counted[gone.brand]
        self._state.complaints |= alone.complaints
        self._state.last_counted |= alone.last_counted
        return True

    def _replay_until_closed(self) -> None:
        self._state = State()
        for one in self._standing.values():
            apply(one, self._state)
            if self._state.closed:
                break


class Replay:
    """The ledgers of many stores; give it events in order, see `in_order`."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Begin with no store."""
        self._rules = rulebook
        self._ledgers: dict[str, StoreLedger] = {}
        self._known: dict[str, StoreEvent] = {}

    def take(self, event: StoreEvent) -> LedgerEntry:
        """Take the next event and return what it does.

        A reference used before is refused; so is a reversal of another store's event.
        """
        ledger = self._ledger(event.store)
        if event.ref in self._known:
            return ledger.refuse(event, "ref_repeated", ref=event.ref)
        self._known[event.ref] = event
        target = self._known.get(event.target_ref)
        if event.kind is not EventKind.REVERSAL or target is None:
            return ledger.take(event)
        if target.store != event.store:
            return ledger.refuse(event, "target_foreign", target=target.ref)
        if target.kind is EventKind.REVERSAL:
            return ledger.refuse(event, "target_is_reversal", target=target.ref)
        return ledger.take(event)

    def balance(self, store: str, at: datetime | None = None) -> int:
        """Return the points of a store, where given at an instant no event of it is after."""
        ledger = self._ledger(store)
        if at is not None:
            ledger.pass_time(at)
        return ledger.balance

    def _ledger(self, store: str) -> StoreLedger:
        return self._ledgers.setdefault(store, StoreLedger(self._rules))


def replay(rulebook: Rulebook, events: Iterable[StoreEvent]) -> list[LedgerEntry]:
    """Return the entries of events of any stores, already in order; see `in_order`."""
    told = Replay(rulebook)
    return [told.take(event) for event in events]


def in_order(events: Sequence[StoreEvent]) -> list[StoreEvent]:
    """Return events by their instant, those of one instant as they came."""
    return sorted(events, key=lambda event: event.at)  # sorted() keeps the order of equals
