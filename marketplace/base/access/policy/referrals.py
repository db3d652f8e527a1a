"""Who may do what with leads for agencies; owners, marketers and the public have no row.

Leads are open investigations (domain §6).
"""

from __future__ import annotations

from marketplace.base.access.policy.groups import OFFICE, REVIEWER, SEEN_BY_OFFICE, Row

ROWS: dict[str, Row] = {
    "prepare_referral": OFFICE,
    "drop_referral": OFFICE,
    "sign_referral": REVIEWER,
    "answer_referral": OFFICE,
    "record_outcome": OFFICE,
    "reverse_outcome": OFFICE,
    "list_referrals": SEEN_BY_OFFICE,
    "get_referral": SEEN_BY_OFFICE,
    "get_package": SEEN_BY_OFFICE,
    "count_outcomes": SEEN_BY_OFFICE,
    "list_openers": SEEN_BY_OFFICE,
}
