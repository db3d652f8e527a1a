"""Who acts, and what a thing belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a person is here; system and public are actors too."""

    OFFICER = "officer"
    REVIEWER = "reviewer"
    OWNER = "owner"
    MARKETER = "marketer"
    AUDITOR = "auditor"
    ADMIN = "admin"
    RIGHT_HOLDER = "right_holder"
    APPRAISER = "appraiser"
    PUBLIC = "public"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at work, as their account stands at this moment.

    `limits` holds (program, district): in a program named there the person works in these
    districts only, in any other of `programs` in all of it. `agent_of` names the operators this
    person acts for as an agent only (代办人); what needs the head (负责人) is refused there.
    """

    account_id: int | None
    login: str
    name: str
    role: Role
    programs: frozenset[str] = field(default_factory=frozenset)
    limits: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    operator_ids: frozenset[int] = field(default_factory=frozenset)
    session_id: str | None = None
    agent_of: frozenset[int] = field(default_factory=frozenset)

    @property
    def head_of(self) -> frozenset[int]:
        """The operators this person answers for himself."""
        return self.operator_ids - self.agent_of

    def districts_in(self, program: str) -> frozenset[str]:
        """The districts of a program this person is limited to; empty where there is no limit."""
        return frozenset(district for place, district in self.limits if place == program)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a thing belongs to; None where it belongs to nothing of the kind."""

    program: str | None = None
    district: str | None = None
    operator_id: int | None = None


SYSTEM = Actor(None, "system", "system", Role.SYSTEM)
PUBLIC = Actor(None, "public", "public", Role.PUBLIC)
