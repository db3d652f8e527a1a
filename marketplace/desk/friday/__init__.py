"""The Friday page: five numbers, three findings, three overdue things, frozen when issued."""

from marketplace.desk.friday.content import (
    NUMBERS,
    FridayContent,
    Overdue,
    Remark,
    change_since,
    from_json,
)
from marketplace.desk.friday.queries import compose_friday, recount

__all__ = [
    "NUMBERS",
    "FridayContent",
    "Overdue",
    "Remark",
    "change_since",
    "compose_friday",
    "from_json",
    "recount",
]
