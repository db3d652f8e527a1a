"""Who may record exposure and read figures; marketers have no row on conduct."""

from __future__ import annotations

from marketplace.base.access.policy.groups import (
    OFFICER,
    SEEN_BY_OFFICE,
    SEEN_BY_OWNER_AND_OFFICE,
    Row,
)

ROWS: dict[str, Row] = {
    "record_exposure": OFFICER,
    "record_exposures": OFFICER,
    "take_back_exposure": OFFICER,
    "observe_factory": SEEN_BY_OWNER_AND_OFFICE,
    "observe_program": SEEN_BY_OFFICE,
    "get_program_sums": SEEN_BY_OFFICE,
    "get_program_units": SEEN_BY_OFFICE,
    "list_offense_marks": SEEN_BY_OWNER_AND_OFFICE,
    "list_earlier_marks": SEEN_BY_OWNER_AND_OFFICE,
    "list_store_months": SEEN_BY_OFFICE,
    "name_operators": SEEN_BY_OFFICE,
    "list_waits": SEEN_BY_OFFICE,
    "list_origins": SEEN_BY_OFFICE,
    "check_quality": SEEN_BY_OFFICE,
}
