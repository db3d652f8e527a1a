"""The error tree: every refusal has a type and carries what a screen needs to explain it.

Errors hold a code and facts, never a sentence; faces translate them through `words`
(keys `error.<code>`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one input: where, which rule, and the facts of it."""

    place: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class MarketplaceError(Exception):
    """Something a person can be told: `code` names the sentence, `facts` fill it."""

    def __init__(self, code: str, **facts: object) -> None:
        """Keep the code and its facts."""
        super().__init__(code, facts)
        self.code = code
        self.facts: Mapping[str, object] = facts


class Refused(MarketplaceError):
    """A rule of the program forbids it; `facts` name the rule and its source where it has one."""


class NotAllowed(MarketplaceError):
    """This actor may not do this here."""


class NotFound(MarketplaceError):
    """There is no such thing, or this actor may not know that there is."""


class Unavailable(MarketplaceError):
    """What everything is kept in is not there, whoever asks for what; for the operators to mend."""


class Conflict(MarketplaceError):
    """Somebody else changed it first, or the same key came with another body."""


class Invalid(MarketplaceError):
    """Input with faults; all of them, each with its place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep every fault."""
        super().__init__("invalid", count=len(faults))
        self.faults: tuple[Fault, ...] = tuple(faults)
