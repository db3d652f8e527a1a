"""Slots by marketer × operator against what rotation would give.

Rotation gives every group one slot before any gets a second (promotion rules), so the chance of
an operator at one placing is 1 / operators that could have had it. The chances of a marketer's
placings add up to what is expected; the observed share stands with its exact interval
(Clopper-Pearson), and nothing is said under the least number of placings.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from marketplace.features.compliance.rules.intervals import Interval, proportion_interval
from marketplace.features.oversight.kinds import PlacingKind, ShareStanding


@dataclass(frozen=True, slots=True)
class Placing:
    """One slot given: by whom, to whose product, and the operators that could have had it."""

    kind: PlacingKind
    marketer: int
    operator_id: int
    pool: frozenset[int]


@dataclass(frozen=True, slots=True)
class RotationPair:
    """A marketer and an operator; `placings` are those of the marketer the operator could have."""

    kind: PlacingKind
    marketer: int
    operator_id: int
    got: int
    placings: int
    expected: float
    interval: Interval | None
    standing: ShareStanding

    @property
    def expected_share(self) -> float:
        """The share rotation gives."""
        return self.expected / self.placings if self.placings else 0.0


def rotation_pairs(
    placings: Iterable[Placing], *, min_placings: int, level: float = 0.95
) -> list[RotationPair]:
    """Return every pair with a slot, those above the expected share first, then by difference."""
    got: Counter[tuple[PlacingKind, int, int]] = Counter()
    could: Counter[tuple[PlacingKind, int, int]] = Counter()
    expected: dict[tuple[PlacingKind, int, int], float] = defaultdict(float)
    for p in placings:
        pool = p.pool | {p.operator_id}  # who got it could have had it
        got[p.kind, p.marketer, p.operator_id] += 1
        for operator in pool:
            could[p.kind, p.marketer, operator] += 1
            expected[p.kind, p.marketer, operator] += 1 / len(pool)
    found = []
    for pair, count in got.items():
        interval = proportion_interval(count, could[pair], level)
        found.append(
            RotationPair(
                *pair,
                got=count,
                placings=could[pair],
                expected=expected[pair],
                interval=interval,
                standing=_standing(interval, expected[pair], could[pair], min_placings),
            )
        )
    rank = {ShareStanding.MORE: 0, ShareStanding.LESS: 1}
    return sorted(
        found,
        key=lambda r: (
            r.kind.value, rank.get(r.standing, 2), -(r.got - r.expected), r.marketer,
            r.operator_id,
        ),
    )  # fmt: skip


def _standing(
    interval: Interval | None, expected: float, placings: int, least: int
) -> ShareStanding:
    if interval is None or placings < least:
        return ShareStanding.TOO_FEW
    share = expected / placings
    if interval[0] > share:
        return ShareStanding.MORE
    if interval[1] < share:
        return ShareStanding.LESS
    return ShareStanding.AS_EXPECTED
