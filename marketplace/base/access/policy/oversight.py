"""Who may look at staff conduct and judge drawn decisions: the auditor, and nobody else."""

from __future__ import annotations

from marketplace.base.access.actor import Role
from marketplace.base.access.policy.groups import Row
from marketplace.base.access.reach import Reach

_AUDITOR: Row = {Role.AUDITOR: Reach.PROGRAM}

ROWS: dict[str, Row] = {
    "find_concentration": _AUDITOR,
    "list_fast": _AUDITOR,
    "list_views": _AUDITOR,
    "list_rotation": _AUDITOR,
    "compare_enrollment": _AUDITOR,
    "list_draws": _AUDITOR,
    "get_draw": _AUDITOR,
    "get_replay": _AUDITOR,
    "draw_decisions": _AUDITOR,
    "record_verdict": _AUDITOR,
}
