"""Who may do what: actors, one policy table, accounts, sessions, throttling."""

from marketplace.base.access.actor import PUBLIC, SYSTEM, Actor, Role, Scope
from marketplace.base.access.reach import Reach
from marketplace.base.access.rules import (
    MissingPolicyError,
    is_in_reach,
    may,
    narrow,
    require,
    require_place,
    within_reach,
)
from marketplace.base.access.sessions import current_actor
from marketplace.base.access.tables import AccountStatus, Capacity

__all__ = [
    "PUBLIC",
    "SYSTEM",
    "AccountStatus",
    "Actor",
    "Capacity",
    "MissingPolicyError",
    "Reach",
    "Role",
    "Scope",
    "current_actor",
    "is_in_reach",
    "may",
    "narrow",
    "require",
    "require_place",
    "within_reach",
]
