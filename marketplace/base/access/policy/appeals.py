"""Who may do what with appeals against findings and measures."""

from __future__ import annotations

from marketplace.base.access.policy.groups import (
    OFFICE,
    OWNER,
    PUBLIC,
    SEEN_BY_OWNER_AND_OFFICE,
    Row,
)

ROWS: dict[str, Row] = {
    "file_appeal": OWNER,
    "withdraw_appeal": OWNER,
    # Anybody of the office who had no part before; the command knows who that was.
    "decide_appeal": OFFICE,
    "list_appeals": SEEN_BY_OWNER_AND_OFFICE,
    "get_appeal": SEEN_BY_OWNER_AND_OFFICE,
    "may_decide": SEEN_BY_OWNER_AND_OFFICE,
    "find_doors": SEEN_BY_OWNER_AND_OFFICE,
    "count_outcomes": PUBLIC,  # published: counts without anybody's name
}
