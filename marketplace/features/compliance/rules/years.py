"""The last twelve whole months of one operator, and what may order a list of them.

Pure. Domain §3: no ranking by raw rate under a stated minimum volume. The rate is that of the
funnel: findings, which are the independent acts, per listing checked.
"""

from __future__ import annotations

MONTHS = 12
UNRANKED = -1
_SCALE = 10**9


def rank_of(findings: int, exposure: int, ranked_from: int) -> int:
    """Return findings per 10^9 checked, rounded down; `UNRANKED` under the stated volume.

    A whole number, so that both engines order and keep it exactly. It fits 64 bits.
    """
    if exposure < max(ranked_from, 1):
        return UNRANKED
    return findings * _SCALE // exposure
