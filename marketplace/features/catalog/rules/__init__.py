"""What makes a product complete, verified and live; pure."""

from marketplace.features.catalog.rules.codes import clean_code, code_hint, is_code, make_code
from marketplace.features.catalog.rules.measured import (
    Measured,
    Results,
    UnreadableResults,
    read_results,
)
from marketplace.features.catalog.rules.product import (
    Item,
    MarkFacts,
    ProductFacts,
    ReportFacts,
    completeness,
    facts_end,
    is_live,
    mark_holds,
    missing_items,
    own_mark,
    report_in_force,
    standards_for,
    untested,
    verified_until,
)

__all__ = [
    "Item",
    "MarkFacts",
    "Measured",
    "ProductFacts",
    "ReportFacts",
    "Results",
    "UnreadableResults",
    "clean_code",
    "code_hint",
    "completeness",
    "facts_end",
    "is_code",
    "is_live",
    "make_code",
    "mark_holds",
    "missing_items",
    "own_mark",
    "read_results",
    "report_in_force",
    "standards_for",
    "untested",
    "verified_until",
]
