"""Reads enrollment, certification and inspection."""

from marketplace.features.progress.queries.enrollment import (
    EnrollmentRow,
    find_enrollment,
    is_enrolled,
    list_enrollments,
    time_zero,
)
from marketplace.features.progress.queries.standing import (
    CertificationRow,
    InspectionRow,
    Standing,
    get_certification,
    get_standing,
    list_evidence,
    list_expiring,
    list_inspections,
    list_submitted_certifications,
    standings,
)

__all__ = [
    "CertificationRow",
    "EnrollmentRow",
    "InspectionRow",
    "Standing",
    "find_enrollment",
    "get_certification",
    "get_standing",
    "is_enrolled",
    "list_enrollments",
    "list_evidence",
    "list_expiring",
    "list_inspections",
    "list_submitted_certifications",
    "standings",
    "time_zero",
]
