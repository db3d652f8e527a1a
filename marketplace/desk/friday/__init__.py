"""The Friday page: five numbers, three findings, three overdue things, frozen when issued."""

from marketplace.desk.friday.content import (
    NUMBERS,
    FridayContent,
    Number,
    Overdue,
    Remark,
    change_since,
    differences,
    from_json,
)
from marketplace.desk.friday.queries import compose_friday, recount

__all__ = [
    "NUMBERS",
    "FridayContent",
    "Number",
    "Overdue",
    "Remark",
    "change_since",
    "compose_friday",
    "differences",
    "from_json",
    "recount",
]
