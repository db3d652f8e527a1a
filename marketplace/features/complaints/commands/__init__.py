"""What can be done about complaints and cases."""

from marketplace.features.complaints.commands.answering import (
    lift_malicious,
    mark_malicious,
    refuse_complaint,
    reverse_answer,
    reverse_answer_of,
    uphold_complaint,
)
from marketplace.features.complaints.commands.cases import (
    assign_case,
    close_case,
    decide_in_case,
    join_complaint,
    split_complaint,
)
from marketplace.features.complaints.commands.flow import (
    answer_case,
    end_waits,
    forward_complaints,
    pass_on_counter,
    record_proceedings,
)
from marketplace.features.complaints.commands.hearing import (
    add_case_file,
    hear_in_case,
    record_case_finding,
    state_side,
)
from marketplace.features.complaints.commands.intake import (
    open_case,
    receive_complaint,
    take_report,
)
from marketplace.features.complaints.commands.notices import file_notice, try_notice
from marketplace.features.complaints.commands.public import (
    decline_public_complaint,
    take_public_complaint,
    unmask_contact,
)
from marketplace.features.complaints.commands.rights import (
    add_right_document,
    decide_right,
    end_right,
    register_right,
    register_right_holder,
)
from marketplace.features.complaints.commands.sending import (
    Enclosure,
    clean_enclosures,
    send_public_complaint,
)
from marketplace.features.complaints.commands.settling import settle_cases
from marketplace.features.complaints.commands.undoing import (
    take_back_case,
    take_back_complaint,
)
from marketplace.features.complaints.commands.withdrawing import (
    withdraw_complaint,
    withdraw_notice,
)

__all__ = [
    "Enclosure",
    "add_case_file",
    "add_right_document",
    "answer_case",
    "assign_case",
    "clean_enclosures",
    "close_case",
    "decide_in_case",
    "decide_right",
    "decline_public_complaint",
    "end_right",
    "end_waits",
    "file_notice",
    "forward_complaints",
    "hear_in_case",
    "join_complaint",
    "lift_malicious",
    "mark_malicious",
    "open_case",
    "pass_on_counter",
    "receive_complaint",
    "record_case_finding",
    "record_proceedings",
    "refuse_complaint",
    "register_right",
    "register_right_holder",
    "reverse_answer",
    "reverse_answer_of",
    "send_public_complaint",
    "settle_cases",
    "split_complaint",
    "state_side",
    "take_back_case",
    "take_back_complaint",
    "take_public_complaint",
    "take_report",
    "try_notice",
    "unmask_contact",
    "uphold_complaint",
    "withdraw_complaint",
    "withdraw_notice",
]
