"""The points ledger of a store, replayed from its events under one version of the rules.

Pure: the application and `replay-points` both decide here, so that they cannot disagree. Source
of the rules: domain.md §2, rules 9 and 10; every number comes from the program file.

- A decided finding is an offense; its number among the store's unreversed findings says what it
  costs. At the closing balance the store closes.
- Upheld complaints cost nothing; enough counted ones of one brand close the store by themselves.
  One too soon after the last counted complaint of the same brand does not count.
- A reversal takes its target out and everything is worked out anew; nothing is rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from marketplace.base.rulebook import Rulebook
from marketplace.base.text import fold_name

_CIVIL = ZoneInfo("Asia/Shanghai")


class EventKind(StrEnum):
    """What can happen to a store's ledger."""

    FINDING = "finding"
    UPHELD_COMPLAINT = "upheld_complaint"
    REVERSAL = "reversal"


class Effect(StrEnum):
    """What follows from one event."""

    WARNING = "warning"
    POINTS = "points"
    SUSPENSION = "suspension"
    CLOSURE = "closure"
    ALREADY_CLOSED = "already_closed"
    REOPENED = "reopened"
    NONE = "none"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class StoreEvent:
    """One thing that happened; `at` is the decision instant, aware.

    `target_ref` is the event a reversal takes back.
    """

    store: str
    at: datetime
    kind: EventKind
    ref: str
    brand: str = ""
    target_ref: str = ""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What an event did. `offense` is set for findings only; `reason` and `facts` name words."""

    event: StoreEvent
    offense: int | None
    points: int
    balance: int
    effect: Effect
    reason: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class _State:
    """Where a store stands after some of its events."""

    balance: int = 0
    offenses: int = 0
    closed: bool = False
    year: int | None = None
    complaints: dict[str, int] = field(default_factory=dict)
    last_counted: dict[str, datetime] = field(default_factory=dict)


class StoreLedger:
    """One store's ledger; give it the events in order of their decision."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Begin with nothing."""
        self._rules = rulebook
        self._standing: list[tuple[Rulebook, StoreEvent]] = []
        self._reversed: set[str] = set()
        self._state = _State()

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
        self._standing.append((rules or self._rules, event))
        return _apply(rules or self._rules, self._state, event)

    def refuse(self, event: StoreEvent, reason: str, **facts: object) -> LedgerEntry:
        """Return the entry of an event that is refused; nothing but the year changes."""
        _clear_years(self._rules, self._state, event.at)
        return LedgerEntry(event, None, 0, self.balance, Effect.REFUSED, reason, facts)

    def pass_time(self, at: datetime) -> int:
        """Let the year turn, where the program clears then; return the change in points."""
        before = self.balance
        _clear_years(self._rules, self._state, at)
        return self.balance - before

    def standing(self) -> list[LedgerEntry]:
        """Return what each event that was not reversed does now, in order."""
        state = _State()
        return [_apply(rules, state, event) for rules, event in self._standing]

    def _reverse(self, event: StoreEvent) -> LedgerEntry:
        _clear_years(self._rules, self._state, event.at)
        target = event.target_ref
        if not target:
            return self.refuse(event, "target_missing")
        if target in self._reversed:
            return self.refuse(event, "target_reversed", target=target)
        if not any(one.ref == target for _, one in self._standing):
            return self.refuse(event, "target_unknown", target=target)
        before = self._state
        self._reversed.add(target)
        self._standing = [pair for pair in self._standing if pair[1].ref != target]
        self._state = _State()
        for rules, one in self._standing:
            _apply(rules, self._state, one)
        _clear_years(self._rules, self._state, event.at)
        opened = before.closed and not self._state.closed
        return LedgerEntry(
            event,
            None,
            self._state.balance - before.balance,
            self._state.balance,
            Effect.REOPENED if opened else Effect.NONE,
            "reopened" if opened else "reversed",
            {"target": target},
        )


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


def _apply(rules: Rulebook, state: _State, event: StoreEvent) -> LedgerEntry:
    _clear_years(rules, state, event.at)
    if event.kind is EventKind.FINDING:
        return _score(rules, state, event)
    return _count(rules, state, event)


def _score(rules: Rulebook, state: _State, event: StoreEvent) -> LedgerEntry:
    state.offenses += 1
    offense = state.offenses
    if state.closed:
        return LedgerEntry(
            event, offense, 0, state.balance, Effect.ALREADY_CLOSED, "already_closed"
        )
    step = rules.points_for_offense(offense)
    state.balance += step.points
    state.closed = state.balance >= rules.points.closure_balance
    if state.closed:
        effect = Effect.CLOSURE
    elif step.measure in {"suspension", "closure"}:
        effect = (
            Effect.SUSPENSION
        )  # what would close at a lower threshold still stops the store
    else:
        effect = Effect(step.measure)
    facts: dict[str, object] = {
        "offense": offense,
        "points": step.points,
        "balance": state.balance,
        "threshold": rules.points.closure_balance,
    }
    return LedgerEntry(
        event, offense, step.points, state.balance, effect, f"offense_{effect.value}", facts
    )


def _count(rules: Rulebook, state: _State, event: StoreEvent) -> LedgerEntry:
    def entry(effect: Effect, reason: str, **facts: object) -> LedgerEntry:
        return LedgerEntry(event, None, 0, state.balance, effect, reason, facts)

    if state.closed:
        return entry(Effect.ALREADY_CLOSED, "already_closed")
    brand = fold_name(event.brand)
    if not brand:
        return entry(Effect.NONE, "complaint_without_brand")
    hours = rules.points.complaint_window_hours
    last = state.last_counted.get(brand)
    if last is not None and event.at - last < timedelta(hours=hours):
        return entry(Effect.NONE, "complaint_too_soon", brand=event.brand, hours=hours)
    state.last_counted[brand] = event.at
    state.complaints[brand] = state.complaints.get(brand, 0) + 1
    count, needed = state.complaints[brand], rules.points.brand_complaints_to_close
    if count >= needed:
        state.closed = True
        return entry(Effect.CLOSURE, "complaints_close", brand=event.brand, count=count)
    return entry(
        Effect.NONE, "complaint_counted", brand=event.brand, count=count, needed=needed
    )


def _clear_years(rules: Rulebook, state: _State, at: datetime) -> None:
    """Clear a small balance at the turn of the year, where the program says so.

    A balance that a suspension has brought is kept; so is the number of offenses.
    """
    year = at.astimezone(_CIVIL).year
    if rules.points.yearly_clearing and state.year is not None and year > state.year:
        kept = min(
            (s.points for s in rules.points.schedule if s.measure == "suspension"),
            default=rules.points.closure_balance,
        )
        if not state.closed and state.balance < kept:
            state.balance = 0
    # A clock that was put back makes no year turn twice.
    state.year = year if state.year is None else max(state.year, year)
