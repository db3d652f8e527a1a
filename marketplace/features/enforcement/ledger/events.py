"""What happens to a store's ledger, and what the ledger answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


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
