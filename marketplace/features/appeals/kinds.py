"""Words of appeals: on what one rests, where it stands."""

from __future__ import annotations

from enum import StrEnum


class AppealGround(StrEnum):
    """What the owner says is wrong."""

    FACTS = "facts"
    EVIDENCE = "evidence"
    RULE = "rule"
    PROCEDURE = "procedure"
    OTHER = "other"


class AppealStatus(StrEnum):
    """Where an appeal stands; settled is one whose case fell away before it was decided."""

    FILED = "filed"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"
