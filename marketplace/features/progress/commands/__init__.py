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
    leave_program,
    return_application,
    reverse_enrollment,
    withdraw_application,
)
from marketplace.features.progress.commands.inspections import record_inspection

__all__ = [
    "accept_enrollment",
    "apply_enrollment",
    "change_enrollment",
    "decide_certification",
    "expire_certifications",
    "leave_program",
    "record_inspection",
    "return_application",
    "reverse_enrollment",
    "submit_certification",
    "withdraw_application",
    "withdraw_certification",
]
