"""Who may do what with links between stores and their review; owners and marketers have no row.

A link is a suspicion under examination (domain §6: open investigations are protected).
"""

from __future__ import annotations

from marketplace.base.access.policy.groups import (
    OFFICE,
    OFFICER,
    REVIEWER,
    SEEN_BY_OFFICE,
    Row,
    with_system,
)

ROWS: dict[str, Row] = {
    "record_trait": OFFICER,
    "record_traits": OFFICER,
    "refresh_links": with_system(OFFICE),
    "open_reviews": with_system(OFFICE),
    "open_for_closed": with_system(OFFICE),
    "cut_link": OFFICE,
    "restore_link": REVIEWER,
    "decide_review": OFFICE,
    "list_links": SEEN_BY_OFFICE,
    "get_group": SEEN_BY_OFFICE,
    "group_of_factory": SEEN_BY_OFFICE,
    "list_reviews": SEEN_BY_OFFICE,
    "get_review": SEEN_BY_OFFICE,
}
