"""The rules on payment holds: on which basis, for how long, and when two people are needed.

Every part has a default that allows nothing: under a program text kept before these rules existed
nothing can be held.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_\-]*$", max_length=40)]
_Name = Annotated[str, Field(min_length=1, max_length=300)]
_Days = Annotated[int, Field(strict=True, ge=1, le=3_650)]
_Fen = Annotated[int, Field(strict=True, ge=0, le=10**12)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HoldBasis(_Part):
    """A legal basis: what it is called, where it stands, when it is reviewed, how long it lasts.

    `review_days` until somebody must look again; `max_days` from the day it was placed, after
    which nothing is held whoever asks.
    """

    key: _Key
    name_zh: _Name
    name_en: _Name
    law_zh: _Name
    law_en: _Name
    review_days: _Days
    max_days: _Days


class HoldRules(_Part):
    """What may be held: the bases, the days left after a review day, and the amount for two.

    Above `second_person_fen`, all holds of a finding together, a second person agrees first.
    """

    grace_days: _Days = 3
    second_person_fen: _Fen = 0
    bases: tuple[HoldBasis, ...] = ()

    def basis(self, key: str) -> HoldBasis | None:
        """Return a basis by its key."""
        return next((b for b in self.bases if b.key == key), None)

    def place_of(self, key: str) -> int:
        """Return the place of a basis in the file; its figures are named by it."""
        return next(n for n, b in enumerate(self.bases) if b.key == key)
