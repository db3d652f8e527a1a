"""One decision of a person, whatever it decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marketplace.features.oversight.kinds import DecisionKind


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what, when; `submitted_at` is None where it is not known for this decision.

    `people` are all accounts with a hand in it: who recorded, agreed first, decided.
    """

    kind: DecisionKind
    entity_id: int
    at: datetime
    by: int
    submitted_at: datetime | None
    operator_id: int | None
    factory_id: int | None
    district: str | None
    people: frozenset[int]
    outcome: StrEnum

    @property
    def minutes(self) -> float | None:
        """Minutes from submission to decision; None where not known or out of order."""
        if self.submitted_at is None or self.submitted_at > self.at:
            return None
        return (self.at - self.submitted_at).total_seconds() / 60
