"""What can be done about findings."""

from marketplace.features.enforcement.commands.clearing import clear_years
from marketplace.features.enforcement.commands.courses import (
    confirm_course,
    report_course_done,
)
from marketplace.features.enforcement.commands.decisions import (
    TimeZero,
    decide_finding,
    overturn_finding,
    record_finding,
)
from marketplace.features.enforcement.commands.evidence import (
    add_evidence,
    hand_over_evidence,
)
from marketplace.features.enforcement.commands.hearing import hear_owner, note_silence
from marketplace.features.enforcement.commands.interim import (
    lift_pending_suspension,
    suspend_pending_decision,
)
from marketplace.features.enforcement.commands.monthly import (
    KeptCount,
    MonthCount,
    correct_monthly_counts,
    record_monthly_counts,
)
from marketplace.features.enforcement.commands.pausing import (
    pause_measures,
    resume_measures,
)
from marketplace.features.enforcement.commands.rectification import (
    answer_plan,
    end_due_suspensions,
    lift_suspension,
    submit_plan,
)
from marketplace.features.enforcement.commands.reports import (
    REPORT_SCOPE,
    mark_report_seen,
    monthly_reference,
    record_monthly_findings,
    record_near_miss,
    report_product,
    take_back_monthly_findings,
    unmask_report_contact,
)
from marketplace.features.enforcement.commands.scoring import (
    count_complaint,
    reverse_complaint,
)

__all__ = [
    "REPORT_SCOPE",
    "KeptCount",
    "MonthCount",
    "TimeZero",
    "add_evidence",
    "answer_plan",
    "clear_years",
    "confirm_course",
    "correct_monthly_counts",
    "count_complaint",
    "decide_finding",
    "end_due_suspensions",
    "hand_over_evidence",
    "hear_owner",
    "lift_pending_suspension",
    "lift_suspension",
    "mark_report_seen",
    "monthly_reference",
    "note_silence",
    "overturn_finding",
    "pause_measures",
    "record_finding",
    "record_monthly_counts",
    "record_monthly_findings",
    "record_near_miss",
    "report_course_done",
    "report_product",
    "resume_measures",
    "reverse_complaint",
    "submit_plan",
    "suspend_pending_decision",
    "take_back_monthly_findings",
    "unmask_report_contact",
]
