"""Words of compliance: what exposure is counted in."""

from __future__ import annotations

from enum import StrEnum


class ExposureKind(StrEnum):
    """监测基数; kinds are never mixed across a before and after."""

    LISTED = "listed"
    CHECKED = "checked"
    SOLD = "sold"


class WaitKind(StrEnum):
    """What is waited for; a wait that goes on counts as waiting."""

    ENROLLMENT = "enrollment"
    EVIDENCE = "evidence"
    FIRST_PRODUCT = "first_product"


class QualityKind(StrEnum):
    """What can be wrong with the data of a figure, in the order it is shown."""

    MISSING = "missing"
    LATE = "late"
    DISAGREEING = "disagreeing"
    UNWATCHED = "unwatched"
    TOO_MANY = "too_many"
    UNHELD = "unheld"
