"""The rules on links, referrals and the compliance score.

Every part has a default that does nothing: a program text kept before these rules existed still
loads, and what was decided under it is judged without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_\-]*$", max_length=40)]
_Name = Annotated[str, Field(min_length=1, max_length=120)]
_Points = Annotated[int, Field(strict=True, ge=0, le=100)]
_Days = Annotated[int, Field(strict=True, ge=1, le=36_500)]
_Count = Annotated[int, Field(strict=True, ge=1, le=1_000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LinkRules(_Part):
    """How strong each reason ties two stores, and from where they count as one group.

    `strength` maps a reason to points of 100; a reason without points ties nothing.
    """

    strength: Mapping[str, _Points] = Field(default_factory=dict)
    joins_from: Annotated[int, Field(strict=True, ge=1, le=100)] = 100
    shared_by_at_most: Annotated[int, Field(strict=True, ge=2, le=100)] = 6
    picture_bits: Annotated[int, Field(strict=True, ge=0, le=16)] = 0
    review_working_days: _Days = 5


class Agency(_Part):
    """An agency that leads are passed to, and how long its acknowledgement may take."""

    key: _Key
    name_zh: _Name
    name_en: _Name
    kind: Literal["police", "market", "quality", "customs", "other"]
    acknowledgement_working_days: _Days
    channel_zh: str = ""
    channel_en: str = ""


class ReferralRules(_Part):
    """Who may be told, and how."""

    sign_working_days: _Days = 3
    agencies: tuple[Agency, ...] = ()

    def agency(self, key: str) -> Agency | None:
        """Return an agency by its key."""
        return next((a for a in self.agencies if a.key == key), None)


class CreditComponent(_Part):
    """One component of the compliance score: what it weighs and how fast it fades.

    `weight_points` is the most it can move the score, down for a fault, up for a merit;
    `half_after_events` such fresh events move it half of that; an event weighs half after
    `half_life_days`.
    """

    key: _Key
    direction: Literal["down", "up"]
    weight_points: _Points
    half_after_events: _Count
    half_life_days: _Days
    name_zh: _Name
    name_en: _Name
    improve_zh: _Name
    improve_en: _Name


class CreditRules(_Part):
    """The compliance score: where it rests without any event, and its components."""

    neutral_points: _Points = 0
    answer_working_days: _Days = 10
    components: tuple[CreditComponent, ...] = ()

    def component(self, key: str) -> CreditComponent | None:
        """Return a component by its key."""
        return next((c for c in self.components if c.key == key), None)


class ConductRules(_Part):
    """Links, referrals and the compliance score."""

    links: LinkRules = LinkRules()
    referrals: ReferralRules = ReferralRules()
    credit: CreditRules = CreditRules()
