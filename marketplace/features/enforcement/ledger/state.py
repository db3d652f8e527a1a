"""Where a store stands after some of its events, and what the next one changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from marketplace.base.rulebook import Rulebook
from marketplace.base.text import fold_name
from marketplace.features.enforcement.ledger.events import (
    Effect,
    EventKind,
    LedgerEntry,
    StoreEvent,
)

_CIVIL = ZoneInfo("Asia/Shanghai")


@dataclass(slots=True)
class State:
    """Where a store stands after some of its events."""

    balance: int = 0
    offenses: int = 0
    closed: bool = False
    year: int | None = None
    complaints: dict[str, int] = field(default_factory=dict)
    last_counted: dict[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class Standing:
    """An event that was not reversed, and what every replay of it would work out again.

    `brand` is that of a complaint, folded; "" for findings. `counts` tells of a complaint whether
    it counted when it was last replayed.
    """

    rules: Rulebook
    event: StoreEvent
    year: int
    brand: str
    window: timedelta
    counts: bool = False

    @classmethod
    def under(cls, rules: Rulebook, event: StoreEvent) -> Standing:
        """Return an event as the rules that judge it read it."""
        window = timedelta(hours=rules.points.complaint_window_hours)
        brand = fold_name(event.brand) if event.kind is EventKind.UPHELD_COMPLAINT else ""
        return cls(rules, event, civil_year(event.at), brand, window)


_Done = tuple[int, Effect, str]  # points, effect, and the word for the reason


def apply(one: Standing, state: State) -> _Done:
    """Change the state by an event; kept lean, a reversal comes here for each that stands."""
    if one.year != state.year:
        clear_years(one.rules, state, one.year)
    if one.event.kind is EventKind.FINDING:
        return _score(one, state)
    return _count(one, state)


def _score(one: Standing, state: State) -> _Done:
    state.offenses += 1
    if state.closed:
        return 0, Effect.ALREADY_CLOSED, "already_closed"
    step = one.rules.points_for_offense(state.offenses)
    state.balance += step.points
    state.closed = state.balance >= one.rules.points.closure_balance
    if state.closed:
        effect = Effect.CLOSURE
    elif step.measure in {"suspension", "closure"}:
        effect = (
            Effect.SUSPENSION
        )  # what would close at a lower threshold still stops the store
    else:
        effect = Effect(step.measure)
    return step.points, effect, f"offense_{effect.value}"


def _count(one: Standing, state: State) -> _Done:
    one.counts = False
    if state.closed:
        return 0, Effect.ALREADY_CLOSED, "already_closed"
    if not one.brand:
        return 0, Effect.NONE, "complaint_without_brand"
    last = state.last_counted.get(one.brand)
    if last is not None and one.event.at - last < one.window:
        return 0, Effect.NONE, "complaint_too_soon"
    one.counts = True
    state.last_counted[one.brand] = one.event.at
    count = state.complaints.get(one.brand, 0) + 1
    state.complaints[one.brand] = count
    if count >= one.rules.points.brand_complaints_to_close:
        state.closed = True
        return 0, Effect.CLOSURE, "complaints_close"
    return 0, Effect.NONE, "complaint_counted"


def entry_of(one: Standing, state: State, done: _Done) -> LedgerEntry:
    """Return what was done with the facts its words need; `state` is the one right after."""
    points, effect, reason = done
    facts: dict[str, object] = {}
    match reason:
        case "already_closed" | "complaint_without_brand":
            pass
        case "complaint_too_soon":
            facts = {
                "brand": one.event.brand,
                "hours": one.rules.points.complaint_window_hours,
            }
        case "complaint_counted" | "complaints_close":
            facts = {"brand": one.event.brand, "count": state.complaints[one.brand]}
            if reason == "complaint_counted":
                facts["needed"] = one.rules.points.brand_complaints_to_close
        case _:
            facts = {
                "offense": state.offenses,
                "points": points,
                "balance": state.balance,
                "threshold": one.rules.points.closure_balance,
            }
    offense = state.offenses if one.event.kind is EventKind.FINDING else None
    return LedgerEntry(one.event, offense, points, state.balance, effect, reason, facts)


def civil_year(at: datetime) -> int:
    """Return the year an instant falls in where the rules are at home."""
    return at.astimezone(_CIVIL).year


def clear_years(rules: Rulebook, state: State, year: int) -> None:
    """Clear a small balance at the turn of the year, where the program says so.

    A balance that a suspension has brought is kept; so is the number of offenses.
    """
    if rules.points.yearly_clearing and state.year is not None and year > state.year:
        kept = min(
            (s.points for s in rules.points.schedule if s.measure == "suspension"),
            default=rules.points.closure_balance,
        )
        if not state.closed and state.balance < kept:
            state.balance = 0
    # A clock that was put back makes no year turn twice.
    state.year = year if state.year is None else max(state.year, year)
