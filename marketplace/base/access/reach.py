"""How far a permission goes."""

from __future__ import annotations

from enum import StrEnum


class Reach(StrEnum):
    """How far a permission goes."""

    ANY = "any"
    PROGRAM = "program"  # the actor's programs and districts
    OWN = "own"  # the actor's own operators
    HEAD = "head"  # the actor's own operators, where he is the head and no agent
