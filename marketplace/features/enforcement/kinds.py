"""Words of enforcement: origins, states of a finding, entries of the points ledger."""

from __future__ import annotations

from enum import StrEnum


class Origin(StrEnum):
    """Where a finding came from; every one has an origin."""

    PROACTIVE_MODEL = "proactive_model"
    RIGHT_HOLDER = "right_holder"
    CONSUMER = "consumer"
    INSPECTION = "inspection"
    APPRAISAL = "appraisal"


class FindingStatus(StrEnum):
    """Suspected until decided."""

    SUSPECTED = "suspected"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    OVERTURNED = "overturned"


class FindingBasis(StrEnum):
    """A case can be scored; a monthly report counts in rates and is never scored."""

    CASE = "case"
    MONTHLY_REPORT = "monthly_report"


class EntryKind(StrEnum):
    """Entries of the points ledger; it only grows."""

    SCORE = "score"
    COMPLAINT = "complaint"
    REVERSAL = "reversal"


class Measure(StrEnum):
    """What follows from an offense."""

    WARNING = "warning"
    POINTS = "points"
    SUSPENSION = "suspension"
    CLOSURE = "closure"


class ReportStatus(StrEnum):
    """Where a report from the public stands."""

    NEW = "new"
    SEEN = "seen"
