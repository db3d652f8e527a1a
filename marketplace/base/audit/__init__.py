"""The audit chain: who did what, when, to what, before and after; found out when touched."""

from marketplace.base.audit.anchors import (
    ANCHORS_FILE,
    export_chain,
    lacking_anchors,
    make_anchor,
    printed_digest,
    renew_anchor,
    verify,
)
from marketplace.base.audit.chain import (
    ActorLike,
    BrokenChainError,
    ensure_head,
    entry_mac,
    record,
)
from marketplace.base.audit.erasure import erase_person
from marketplace.base.audit.queries import (
    Change,
    Disclosure,
    EntryRow,
    actors_of,
    count_entries,
    list_actions,
    list_actors,
    list_entries,
)
from marketplace.base.audit.verifier import GENESIS, Anchor, Finding, Report, Trouble

__all__ = [
    "ANCHORS_FILE",
    "GENESIS",
    "ActorLike",
    "Anchor",
    "BrokenChainError",
    "Change",
    "Disclosure",
    "EntryRow",
    "Finding",
    "Report",
    "Trouble",
    "actors_of",
    "count_entries",
    "ensure_head",
    "entry_mac",
    "erase_person",
    "export_chain",
    "lacking_anchors",
    "list_actions",
    "list_actors",
    "list_entries",
    "make_anchor",
    "printed_digest",
    "record",
    "renew_anchor",
    "verify",
]
