"""Who may record, decide and read findings; marketers have no row."""

from __future__ import annotations

from marketplace.base.access.policy.groups import (
    OFFICE,
    OFFICER,
    OWNER_AND_OFFICE,
    PUBLIC,
    REVIEWER,
    SEEN_BY_OFFICE,
    SEEN_BY_OWNER_AND_OFFICE,
    Row,
)

ROWS: dict[str, Row] = {
    "record_finding": OFFICE,
    "hear_owner": OWNER_AND_OFFICE,
    "decide_finding": OFFICE,
    "overturn_finding": REVIEWER,
    "score_finding": OFFICE,
    "reverse_finding": REVIEWER,
    "count_complaint": OFFICE,
    "reverse_complaint": REVIEWER,
    "record_monthly_findings": OFFICER,
    "record_near_miss": OFFICER,
    "report_product": PUBLIC,
    "mark_report_seen": OFFICER,
    "list_findings": SEEN_BY_OWNER_AND_OFFICE,
    "get_finding": SEEN_BY_OWNER_AND_OFFICE,
    "points_of_factory": SEEN_BY_OWNER_AND_OFFICE,
    "list_offenses": SEEN_BY_OWNER_AND_OFFICE,
    "list_reports": SEEN_BY_OFFICE,
}
