"""The states and kinds of the register."""

from __future__ import annotations

from enum import StrEnum


class FactoryStatus(StrEnum):
    """Where a factory's entry in the register stands."""

    DRAFT = "draft"  # 待补代码
    REGISTERED = "registered"
    ARCHIVED = "archived"


class StoreStatus(StrEnum):
    """Whether a store may trade."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class HoldingStatus(StrEnum):
    """Whether an officer confirmed who operates a store."""

    DECLARED = "declared"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class EntityKind(StrEnum):
    """Whose field a value belongs to."""

    OPERATOR = "operator"
    FACTORY = "factory"


class ValueStatus(StrEnum):
    """What became of one source's value."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    CONFLICT = "conflict"  # waits for somebody to choose
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"  # its import was taken back


class ChangeStatus(StrEnum):
    """Where an owner's change request stands."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class ImportStatus(StrEnum):
    """Where an import stands; `running` with nobody at it was cut short."""

    RUNNING = "running"
    FINISHED = "finished"
    UNDOING = "undoing"
    UNDONE = "undone"
