"""Who may list and feature; marketers work here and nowhere near cases."""

from __future__ import annotations

from marketplace.base.access.actor import Role
from marketplace.base.access.policy.groups import MARKETER, OFFICE, OFFICER, PUBLIC, SYSTEM, Row
from marketplace.base.access.reach import Reach

_SEEN: Row = {**MARKETER, **OFFICE, Role.AUDITOR: Reach.PROGRAM}
_LISTING: Row = {**MARKETER, Role.OFFICER: Reach.PROGRAM, Role.OWNER: Reach.OWN}

ROWS: dict[str, Row] = {
    "record_listing": _LISTING,
    "end_listing": _LISTING,
    "record_listings": OFFICER,
    "take_back_listing": OFFICER,
    "record_objection": {**OFFICE, Role.RIGHT_HOLDER: Reach.PROGRAM},
    "decide_objection": OFFICE,
    "list_products_in_objection_window": {
        **_SEEN,
        Role.RIGHT_HOLDER: Reach.PROGRAM,
    },
    "list_objections": {**OFFICE, Role.AUDITOR: Reach.PROGRAM},
    "list_decided_objections": {**OFFICE, Role.AUDITOR: Reach.PROGRAM},
    "clear_due_windows": SYSTEM,
    "create_collection": MARKETER,
    "edit_collection": MARKETER,
    "publish_collection": MARKETER,
    "withdraw_collection": MARKETER,
    "pin_product": MARKETER,
    "remove_slot": MARKETER,
    "move_slot": MARKETER,
    "fill_by_rotation": MARKETER,
    "undo_fill": MARKETER,
    "run_recheck": SYSTEM,
    "release_held_slots": SYSTEM,
    "list_offers": _SEEN,
    "get_eligibility": {**_SEEN, Role.OWNER: Reach.OWN},
    "check_items": MARKETER,
    "list_listings": {**_SEEN, Role.OWNER: Reach.OWN},
    "list_listed_products": {**OFFICE, Role.AUDITOR: Reach.PROGRAM},
    "list_collections": _SEEN,
    "get_collection": _SEEN,
    "get_collection_preview": _SEEN,
    "list_slots": _SEEN,
    "export_collection": MARKETER,
    "list_public_collections": PUBLIC,
    "get_public_collection": PUBLIC,
    "get_public_scans": PUBLIC,
    "list_public_listings": PUBLIC,
    "list_public_stores": PUBLIC,
}
