"""What payment holds announce."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.features.holds.kinds import MovementKind


@dataclass(frozen=True, slots=True)
class HoldProposed:
    """An amount above the threshold waits for a second person; nothing is held yet."""

    hold_id: int
    program: str
    store_id: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """An amount is held, with its statement of reasons."""

    hold_id: int
    program: str
    store_id: int
    operator_id: int | None
    amount_fen: int


@dataclass(frozen=True, slots=True)
class HoldExtended:
    """A hold goes on after its review, with a statement of its own."""

    hold_id: int
    program: str
    store_id: int
    operator_id: int | None


@dataclass(frozen=True, slots=True)
class HoldReleased:
    """Money was let go, against a receipt; `is_ended` where nothing is left of the hold."""

    hold_id: int
    program: str
    store_id: int
    operator_id: int | None
    amount_fen: int
    kind: MovementKind
    receipt: str
    is_ended: bool
