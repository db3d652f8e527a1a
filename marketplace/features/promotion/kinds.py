"""Words of promotion: collections, slots, re-checks."""

from __future__ import annotations

from enum import StrEnum


class CollectionStatus(StrEnum):
    """Where a featured collection stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class SlotKind(StrEnum):
    """How a product came to a slot."""

    PINNED = "pinned"
    ROTATION = "rotation"
    RESERVE = "reserve"


class SlotStatus(StrEnum):
    """A held slot shows nothing and waits; a removed one is history."""

    ACTIVE = "active"
    HELD = "held"
    REMOVED = "removed"


class RecheckKind(StrEnum):
    """The two checks before a collection opens."""

    T24 = "t24"
    T1 = "t1"


class WindowStatus(StrEnum):
    """异议期 before a first featuring."""

    OPEN = "open"
    OBJECTED = "objected"
    CLEARED = "cleared"
    UPHELD = "upheld"
