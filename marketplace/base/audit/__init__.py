"""The audit chain: who did what, when, to what, before and after; found out when touched."""

from marketplace.base.audit.chain import GENESIS, entry_mac, record

__all__ = ["GENESIS", "entry_mac", "record"]
