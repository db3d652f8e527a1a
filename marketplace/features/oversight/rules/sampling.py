"""Names decisions in frames and draws; the drawing itself is `base.seeding`."""

from __future__ import annotations

from marketplace.base.seeding import ALGORITHM, draw, frame_digest
from marketplace.features.oversight.kinds import DecisionKind

__all__ = ["ALGORITHM", "draw", "frame_digest", "key_of"]


def key_of(kind: DecisionKind, entity_id: int) -> str:
    """Return the key of a decision in frames and draws."""
    return f"{kind.value}:{entity_id}"
