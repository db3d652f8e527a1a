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
