"""What can be done about progress."""

from marketplace.features.progress.commands.certification import (
    decide_certification,
    expire_certifications,
    submit_certification,
    withdraw_certification,
)
from marketplace.features.progress.commands.enrollment import (
    accept_enrollment,
    apply_enrollment,
    change_enrollment,
    reverse_enrollment,
)
from marketplace.features.progress.commands.inspections import record_inspection

__all__ = [
    "accept_enrollment",
    "apply_enrollment",
    "change_enrollment",
    "decide_certification",
    "expire_certifications",
    "record_inspection",
    "reverse_enrollment",
    "submit_certification",
    "withdraw_certification",
]
