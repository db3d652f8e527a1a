"""Words of the compliance score."""

from __future__ import annotations

from enum import StrEnum


class DisputeStatus(StrEnum):
    """Where an owner's dispute of a component stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
