"""What can be done about leads: prepare, sign, drop, keep the answer, keep what came of them."""

from marketplace.features.referrals.commands.answers import (
    answer_referral,
    record_outcome,
    reverse_outcome,
)
from marketplace.features.referrals.commands.preparing import (
    drop_referral,
    prepare_referral,
    sign_referral,
)

__all__ = [
    "answer_referral",
    "drop_referral",
    "prepare_referral",
    "record_outcome",
    "reverse_outcome",
    "sign_referral",
]
