"""Who may read and write the past: the owner his own, the office; never a marketer."""

from __future__ import annotations

from marketplace.base.access.policy.groups import (
    HEAD,
    OFFICER,
    SEEN_BY_OFFICE,
    SEEN_BY_OWNER_AND_OFFICE,
    Row,
)

ROWS: dict[str, Row] = {
    "record_earlier_record": OFFICER,
    "record_earlier_records": OFFICER,
    "withdraw_earlier_record": OFFICER,
    "take_back_earlier_record": OFFICER,
    "disclose": HEAD,
    "withdraw_disclosure": HEAD,
    "view_disclosure": OFFICER,
    "list_earlier_records": SEEN_BY_OWNER_AND_OFFICE,
    "find_disclosure": {**SEEN_BY_OFFICE, **HEAD},
    "get_own_disclosure": HEAD,
    "list_disclosure_views": {**SEEN_BY_OFFICE, **HEAD},
}
