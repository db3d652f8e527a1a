"""Who may read across features."""

from __future__ import annotations

from marketplace.base.access.actor import Role
from marketplace.base.access.policy.groups import OFFICE, SEEN_BY_OFFICE, Row
from marketplace.base.access.rules import Reach

ROWS: dict[str, Row] = {
    "list_factories": SEEN_BY_OFFICE,
    "export_factories": OFFICE,
    "list_todo": OFFICE,
    "list_ending": OFFICE,
    "list_audit": {Role.AUDITOR: Reach.PROGRAM, Role.ADMIN: Reach.PROGRAM},
}
