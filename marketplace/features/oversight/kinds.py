"""Words of oversight: which decisions can be drawn, how one is judged, why a view had a cause."""

from __future__ import annotations

from enum import StrEnum


class DecisionKind(StrEnum):
    """A decision of a person that can be drawn and replayed."""

    FINDING = "finding"
    COMPLAINT = "complaint"
    CERTIFICATION = "certification"
    PRODUCT = "product"
    ENROLLMENT = "enrollment"
    APPEAL = "appeal"


class Judgment(StrEnum):
    """What the auditor says of a drawn decision."""

    CORRECT = "correct"
    WRONG = "wrong"
    CANNOT_TELL = "cannot_tell"


class ViewKind(StrEnum):
    """What was looked at."""

    FILE = "file"
    DISCLOSURE = "disclosure"


class ViewCause(StrEnum):
    """Why somebody had reason to look, the nearest first."""

    OWN_FIRM = "own_firm"
    DEED = "deed"
    OPEN = "open"
    DRAWN = "drawn"


class PlacingKind(StrEnum):
    """How a slot was given: by hand, or by rotation."""

    PIN = "pin"
    ROTATION = "rotation"


class ShareStanding(StrEnum):
    """How an observed share stands against the expected one."""

    TOO_FEW = "too_few"
    MORE = "more"
    LESS = "less"
    AS_EXPECTED = "as_expected"
