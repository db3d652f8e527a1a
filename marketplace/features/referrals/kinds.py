"""Words of referrals: where a lead stands, what an agency made of it, what a package leaves out."""

from __future__ import annotations

from enum import StrEnum


class ReferralStatus(StrEnum):
    """Where a lead stands."""

    DRAFT = "draft"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    DROPPED = "dropped"  # never sent


class OutcomeKind(StrEnum):
    """What came of a lead; different counts, never added up (interview, rule 13)."""

    FILED_CASE = "filed_case"  # cases
    DETAINED = "detained"  # persons
    ARRESTED = "arrested"  # persons
    PROSECUTED = "prosecuted"  # persons


class Redaction(StrEnum):
    """What a package may leave out. Complainants and suspicions are never in it."""

    LEGAL_REPRESENTATIVE = "legal_representative"
    PHONE = "phone"
    ADDRESS = "address"
    HEARING = "hearing"
