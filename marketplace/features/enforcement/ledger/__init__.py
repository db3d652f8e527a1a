"""The points ledger of a store, replayed from its events under one version of the rules.

Pure: the application and `replay-points` both decide here, so that they cannot disagree. Source
of the rules: domain.md §2, rules 9 and 10; every number comes from the program file.

- A decided finding is an offense; its number among the store's unreversed findings says what it
  costs. At the closing balance the store closes.
- Upheld complaints cost nothing; enough counted ones of one brand close the store by themselves.
  One too soon after the last counted complaint of the same brand does not count.
- A reversal takes its target out and everything is worked out anew; nothing is rewritten.
"""

from marketplace.features.enforcement.ledger.events import (
    Effect,
    EventKind,
    LedgerEntry,
    StoreEvent,
)
from marketplace.features.enforcement.ledger.replaying import (
    Replay,
    StoreLedger,
    in_order,
    replay,
)

__all__ = [
    "Effect",
    "EventKind",
    "LedgerEntry",
    "Replay",
    "StoreEvent",
    "StoreLedger",
    "in_order",
    "replay",
]
