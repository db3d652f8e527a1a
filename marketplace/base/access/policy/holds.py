"""Who may do what with payment holds."""

from __future__ import annotations

from marketplace.base.access.policy.groups import (
    OFFICE,
    OFFICER,
    SEEN_BY_OFFICE,
    SEEN_BY_OWNER_AND_OFFICE,
    SYSTEM,
    Row,
)

ROWS: dict[str, Row] = {
    "record_takings": OFFICER,
    "place_hold": OFFICE,
    # Anybody of the office but who placed it; the commands know who that was.
    "confirm_hold": OFFICE,
    "extend_hold": OFFICE,
    "release_hold": OFFICE,
    "expire_holds": SYSTEM,
    "list_holds": SEEN_BY_OWNER_AND_OFFICE,
    "get_hold": SEEN_BY_OWNER_AND_OFFICE,
    "preview_hold": SEEN_BY_OFFICE,
    "prove_books": SEEN_BY_OFFICE,
    "list_movements": SEEN_BY_OFFICE,
}
