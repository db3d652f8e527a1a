"""Reads findings and the points ledger."""

from __future__ import annotations

from marketplace.features.enforcement.queries.conduct import (
    LedgerStep,
    StoreState,
    state_of_store_at,
)
from marketplace.features.enforcement.queries.facts import (
    complaints_behind,
    counting_complaints,
    holder_or_last,
    ledger_of,
    load_finding,
    scope_of_store,
    versions_of,
)
from marketplace.features.enforcement.queries.findings import (
    FactoryPoints,
    FindingRow,
    OffenseMark,
    StorePoints,
    get_finding,
    list_findings,
    list_offenses,
    points_of_factory,
)
from marketplace.features.enforcement.queries.measures import (
    DetailRow,
    EvidenceRow,
    MeasureRow,
    StatementView,
    count_statements,
    get_detail,
    get_statement,
    list_evidence,
    list_statements,
)
from marketplace.features.enforcement.queries.previews import OverturnPreview, preview_overturn
from marketplace.features.enforcement.queries.reports import (
    ReportRow,
    WaitingReport,
    get_report,
    kept_text,
    list_reports,
    topic_and_text,
)
from marketplace.features.enforcement.queries.waiting import (
    CourseRow,
    PendingRow,
    SuspensionRow,
    find_pending_suspension,
    list_courses,
    list_suspensions,
)

__all__ = [
    "CourseRow",
    "DetailRow",
    "EvidenceRow",
    "FactoryPoints",
    "FindingRow",
    "LedgerStep",
    "MeasureRow",
    "OffenseMark",
    "OverturnPreview",
    "PendingRow",
    "ReportRow",
    "StatementView",
    "StorePoints",
    "StoreState",
    "SuspensionRow",
    "WaitingReport",
    "complaints_behind",
    "count_statements",
    "counting_complaints",
    "find_pending_suspension",
    "get_detail",
    "get_finding",
    "get_report",
    "get_statement",
    "holder_or_last",
    "kept_text",
    "ledger_of",
    "list_courses",
    "list_evidence",
    "list_findings",
    "list_offenses",
    "list_reports",
    "list_statements",
    "list_suspensions",
    "load_finding",
    "points_of_factory",
    "preview_overturn",
    "scope_of_store",
    "state_of_store_at",
    "topic_and_text",
    "versions_of",
]
