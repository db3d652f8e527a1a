"""Who may do what in the catalog; the public reads only what is live."""

from __future__ import annotations

from marketplace.base.access.actor import Role
from marketplace.base.access.policy.groups import (
    OFFICE,
    OFFICER,
    OWNER,
    OWNER_AND_OFFICER,
    PUBLIC,
    REVIEWER,
    SEEN_BY_OWNER_AND_OFFICE,
    SYSTEM,
    Row,
    with_system,
)
from marketplace.base.access.reach import Reach

_SEEN: Row = {**SEEN_BY_OWNER_AND_OFFICE, Role.MARKETER: Reach.PROGRAM}

ROWS: dict[str, Row] = {
    "add_brand": OWNER_AND_OFFICER,
    "take_back_brand": OFFICER,
    "take_back_product": OFFICER,
    "edit_brand": OWNER_AND_OFFICER,
    "consent_to_story": OWNER,
    "revoke_story_consent": OWNER,
    "record_trademark": OWNER_AND_OFFICER,
    "check_trademark": OFFICE,
    "change_trademark_status": OFFICER,
    "end_license": OFFICER,
    "draft_product": OWNER_AND_OFFICER,
    "edit_product": OWNER_AND_OFFICER,
    "attach_photo": OWNER_AND_OFFICER,
    "detach_photo": OWNER_AND_OFFICER,
    "record_test_report": OWNER_AND_OFFICER,
    "submit_product": OWNER_AND_OFFICER,
    "decide_product": REVIEWER,
    "withdraw_product": OWNER,
    "recall_product": OFFICE,
    "suspend_product": OFFICE,
    "restore_product": REVIEWER,
    "lapse_product": with_system(OFFICE),
    "lapse_products_of_operator": SYSTEM,
    "expire_products": SYSTEM,
    "list_brands": SEEN_BY_OWNER_AND_OFFICE,
    "list_trademarks": SEEN_BY_OWNER_AND_OFFICE,
    "list_unchecked_marks": {Role.OFFICER: Reach.PROGRAM},
    "list_products": _SEEN,
    "count_products": _SEEN,
    "get_product": _SEEN,
    "product_items": SEEN_BY_OWNER_AND_OFFICE,
    "list_test_reports": SEEN_BY_OWNER_AND_OFFICE,
    "list_decisions": SEEN_BY_OWNER_AND_OFFICE,
    "list_lapses": _SEEN,
    "list_photos": _SEEN,
    "list_public_products": PUBLIC,
    "list_public_codes": PUBLIC,
    "get_public_product": PUBLIC,
    "list_public_brands": PUBLIC,
    "get_public_brand": PUBLIC,
    "get_public_detail": PUBLIC,
    "find_public_mark": PUBLIC,
    "find_by_code": PUBLIC,
    "count_public_outcomes": PUBLIC,
    "is_public_picture": PUBLIC,
}
