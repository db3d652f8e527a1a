"""What can be done about the past: records of it, and what firms disclose themselves."""

from marketplace.features.history.commands.disclosing import (
    disclose,
    view_disclosure,
    withdraw_disclosure,
)
from marketplace.features.history.commands.earlier import (
    record_earlier_record,
    take_back_earlier_record,
    withdraw_earlier_record,
)
from marketplace.features.history.commands.many import (
    Earlier,
    KeptEarlier,
    record_earlier_records,
)

__all__ = [
    "Earlier",
    "KeptEarlier",
    "disclose",
    "record_earlier_record",
    "record_earlier_records",
    "take_back_earlier_record",
    "view_disclosure",
    "withdraw_disclosure",
    "withdraw_earlier_record",
]
