"""The Friday page: five numbers, three findings, three overdue things, frozen when issued."""

from marketplace.desk.friday.behind import LISTED, FridayRow, list_friday_rows
from marketplace.desk.friday.content import (
    NUMBERS,
    FridayContent,
    Overdue,
    Remark,
    change_since,
    from_json,
)
from marketplace.desk.friday.queries import compose_friday, list_late, recount

__all__ = [
    "LISTED",
    "NUMBERS",
    "FridayContent",
    "FridayRow",
    "Overdue",
    "Remark",
    "change_since",
    "compose_friday",
    "from_json",
    "list_friday_rows",
    "list_late",
    "recount",
]
