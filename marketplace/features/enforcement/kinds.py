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
    CLEARING = "clearing"  # the turn of the year, where the program clears small balances


class Measure(StrEnum):
    """What follows from an offense."""

    WARNING = "warning"
    POINTS = "points"
    SUSPENSION = "suspension"
    CLOSURE = "closure"


class ReportTopic(StrEnum):
    """What a report from the public says is wrong."""

    LOOKS_FAKE = "looks_fake"
    WRONG_FACTS = "wrong_facts"
    QUALITY = "quality"
    OTHER = "other"


class ReportStatus(StrEnum):
    """Where a report from the public stands."""

    NEW = "new"
    SEEN = "seen"


class ViolationKind(StrEnum):
    """What kind of violation a finding is about."""

    COUNTERFEIT = "counterfeit"
    LOOK_ALIKE = "look_alike"
    MARK_MISUSE = "mark_misuse"
    DESIGN_COPY = "design_copy"
    FALSE_CLAIM = "false_claim"


class Intent(StrEnum):
    """Whether it was done knowingly; it never changes the points, it is said and recorded."""

    KNOWING = "knowing"
    UNKNOWING = "unknowing"


class StatementBasis(StrEnum):
    """What a statement of reasons rests on."""

    FINDING = "finding"
    COMPLAINTS = "complaints"
    PRIMA_FACIE = "prima_facie"
    PLAN_MISSING = "plan_missing"
    PAYMENT_HOLD = "payment_hold"


class MeasureKind(StrEnum):
    """What was done about a store or its listings."""

    TAKEDOWN = "takedown"
    WARNING = "warning"
    POINTS = "points"
    SUSPENSION = "suspension"
    INTERIM_SUSPENSION = "interim_suspension"
    CLOSURE = "closure"
    COURSE = "course"
    PAYMENT_HOLD = "payment_hold"


class MeasureEnd(StrEnum):
    """Why a measure ended."""

    SERVED = "served"
    LIFTED = "lifted"
    REVERSED = "reversed"
    EXPIRED = "expired"
    REPLACED = "replaced"  # a later statement carries it on


class PlanState(StrEnum):
    """Where the rectification plan of a suspension stands."""

    MISSING = "missing"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class CourseState(StrEnum):
    """Where a mandatory course stands."""

    ASSIGNED = "assigned"
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
