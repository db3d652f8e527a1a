"""What a newly decided finding does to a store, and what taking one back does.

Pure. The arithmetic is that of `ledger`, replayed over the store's entries, so that the
application and `replay-points` cannot disagree. Source: domain rules 9 and 10 (interview of
February 2015); the figures come from the program file. It must not look at earlier records or
links: they never score. Upheld complaints never score either; enough of one brand close.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.base.clock import add_working_days, civil_day
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import fold_name
from marketplace.features.enforcement.kinds import EntryKind, Measure
from marketplace.features.enforcement.ledger import (
    Effect,
    EventKind,
    LedgerEntry,
    StoreEvent,
    StoreLedger,
)

Versions = Mapping[str, Rulebook]  # rule text by its SHA-256
_COUNTS = frozenset({"complaint_counted", "complaints_close"})
_STORE = "this"  # the events of one store: its name plays no part


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry of a store's ledger, oldest first; `reverses` is the entry a reversal undoes.

    `rules_sha256` names the version of the rules that judged it.
    """

    entry_id: int
    kind: EntryKind
    points: int
    reverses: int | None
    at: datetime
    brand: str = ""
    rules_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """What a newly decided finding does: offense number, points, balance after, measure.

    `measure` is None when the store was closed before: kept on record, no points.
    """

    offense: int
    points: int
    balance: int
    measure: Measure | None
    suspension_days: int
    closes: bool


def balance_of(lines: Iterable[LedgerLine]) -> int:
    """Return the sum of a ledger in points."""
    return sum(line.points for line in lines)


def offenses_standing(lines: Iterable[LedgerLine]) -> int:
    """Return how many scored findings have not been reversed."""
    lines = list(lines)
    reversed_ids = {line.reverses for line in lines if line.reverses is not None}
    return sum(
        1
        for line in lines
        if line.kind is EntryKind.SCORE and line.entry_id not in reversed_ids
    )


