"""Words of progress: enrollment, certification, inspection."""

from __future__ import annotations

from enum import StrEnum


class EnrollmentStatus(StrEnum):
    """入库 state of an operator."""

    APPLIED = "applied"
    ENROLLED = "enrolled"
    PAUSED = "paused"
    GRADUATED = "graduated"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


# Out of the program: nothing is the next step of such a firm.
LEFT = frozenset({EnrollmentStatus.WITHDRAWN, EnrollmentStatus.REMOVED})


class CertificationStatus(StrEnum):
    """Where one condition of one factory stands."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class InspectionKind(StrEnum):
    """Why an inspection took place."""

    FIRST = "first"
    PERIODIC = "periodic"
    FOLLOW_UP = "follow_up"


class InspectionResult(StrEnum):
    """What an inspection found."""

    PASSED = "passed"
    CORRECTIVE_ACTION = "corrective_action"
    FAILED = "failed"
