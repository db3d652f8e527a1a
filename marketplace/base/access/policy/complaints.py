"""Who may do what with complaints of right holders, notices and counter-notices.

A right holder's reach is the program; each command then refuses him what is another's, as if it
were not there. Owners see what is held against them and never who complained.
"""

from __future__ import annotations

from marketplace.base.access.actor import Role
from marketplace.base.access.policy.groups import (
    ADMIN,
    OFFICE,
    OFFICER,
    OWNER,
    OWNER_AND_OFFICER,
    PUBLIC,
    REVIEWER,
    SEEN_BY_OFFICE,
    SYSTEM,
    Row,
)
from marketplace.base.access.reach import Reach

_HOLDER: Row = {Role.RIGHT_HOLDER: Reach.PROGRAM}
_HOLDER_AND_OFFICER: Row = {**OFFICER, **_HOLDER}

ROWS: dict[str, Row] = {
    "erase_complaint_contact": ADMIN,
    "register_right_holder": {**OFFICER, Role.ADMIN: Reach.ANY},
    "register_right": _HOLDER_AND_OFFICER,
    "add_right_document": _HOLDER_AND_OFFICER,
    "decide_right": OFFICE,
    "end_right": _HOLDER_AND_OFFICER,
    "try_notice": _HOLDER_AND_OFFICER,
    "file_notice": _HOLDER_AND_OFFICER,
    "withdraw_complaint": _HOLDER_AND_OFFICER,
    "withdraw_notice": _HOLDER_AND_OFFICER,
    "record_proceedings": _HOLDER_AND_OFFICER,
    "receive_complaint": OFFICER,
    "open_case": OFFICER,
    "take_back_complaint": OFFICER,
    "take_back_case": OFFICER,
    "take_report": OFFICER,
    "send_public_complaint": PUBLIC,
    "take_public_complaint": OFFICER,
    "decline_public_complaint": OFFICER,
    "unmask_contact": OFFICE,
    "get_public_answer": PUBLIC,
    "list_public_complaints": SEEN_BY_OFFICE,
    "list_read": SEEN_BY_OFFICE,
    "forward_complaints": OFFICE,
    "answer_case": OWNER_AND_OFFICER,
    "pass_on_counter": OFFICE,
    "end_waits": SYSTEM,
    "uphold_complaint": OFFICE,
    "refuse_complaint": OFFICE,
    "reverse_answer": REVIEWER,
    "mark_malicious": REVIEWER,
    "lift_malicious": REVIEWER,
    "assign_case": OFFICE,
    "join_complaint": OFFICE,
    "split_complaint": OFFICE,
    "record_case_finding": OFFICE,
    "hear_in_case": OFFICE,
    "state_side": OWNER,
    "add_case_file": OWNER_AND_OFFICER,
    "decide_in_case": OFFICE,
    "close_case": OFFICE,
    "settle_cases": SYSTEM,
    "list_cases": SEEN_BY_OFFICE,
    "list_open_cases": SEEN_BY_OFFICE,
    "get_case": SEEN_BY_OFFICE,
    "list_cases_against": OWNER,
    "list_rights": {**SEEN_BY_OFFICE, **_HOLDER},
    "list_right_holders": SEEN_BY_OFFICE,
    "list_notices": _HOLDER,
    "list_filed": _HOLDER,
    "reliability_of_self": _HOLDER,
    "list_store_choices": SEEN_BY_OFFICE,
    "list_handled": SEEN_BY_OFFICE,
    "list_complainants": SEEN_BY_OFFICE,
}
