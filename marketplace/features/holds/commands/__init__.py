"""What can be done about payment holds."""

from marketplace.features.holds.commands.ending import (
    expire_holds,
    extend_hold,
    release_hold,
    reverse_hold_of,
    reverse_holds_of_finding,
)
from marketplace.features.holds.commands.placing import confirm_hold, place_hold
from marketplace.features.holds.commands.taking import record_takings

__all__ = [
    "confirm_hold",
    "expire_holds",
    "extend_hold",
    "place_hold",
    "record_takings",
    "release_hold",
    "reverse_hold_of",
    "reverse_holds_of_finding",
]
