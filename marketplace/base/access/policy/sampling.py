"""Who draws listings, looks at them, and reads what was seen; firms learn of a case, not of a draw."""

from __future__ import annotations

from marketplace.base.access.actor import Role
from marketplace.base.access.policy.groups import OFFICER, SEEN_BY_OFFICE, Row
from marketplace.base.access.reach import Reach

_OFFICER_AND_AUDITOR: Row = {**OFFICER, Role.AUDITOR: Reach.PROGRAM}

ROWS: dict[str, Row] = {
    "draw_listings": _OFFICER_AND_AUDITOR,
    "record_look": OFFICER,
    "correct_look": OFFICER,
    "list_unfinished_draws": SEEN_BY_OFFICE,
    "list_sample_draws": SEEN_BY_OFFICE,
    "get_sample_draw": SEEN_BY_OFFICE,
    "get_sampling_plan": SEEN_BY_OFFICE,
}
