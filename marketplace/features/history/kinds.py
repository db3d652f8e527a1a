"""Kinds of earlier records and the bands of a self-disclosure."""

from __future__ import annotations

from enum import StrEnum


class EarlierKind(StrEnum):
    """What an earlier record counts; only listings with exposure ever enter a before-rate."""

    LISTINGS = "listings"
    PAIRS_SEIZED = "pairs_seized"
    PENALTY_DECISION = "penalty_decision"
    JUDGMENT = "judgment"
    SELF_DECLARED = "self_declared"


class Reliability(StrEnum):
    """How far a source is to be trusted."""

    OFFICIAL = "official"
    PLATFORM = "platform"
    PRESS = "press"
    DECLARED = "declared"


class QuantityBand(StrEnum):
    """How much of the earlier production, in the owner's own words."""

    NONE = "none"
    SOME = "some"
    MOST = "most"
    PREFER_NOT = "prefer_not"


class DisclosureStatus(StrEnum):
    """Whether a disclosure is the one that stands."""

    CURRENT = "current"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