def score_next(
    rulebook: Rulebook,
    lines: Iterable[LedgerLine],
    at: datetime,
    versions: Versions | None = None,
) -> Score:
    """Return what the next offense of a store means.

    The store closes when the balance reaches the threshold (a threshold, not an equality:
    0 + 2 + 24 + 24 = 50).
    """
    ledger = _replayed(rulebook, lines, versions)
    entry = ledger.take(StoreEvent(_STORE, at, EventKind.FINDING, "next"))
    closes = entry.effect is Effect.CLOSURE
    known = entry.effect is not Effect.ALREADY_CLOSED
    offense = entry.offense or 0
    step = rulebook.points_for_offense(offense)
    return Score(
        offense=offense,
        points=entry.points,
        balance=entry.balance,
        measure=Measure(entry.effect.value) if known else None,
        suspension_days=step.suspension_days if known and not closes else 0,
        closes=closes,
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """What an upheld complaint did; `reason` and `facts` name its words."""

    closes: bool
    already_closed: bool
    reason: str
    facts: dict[str, object]


def count_next(
    rulebook: Rulebook,
    lines: Iterable[LedgerLine],
    *,
    brand: str,
    at: datetime,
    versions: Versions | None = None,
) -> Counted:
    """Return what the next upheld complaint of a brand does to a store."""
    ledger = _replayed(rulebook, lines, versions)
    event = StoreEvent(_STORE, at, EventKind.UPHELD_COMPLAINT, "next", brand=brand)
    entry = ledger.take(event)
    return Counted(
        closes=entry.effect is Effect.CLOSURE,
        already_closed=entry.effect is Effect.ALREADY_CLOSED,
        reason=entry.reason,
        facts=dict(entry.facts),
    )


def counted_with(
    rulebook: Rulebook,
    lines: Iterable[LedgerLine],
    *,
    brand: str | None = None,
    versions: Versions | None = None,
) -> tuple[int, ...]:
    """Return the entries of the complaints that count, oldest first; of one brand where given."""
    ledger = _replayed(rulebook, lines, versions)
    return tuple(
        int(one.event.ref)
        for one in ledger.standing()
        if one.reason in _COUNTS
        and (brand is None or fold_name(one.event.brand) == fold_name(brand))
    )


@dataclass(frozen=True, slots=True)
class Undone:
    """What a reversal does: the change of the balance, whether a closed store is open again.

    `suspending` are the score entries that still bring a suspension once the others are numbered
    anew; a suspension of any other entry has lost its ground.
    """

    points: int
    reopens: bool
    suspending: frozenset[int]


def take_back(
    rulebook: Rulebook,
    lines: Iterable[LedgerLine],
    *,
    entry_id: int,
    at: datetime,
    versions: Versions | None = None,
) -> Undone:
    """Return what taking an entry back changes: later ones are numbered anew.

    Of four offenses (50 points) the first taken back leaves three: 0 + 2 + 24 = 26, so -24.
    """
    ledger = _replayed(rulebook, lines, versions)
    event = StoreEvent(_STORE, at, EventKind.REVERSAL, "undo", target_ref=str(entry_id))
    entry = ledger.take(event)
    return Undone(
        points=entry.points,
        reopens=entry.effect is Effect.REOPENED,
        suspending=frozenset(
            int(one.event.ref)
            for one in ledger.standing()
            if one.effect in {Effect.SUSPENSION, Effect.CLOSURE}
        ),
    )


def cleared_by_now(
    rulebook: Rulebook,
    lines: Iterable[LedgerLine],
    at: datetime,
    versions: Versions | None = None,
) -> int:
    """Return the points the turn of the year takes from the sum of a ledger; 0 or less.

    A clearing that was written stands in the sum already and is not taken twice.
    """
    lines = list(lines)
    ledger = _replayed(rulebook, lines, versions)
    ledger.pass_time(at)
    return min(0, ledger.balance - balance_of(lines))


@dataclass(frozen=True, slots=True)
class StateThen:
    """A store as its ledger had it at an instant, and every entry that brought it there.

    `entries` say what each did when it was written, `standing` what those not taken back count
    for together; `closed_by` is the one of these that closes the store.
    """

    balance: int
    offenses: int
    closed: bool
    complaints: Mapping[str, int]
    entries: tuple[LedgerEntry, ...]
    standing: tuple[LedgerEntry, ...]

    @property
    def closed_by(self) -> LedgerEntry | None:
        """The entry that closes the store, or None while it is open."""
        return next((e for e in self.standing if e.effect is Effect.CLOSURE), None)


def state_at(
    rulebook: Rulebook,
    lines: Iterable[LedgerLine],
    at: datetime,
    versions: Versions | None = None,
) -> StateThen:
    """Return where a store stood at an instant (inclusive) and why, by replaying until then.

    Entries stand in the order they were written, whatever a clock that was put back has told:
    all up to the last one of that instant or earlier are taken.
    """
    ledger = StoreLedger(rulebook)
    lines = list(lines)
    until = max((n for n, line in enumerate(lines, start=1) if line.at <= at), default=0)
    before = lines[:until]
    entries = _take_all(ledger, rulebook, before, versions)
    ledger.pass_time(at)
    return StateThen(
        balance=ledger.balance,
        offenses=ledger.offenses,
        closed=ledger.is_closed,
        complaints=ledger.complaints,
        entries=tuple(entries),
        standing=tuple(ledger.standing()),
    )


def last_hearing_day(rulebook: Rulebook, recorded_at: datetime) -> date:
    """Return the last of the working days in which the owner may state his side (陈述申辩)."""
    return add_working_days(
        civil_day(recorded_at), rulebook.intake.hearing_working_days, rulebook.calendar
    )


def plan_due_on(rulebook: Rulebook, suspended_at: datetime) -> date:
    """Return the last day to hand in a rectification plan, so that its answer fits the term."""
    return civil_day(suspended_at) + timedelta(days=rulebook.enforcement.measures.plan_days)


_EVENT_OF = {
    EntryKind.SCORE: EventKind.FINDING,
    EntryKind.COMPLAINT: EventKind.UPHELD_COMPLAINT,
    EntryKind.REVERSAL: EventKind.REVERSAL,
}


def _replayed(
    rulebook: Rulebook, lines: Iterable[LedgerLine], versions: Versions | None
) -> StoreLedger:
    ledger = StoreLedger(rulebook)
    _take_all(ledger, rulebook, lines, versions)
    return ledger


def _take_all(
    ledger: StoreLedger,
    rulebook: Rulebook,
    lines: Iterable[LedgerLine],
    versions: Versions | None,
) -> list[LedgerEntry]:
    """Replay entries, each under the version that judged it; a clearing follows by itself."""
    known = versions or {}
    return [
        ledger.take(
            StoreEvent(
                store=_STORE,
                at=line.at,
                kind=_EVENT_OF[line.kind],
                ref=str(line.entry_id),
                brand=line.brand,
                target_ref="" if line.reverses is None else str(line.reverses),
            ),
            known.get(line.rules_sha256, rulebook),
        )
        for line in lines
        if line.kind is not EntryKind.CLEARING
    ]
