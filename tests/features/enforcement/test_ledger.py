"""The points ledger: the rules of the interview, replayed; a short reference says the same."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.base.rulebook import load_rulebook
from marketplace.base.settings import ROOT
from marketplace.features.enforcement.ledger import (
    Effect,
    EventKind,
    StoreEvent,
    StoreLedger,
    in_order,
    replay,
)

RULES = load_rulebook(ROOT / "programs" / "putian-footwear.toml")
START = datetime(2024, 1, 1, tzinfo=UTC)
F, C, R = EventKind.FINDING, EventKind.UPHELD_COMPLAINT, EventKind.REVERSAL


def event(kind, ref, *, store="S", hours=0, brand="", target=""):
    return StoreEvent(store, START + timedelta(hours=hours), kind, ref, brand, target)


def findings(count, store="S"):
    return [event(F, f"{store}f{n}", store=store, hours=n) for n in range(1, count + 1)]


def told(entries):
    return [(e.offense, e.points, e.balance, e.effect.value) for e in entries]


def test_the_schedule_of_the_interview():
    # 0 + 2 + 24 + 24 = 50: closure is a threshold of 48, not an equality.
    assert told(replay(RULES, findings(5))) == [
        (1, 0, 0, "warning"),
        (2, 2, 2, "points"),
        (3, 24, 26, "suspension"),
        (4, 24, 50, "closure"),
        (5, 0, 50, "already_closed"),
    ]


def test_a_reversal_renumbers_what_follows_and_may_reopen():
    entries = replay(RULES, [*findings(4), event(R, "r", hours=9, target="Sf2")])
    # Left: three findings, 0 + 2 + 24 = 26 points; 26 - 50 = -24.
    assert told(entries)[-1] == (None, -24, 26, "reopened")
    again = replay(
        RULES, [*findings(4), event(R, "r", hours=9, target="Sf2"), event(F, "x", hours=10)]
    )
    assert told(again)[-1] == (4, 24, 50, "closure")


def test_a_finding_kept_after_closure_is_scored_once_the_closure_falls():
    events = [*findings(5), event(R, "r1", hours=6, target="Sf4")]
    # The fifth moves up to fourth: still 50 points, still closed.
    assert told(replay(RULES, events))[-1] == (None, 0, 50, "none")
    events.append(event(R, "r2", hours=7, target="Sf5"))
    assert told(replay(RULES, events))[-1] == (None, -24, 26, "reopened")


def test_three_upheld_complaints_of_one_brand_close_by_themselves():
    entries = replay(
        RULES,
        [
            event(C, "a1", brand="甲牌", hours=0),
            event(C, "b1", brand="乙牌", hours=1),
            event(C, "a2", brand="甲牌 ", hours=72),  # exactly 72 h is not less than 72 h
            event(C, "a3", brand="甲牌", hours=143),  # 71 h after the last counted one
            event(C, "a4", brand="甲牌", hours=144),
            event(C, "b2", brand="乙牌", hours=300),
        ],
    )
    assert [e.effect.value for e in entries] == [
        "none",
        "none",
        "none",
        "none",
        "closure",
        "already_closed",
    ]
    assert [e.reason for e in entries][3] == "complaint_too_soon"
    assert {e.points for e in entries} == {0}


def test_the_window_runs_from_the_last_counted_complaint_not_from_the_last_one():
    hours = (0, 48, 73, 146)  # 48 is too soon after 0; 73 is 73 after 0, though 25 after 48
    entries = replay(RULES, [event(C, f"c{h}", brand="甲", hours=h) for h in hours])
    assert [e.effect.value for e in entries] == ["none", "none", "none", "closure"]


def test_a_reversed_complaint_lets_one_count_that_was_too_soon():
    events = [event(C, f"c{h}", brand="甲", hours=h) for h in (0, 48, 140, 220)]
    # Counted: 0, 140, 220: closed. Without 0: 48, 140 (92 h), 220 (80 h): closed still.
    closed = replay(RULES, [*events, event(R, "r", hours=300, target="c0")])
    assert [e.effect.value for e in closed][-2:] == ["closure", "none"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("nothing", "target_unknown"),
        ("Tf1", "target_foreign"),
        ("r0", "target_is_reversal"),
        ("Sf1", "target_reversed"),
    ],
)
def test_a_reversal_of_what_cannot_be_reversed_is_refused(target, reason):
    entries = replay(
        RULES,
        [
            *findings(2),
            *findings(1, store="T"),
            event(R, "r0", hours=5, target="Sf1"),
            event(R, "r1", hours=6, target=target),
        ],
    )
    assert (entries[-1].effect, entries[-1].reason) == (Effect.REFUSED, reason)
    assert (entries[-1].points, entries[-1].balance) == (0, 0)


def test_a_repeated_ref_is_refused_and_changes_nothing():
    entries = replay(RULES, [event(F, "x"), event(F, "x", hours=1), event(F, "y", hours=2)])
    assert told(entries) == [(1, 0, 0, "warning"), (None, 0, 0, "refused"), (2, 2, 2, "points")]


def test_a_higher_threshold_suspends_where_it_does_not_close():
    points = RULES.points.model_copy(update={"closure_balance": 75})
    lenient = RULES.model_copy(update={"points": points})
    # 0 + 2 + 24 + 24 + 24 = 74, then 98: the sixth closes.
    effects = [e.effect.value for e in replay(lenient, findings(6))]
    assert effects == ["warning", "points", "suspension", "suspension", "suspension", "closure"]


def test_yearly_clearing_is_off_here_and_keeps_a_balance_of_a_suspension_where_it_is_on():
    year = 366 * 24  # 2024 has 366 days
    small = [event(F, "a"), event(F, "b", hours=1), event(F, "c", hours=year + 9)]
    assert [e.balance for e in replay(RULES, small)] == [0, 2, 26]
    points = RULES.points.model_copy(update={"yearly_clearing": True})
    clearing = RULES.model_copy(update={"points": points})
    assert [e.balance for e in replay(clearing, small)] == [0, 2, 24]
    big = [*findings(3), event(F, "d", hours=year + 9)]
    assert [e.balance for e in replay(clearing, big)] == [0, 2, 26, 50]


# A reference in ten lines: no state is kept, every answer is counted from all that stands.
def reference(events):
    out, gone = [], set()
    for n, e in enumerate(events):
        before = [x for x in events[:n] if x.store == e.store and x.kind is not R]
        old = standing([x for x in before if x.ref not in gone])
        if e.kind is R:
            ok = any(x.ref == e.target_ref for x in before) and e.target_ref not in gone
            gone |= {e.target_ref} if ok else set()
        new = standing(
            [x for x in [*before, *([] if e.kind is R else [e])] if x.ref not in gone]
        )
        out.append((new[0] - old[0], new[0], new[1]))
    return out


def standing(events):
    cost, balance, counted, last, closed = [0, 2, 24], 0, {}, {}, False
    found = 0
    for e in events:
        found += e.kind is F
        if closed:
            continue
        if e.kind is F:
            balance += (cost + [24] * found)[found - 1]
            closed = balance >= 48
        elif e.brand not in last or e.at - last[e.brand] >= timedelta(hours=72):
            last[e.brand], counted[e.brand] = e.at, counted.get(e.brand, 0) + 1
            closed = counted[e.brand] >= 3
    return balance, closed


def some_events(rng: random.Random, length: int) -> list[StoreEvent]:
    events: list[StoreEvent] = []
    hours = 0
    for n in range(length):
        hours += rng.choice((0, 1, 24, 72, 100))
        kind = rng.choices((F, C, R), (5, 4, 3))[0]
        store = rng.choice("ST")
        target = rng.choice(events).ref if events and kind is R else ""
        brand = rng.choice("甲乙") if kind is C else ""
        events.append(
            event(kind, f"e{n}", store=store, hours=hours, brand=brand, target=target)
        )
    return events


def agree(seed: int) -> None:
    events = some_events(random.Random(seed), 14)
    entries = replay(RULES, events)
    closed: dict[str, bool] = {}
    for entry, (points, balance, is_closed) in zip(entries, reference(events), strict=True):
        assert (entry.points, entry.balance) == (points, balance), (seed, entry)
        was = closed.get(entry.event.store, False)
        assert (entry.effect is Effect.CLOSURE) == (is_closed and not was), (seed, entry)
        assert (entry.effect is Effect.REOPENED) == (was and not is_closed), (seed, entry)
        closed[entry.event.store] = is_closed


def test_random_sequences_agree_with_the_reference():
    for seed in range(1_000):
        agree(seed)


@pytest.mark.long
def test_ten_thousand_random_sequences_agree_with_the_reference():
    for seed in range(10_000):
        agree(seed)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_events_of_other_stores_change_nothing(seed, other):
    mine = [e for e in some_events(random.Random(seed), 16) if e.store == "S"]
    theirs = [
        StoreEvent("Z", e.at, e.kind, f"z{e.ref}", e.brand, f"z{e.target_ref}")
        for e in some_events(random.Random(other), 16)
    ]
    mixed = replay(RULES, in_order([*mine, *theirs]))
    alone = replay(RULES, mine)
    assert [e for e in mixed if e.event.store == "S"] == alone


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_a_reversal_at_once_restores_what_was(seed):
    ledger = StoreLedger(RULES)
    for one in (e for e in some_events(random.Random(seed), 16) if e.store == "S"):
        ledger.take(one)
    before = (ledger.balance, ledger.is_closed, ledger.offenses)
    ledger.take(event(F, "new", hours=9_000))
    ledger.take(event(R, "undo", hours=9_001, target="new"))
    assert (ledger.balance, ledger.is_closed, ledger.offenses) == before
