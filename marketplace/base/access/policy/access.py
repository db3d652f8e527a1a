"""Accounts, files, messages and the trail."""

from __future__ import annotations

from marketplace.base.access.actor import Role
from marketplace.base.access.policy.groups import (
    ADMIN,
    OWNER_AND_OFFICE,
    SEEN_BY_OWNER_AND_OFFICE,
    SIGNED_IN,
    Row,
)
from marketplace.base.access.reach import Reach

AREAS: dict[str, dict[str, Row]] = {
    "access": {
        "create_account": ADMIN,
        "create_owner_account": {Role.OFFICER: Reach.PROGRAM, Role.ADMIN: Reach.ANY},
        "set_password": SIGNED_IN,
        "disable_account": ADMIN,
        "enable_account": ADMIN,
        "change_role": ADMIN,
        "list_accounts": ADMIN,
        "issue_sign_in_link": {Role.OFFICER: Reach.PROGRAM, Role.ADMIN: Reach.ANY},
        "list_own_phones": SIGNED_IN,
        "count_other_sign_ins": SIGNED_IN,
        "forget_phone": SIGNED_IN,
        "end_other_sign_ins": SIGNED_IN,
        "list_people_of_firm": {
            Role.OWNER: Reach.OWN,
            Role.OFFICER: Reach.PROGRAM,
            Role.ADMIN: Reach.ANY,
        },
        "end_acting": {
            Role.OWNER: Reach.HEAD,
            Role.OFFICER: Reach.PROGRAM,
            Role.ADMIN: Reach.ANY,
        },
    },
    "files": {
        "receive_file": {**OWNER_AND_OFFICE, Role.RIGHT_HOLDER: Reach.PROGRAM},
        "open_file": SEEN_BY_OWNER_AND_OFFICE,
        "list_files": SEEN_BY_OWNER_AND_OFFICE,
    },
    "inbox": {"list_messages": SIGNED_IN, "count_unread": SIGNED_IN, "mark_read": SIGNED_IN},
    "audit": {"list_entries": {Role.AUDITOR: Reach.PROGRAM, Role.ADMIN: Reach.ANY}},
}
