"""Who may record, decide and read findings; marketers have no row."""

from __future__ import annotations

from marketplace.base.access.policy.groups import (
    OFFICE,
    OFFICER,
    OWNER,
    PUBLIC,
    SEEN_BY_OFFICE,
    SEEN_BY_OWNER_AND_OFFICE,
    SYSTEM,
    Row,
)

ROWS: dict[str, Row] = {
    "record_finding": OFFICE,
    "hear_owner": OFFICE,
    "decide_finding": OFFICE,
    # Anybody of the office but whoever recorded or decided it; the command knows who that was.
    "overturn_finding": OFFICE,
    "score_finding": OFFICE,
    "reverse_finding": OFFICE,
    "count_complaint": OFFICE,
    "reverse_complaint": OFFICE,
    "clear_years": SYSTEM,
    "add_evidence": OFFICE,
    "hand_over_evidence": OFFICE,
    "suspend_pending_decision": OFFICE,
    "lift_pending_suspension": OFFICE,
    "submit_plan": OWNER,
    "answer_plan": OFFICE,
    "end_due_suspensions": SYSTEM,
    "report_course_done": OWNER,
    "confirm_course": OFFICE,
    "record_monthly_findings": OFFICER,
    "record_near_miss": OFFICER,
    "report_product": PUBLIC,
    "mark_report_seen": OFFICER,
    "list_findings": SEEN_BY_OWNER_AND_OFFICE,
    "get_finding": SEEN_BY_OWNER_AND_OFFICE,
    "points_of_factory": SEEN_BY_OWNER_AND_OFFICE,
    "list_offenses": SEEN_BY_OWNER_AND_OFFICE,
    "get_statement": SEEN_BY_OWNER_AND_OFFICE,
    "list_statements": SEEN_BY_OWNER_AND_OFFICE,
    "count_statements": SEEN_BY_OFFICE,
    "list_evidence": SEEN_BY_OWNER_AND_OFFICE,
    "get_detail": SEEN_BY_OWNER_AND_OFFICE,
    "state_of_store_at": SEEN_BY_OWNER_AND_OFFICE,
    "find_pending_suspension": SEEN_BY_OWNER_AND_OFFICE,
    "list_suspensions": SEEN_BY_OWNER_AND_OFFICE,
    "list_courses": SEEN_BY_OWNER_AND_OFFICE,
    "list_reports": SEEN_BY_OFFICE,
}
