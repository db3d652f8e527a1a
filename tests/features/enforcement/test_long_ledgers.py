"""Stores with thousands of events: a reversal leaves what would be without, at a bearable price."""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.base.rulebook import Rulebook, load_rulebook
from marketplace.base.settings import ROOT
from marketplace.features.enforcement.ledger import EventKind, StoreEvent, StoreLedger, replay

RULES = load_rulebook(ROOT / "programs" / "putian-footwear.toml")
BEGIN = datetime(2024, 6, 1, tzinfo=UTC)
F, C, R = EventKind.FINDING, EventKind.UPHELD_COMPLAINT, EventKind.REVERSAL


def version(**changes: object) -> Rulebook:
    return RULES.model_copy(update={"points": RULES.points.model_copy(update=changes)})


VERSIONS = (
    RULES,
    version(yearly_clearing=True),
    version(complaint_window_hours=24),
    version(brand_complaints_to_close=2),
    version(closure_balance=75),
)


def fresh(standing: dict[str, tuple[StoreEvent, Rulebook]], rules: Rulebook, at: datetime):
    ledger = StoreLedger(rules)
    for one, judged_by in standing.values():
        ledger.take(one, judged_by)
    ledger.pass_time(at)
    return ledger


def where(ledger: StoreLedger):
    return ledger.balance, ledger.is_closed, ledger.offenses, ledger.complaints


@pytest.mark.parametrize("versions", [VERSIONS[:1], VERSIONS[1:2], VERSIONS])
@pytest.mark.parametrize("weights", [(5, 5, 3), (1, 9, 5), (3, 3, 6)])
def test_after_a_reversal_a_store_stands_as_if_the_event_had_never_been(versions, weights):
    rng = random.Random(f"{len(versions)}{weights}")
    reversals = opened = 0
    for _ in range(60):
        ledger, at = StoreLedger(versions[0]), BEGIN
        standing: dict[str, tuple[StoreEvent, Rulebook]] = {}
        for n in range(40):
            at += timedelta(hours=rng.randint(0, 100))
            kind = rng.choices((F, C, R), weights)[0]
            if kind is R and standing:
                target = rng.choice(list(standing))
                was = ledger.is_closed
                ledger.take(StoreEvent("S", at, R, f"r{n}", "", target))
                del standing[target]
                assert where(ledger) == where(fresh(standing, versions[0], at))
                reversals += 1
                opened += was and not ledger.is_closed
            elif kind is not R:
                brand = rng.choice(("甲", "乙", "丙 ", "")) if kind is C else ""
                one = StoreEvent("S", at, kind, f"e{n}", brand), rng.choice(versions)
                standing[one[0].ref] = one
                ledger.take(*one)
    assert reversals > 300
    assert opened > 10


def undone(kind: EventKind, count: int, *, brand: str, oldest_first: bool) -> list[StoreEvent]:
    """As many events of one store, then a reversal of every one; "#" in a brand is its number."""
    made = [
        StoreEvent("S", BEGIN + timedelta(minutes=n), kind, f"e{n}", brand.replace("#", str(n)))
        for n in range(count)
    ]
    order = made if oldest_first else made[::-1]
    after = BEGIN + timedelta(minutes=count)
    return [*made, *(StoreEvent("S", after, R, f"r{e.ref}", "", e.ref) for e in order)]


def steps(events: list[StoreEvent]) -> int:
    """Count the calls into the working out of a state, whatever the machine's speed."""
    calls = 0

    def counting(frame, what, _):
        nonlocal calls
        calls += what == "call" and frame.f_code.co_filename.endswith("ledger/state.py")

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        entries = replay(RULES, events)
    finally:
        sys.setprofile(before)
    assert (entries[-1].balance, entries[-1].points) == (0, 0)
    return calls


@pytest.mark.parametrize("oldest_first", [True, False])
@pytest.mark.parametrize(("kind", "brand"), [(F, ""), (C, "brand #"), (C, "")])
def test_twice_the_events_take_no_more_than_about_twice_the_steps(kind, brand, oldest_first):
    once, twice = (
        steps(undone(kind, count, brand=brand, oldest_first=oldest_first))
        for count in (400, 800)
    )
    assert twice < 2.2 * once
