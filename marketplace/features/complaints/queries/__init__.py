"""Reads intake. Owners see what is held against them, right holders their own, the office all."""

from marketplace.features.complaints.queries.against import CaseAgainst, list_cases_against
from marketplace.features.complaints.queries.authors import ReadRow, list_read
from marketplace.features.complaints.queries.cases import get_case, list_open_cases
from marketplace.features.complaints.queries.facts import openers_of, parts_in
from marketplace.features.complaints.queries.handled import HandledRow, list_handled
from marketplace.features.complaints.queries.listing import list_cases
from marketplace.features.complaints.queries.public import (
    PublicAnswer,
    PublicRow,
    get_public_answer,
    list_public_complaints,
)
from marketplace.features.complaints.queries.rights import (
    FiledRow,
    HolderRow,
    NoticeRow,
    Reliability,
    RightRow,
    list_complainants,
    list_filed,
    list_notices,
    list_right_holders,
    list_rights,
    reliability_of_self,
)
from marketplace.features.complaints.queries.rows import (
    CaseFile,
    CaseFilter,
    CaseLine,
    CasePage,
    ComplaintRow,
    Contact,
    EntryRow,
)
from marketplace.features.complaints.queries.stores import StoreChoice, list_store_choices

__all__ = [
    "CaseAgainst",
    "CaseFile",
    "CaseFilter",
    "CaseLine",
    "CasePage",
    "ComplaintRow",
    "Contact",
    "EntryRow",
    "FiledRow",
    "HandledRow",
    "HolderRow",
    "NoticeRow",
    "PublicAnswer",
    "PublicRow",
    "ReadRow",
    "Reliability",
    "RightRow",
    "StoreChoice",
    "get_case",
    "get_public_answer",
    "list_cases",
    "list_cases_against",
    "list_complainants",
    "list_filed",
    "list_handled",
    "list_notices",
    "list_open_cases",
    "list_public_complaints",
    "list_read",
    "list_right_holders",
    "list_rights",
    "list_store_choices",
    "openers_of",
    "parts_in",
    "reliability_of_self",
]
