"""Reads leads, their packages and outcomes, and who opened which store."""

from marketplace.features.referrals.queries.leads import (
    PURPOSE,
    OutcomeRow,
    Package,
    ReferralRow,
    count_outcomes,
    get_package,
    get_referral,
    list_referrals,
    load,
)
from marketplace.features.referrals.queries.openers import OpenerRow, list_openers
from marketplace.features.referrals.queries.packages import build_package

__all__ = [
    "PURPOSE",
    "OpenerRow",
    "OutcomeRow",
    "Package",
    "ReferralRow",
    "build_package",
    "count_outcomes",
    "get_package",
    "get_referral",
    "list_openers",
    "list_referrals",
    "load",
]
