"""The reports that are issued."""

from __future__ import annotations

from enum import StrEnum


class IssueKind(StrEnum):
    """Which report an issue is of; each counts its own numbers."""

    FRIDAY = "friday"
    QUARTER = "quarter"
