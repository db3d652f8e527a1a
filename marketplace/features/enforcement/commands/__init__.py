"""What can be done about findings."""

from marketplace.features.enforcement.commands.decisions import (
    TimeZero,
    decide_finding,
    hear_owner,
    overturn_finding,
    record_finding,
)
from marketplace.features.enforcement.commands.reports import (
    mark_report_seen,
    record_monthly_findings,
    record_near_miss,
    report_product,
    take_back_monthly_findings,
)
from marketplace.features.enforcement.commands.scoring import (
    count_complaint,
    reverse_complaint,
)

__all__ = [
    "TimeZero",
    "count_complaint",
    "decide_finding",
    "hear_owner",
    "mark_report_seen",
    "overturn_finding",
    "record_finding",
    "record_monthly_findings",
    "record_near_miss",
    "report_product",
    "reverse_complaint",
    "take_back_monthly_findings",
]
