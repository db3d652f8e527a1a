"""Who may take data out of the house; every export is recorded."""

from __future__ import annotations

from marketplace.base.access.policy.groups import MARKETER, OFFICER, SEEN_BY_OFFICE, Row

ROWS: dict[str, Row] = {
    "export_factories": SEEN_BY_OFFICE,
    "export_earlier_records": SEEN_BY_OFFICE,
    "export_exposure": SEEN_BY_OFFICE,
    "export_stores": SEEN_BY_OFFICE,
    "export_complaints": SEEN_BY_OFFICE,
    "export_products": {**SEEN_BY_OFFICE, **MARKETER},
    "gather_analysis": SEEN_BY_OFFICE,
    "list_saved_columns": SEEN_BY_OFFICE,
    "change_saved_columns": OFFICER,
    "record_export": {**SEEN_BY_OFFICE, **MARKETER},
}
