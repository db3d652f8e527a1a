"""Reads findings and the points ledger."""

from __future__ import annotations

from marketplace.features.enforcement.queries.facts import (
    ledger_of,
    load_finding,
    scope_of_store,
)
from marketplace.features.enforcement.queries.findings import (
    FactoryPoints,
    FindingRow,
    OffenseMark,
    ReportRow,
    StorePoints,
    get_finding,
    list_findings,
    list_offenses,
    list_reports,
    points_of_factory,
)
from marketplace.features.enforcement.queries.previews import OverturnPreview, preview_overturn

__all__ = [
    "FactoryPoints",
    "FindingRow",
    "OffenseMark",
    "OverturnPreview",
    "ReportRow",
    "StorePoints",
    "get_finding",
    "ledger_of",
    "list_findings",
    "list_offenses",
    "list_reports",
    "load_finding",
    "points_of_factory",
    "preview_overturn",
    "scope_of_store",
]
