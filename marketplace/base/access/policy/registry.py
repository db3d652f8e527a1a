"""Who may read and write the register; marketers and the public have no row."""

from __future__ import annotations

from marketplace.base.access.actor import Role
from marketplace.base.access.policy.groups import (
    OFFICE,
    OFFICER,
    OWNER,
    OWNER_AND_OFFICER,
    SEEN_BY_OFFICE,
    SEEN_BY_OWNER_AND_OFFICE,
    Row,
)
from marketplace.base.access.reach import Reach

ROWS: dict[str, Row] = {
    "record_factory": OFFICER,
    "edit_factory": OFFICER,
    "archive_factory": OFFICER,
    "assign_officer": OFFICE,
    "settle_conflict": OFFICER,
    "unmask_phone": OFFICE,
    "submit_change_request": OWNER,
    "withdraw_change_request": OWNER,
    "decide_change_request": OFFICE,
    "declare_affiliate": OWNER_AND_OFFICER,
    "record_contract_work": OWNER_AND_OFFICER,
    "declare_store": OWNER_AND_OFFICER,
    "confirm_holding": OFFICER,
    "reject_holding": OFFICER,
    "end_holding": OFFICER,
    "refresh_store": OFFICER,
    "begin_import": OFFICER,
    "keep_import_rows": OFFICER,
    "finish_import": OFFICER,
    "begin_undo": OFFICER,
    "keep_undone_rows": OFFICER,
    "finish_undo": OFFICER,
    "take_back_factory": OFFICER,
    "take_back_value": OFFICER,
    "take_back_holding": OFFICER,
    "take_back_store": OFFICER,
    "find_operator": {**OFFICER, Role.ADMIN: Reach.ANY},
    "find_own_factory": OWNER,
    "get_factory": SEEN_BY_OWNER_AND_OFFICE,
    "list_stores": SEEN_BY_OWNER_AND_OFFICE,
    "list_affiliates": SEEN_BY_OWNER_AND_OFFICE,
    "list_contract_work": SEEN_BY_OWNER_AND_OFFICE,
    "list_conflicts": SEEN_BY_OFFICE,
    "list_change_requests": SEEN_BY_OWNER_AND_OFFICE,
    "list_sources": SEEN_BY_OFFICE,
    "list_import_batches": SEEN_BY_OFFICE,
    "get_import_batch": SEEN_BY_OFFICE,
    "list_import_rows": SEEN_BY_OFFICE,
    "open_import_rows": OFFICER,
}
