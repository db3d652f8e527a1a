"""Who may enroll, certify and inspect."""

from __future__ import annotations

from marketplace.base.access.policy.groups import (
    HEAD,
    OFFICE,
    OFFICER,
    OWNER_AND_OFFICER,
    REVIEWER,
    SEEN_BY_OFFICE,
    SEEN_BY_OWNER_AND_OFFICE,
    SYSTEM,
    Row,
)

ROWS: dict[str, Row] = {
    "apply_enrollment": OWNER_AND_OFFICER,
    "accept_enrollment": OFFICE,
    "return_application": OFFICE,
    "change_enrollment": OFFICE,
    "leave_program": HEAD,
    "withdraw_application": OWNER_AND_OFFICER,
    "reverse_enrollment": REVIEWER,
    "submit_certification": OWNER_AND_OFFICER,
    "decide_certification": OFFICE,
    "withdraw_certification": OWNER_AND_OFFICER,
    "expire_certifications": SYSTEM,
    "record_inspection": OFFICER,
    "find_enrollment": SEEN_BY_OWNER_AND_OFFICE,
    "list_enrollments": SEEN_BY_OFFICE,
    "get_standing": SEEN_BY_OWNER_AND_OFFICE,
    "standings": SEEN_BY_OFFICE,
    "list_submitted_certifications": SEEN_BY_OFFICE,
    "list_expiring": SEEN_BY_OFFICE,
    "get_certification": SEEN_BY_OWNER_AND_OFFICE,
    "list_evidence": SEEN_BY_OWNER_AND_OFFICE,
    "list_inspections": SEEN_BY_OWNER_AND_OFFICE,
}
