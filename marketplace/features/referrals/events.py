"""What referrals announce."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReferralAnswered:
    """An agency took a lead up or declined it."""

    referral_id: int
    program: str
    number: str
    prepared_by: int | None
    is_accepted: bool
