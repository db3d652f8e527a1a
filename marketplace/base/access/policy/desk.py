"""Who may read across features."""

from __future__ import annotations

from marketplace.base.access.policy.groups import OFFICE, SEEN_BY_OFFICE, Row

ROWS: dict[str, Row] = {
    "list_factories": SEEN_BY_OFFICE,
    "list_todo": OFFICE,
    "list_ending": OFFICE,
    "remind_factories": OFFICE,
    "compose_friday": OFFICE,
    "recount": SEEN_BY_OFFICE,
}
