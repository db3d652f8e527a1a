"""Who may read across features."""

from __future__ import annotations

from marketplace.base.access.actor import Role
from marketplace.base.access.policy.groups import (
    MARKETER,
    OFFICE,
    OFFICER,
    OWNER,
    PUBLIC,
    SEEN_BY_OFFICE,
    SIGNED_IN,
    SYSTEM,
    Row,
)
from marketplace.base.access.reach import Reach

_HOLDER: Row = {Role.RIGHT_HOLDER: Reach.PROGRAM}

ROWS: dict[str, Row] = {
    "list_factories": SEEN_BY_OFFICE,
    "list_years": SEEN_BY_OFFICE,
    "list_offer_page": {**MARKETER, **OFFICE, Role.AUDITOR: Reach.PROGRAM},
    "list_shelf": PUBLIC,
    "list_todo": OFFICE,
    "list_office_todo": OFFICE,
    "list_ending": OFFICE,
    "list_own_tasks": OWNER,
    "list_undoable": OWNER,
    "list_own_deeds": SIGNED_IN,
    "keep_draft": SIGNED_IN,
    "find_draft": SIGNED_IN,
    "drop_draft": SIGNED_IN,
    "remind_factories": OFFICE,
    "remind_of_plans": SYSTEM,
    "compose_friday": OFFICE,
    "list_late": OFFICE,
    "recount": SEEN_BY_OFFICE,
    "list_friday_rows": SEEN_BY_OFFICE,
    "issue_friday": OFFICER,
    "compose_quarter": SEEN_BY_OFFICE,
    "recount_quarter": SEEN_BY_OFFICE,
    "list_causes": SEEN_BY_OFFICE,
    "issue_quarter": OFFICER,
    "reissue_quarter": OFFICER,
    "list_issues": SEEN_BY_OFFICE,
    "get_issue": SEEN_BY_OFFICE,
    "intake_figures": SEEN_BY_OFFICE,
    "complainants": SEEN_BY_OFFICE,
    "foresee_finding": SEEN_BY_OFFICE,
    "foresee_decision": SEEN_BY_OFFICE,
    "foresee_complaint": SEEN_BY_OFFICE,
    "own_reliability": _HOLDER,
}
