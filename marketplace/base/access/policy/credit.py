"""Who may read and dispute the compliance score; nothing of it leaves the house."""

from __future__ import annotations

from marketplace.base.access.policy.groups import (
    OFFICE,
    OWNER,
    SEEN_BY_OWNER_AND_OFFICE,
    Row,
)

ROWS: dict[str, Row] = {
    "get_score": SEEN_BY_OWNER_AND_OFFICE,
    "list_disputes": SEEN_BY_OWNER_AND_OFFICE,
    "file_dispute": OWNER,
    "decide_dispute": OFFICE,
}
