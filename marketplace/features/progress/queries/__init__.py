"""Reads enrollment, certification and inspection."""

from marketplace.features.progress.queries.enrollment import (
    EnrollmentRow,
    Membership,
    find_enrollment,
    find_membership,
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
    "Membership",
    "Standing",
    "find_enrollment",
    "find_membership",
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
