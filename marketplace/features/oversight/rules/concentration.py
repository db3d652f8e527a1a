"""Whether one person decided about one factory more often than chance gives.

Within a stratum (kind of decision × district) every decision might have fallen to anybody who
decides there; given how many each person decided and how many concerned the factory, the number
they share is hypergeometric (Fisher's exact test, one-sided). Strata are independent: the sum's
distribution is their convolution. A stratum with one decider compares nothing and adds none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from marketplace.features.oversight.rules.decisions import Decision

_Stratum = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """A person and a factory: decided together, out of how many, what chance gives, exact p."""

    person: int
    factory_id: int
    together: int
    of_factory: int
    expected: float
    p: float


@dataclass(frozen=True, slots=True)
class Concentration:
    """The pairs under the threshold, smallest p first, and how many were compared at all.

    `by_chance` is how many of those compared would fall under the threshold by chance alone, at
    most; `alone` counts decisions in strata with a single decider, which compare nothing.
    """

    pairs: tuple[Pair, ...]
    compared: int
    by_chance: float
    decisions: int
    alone: int


def concentration(
    decisions: Iterable[Decision], *, min_decisions: int, threshold: float
) -> Concentration:
    """Return the pairs whose exact p is at most `threshold`.

    A factory is looked at from `min_decisions` comparable decisions on; a pair needs more than
    one decision together.
    """
    strata: dict[_Stratum, list[Decision]] = defaultdict(list)
    total = 0
    for decision in decisions:
        if decision.factory_id is not None:
            strata[decision.kind.value, decision.district].append(decision)
            total += 1
    alone = [s for s, rows in strata.items() if len({d.by for d in rows}) < 2]
    left_out = sum(len(strata.pop(s)) for s in alone)
    by_person = {s: Counter(d.by for d in rows) for s, rows in strata.items()}
    by_factory: dict[int, Counter[_Stratum]] = defaultdict(Counter)
    together: Counter[tuple[int, int]] = Counter()
    for stratum, rows in strata.items():
        for d in rows:
            by_factory[d.factory_id or 0][stratum] += 1
            together[d.by, d.factory_id or 0] += 1
    found, compared = [], 0
    for (person, factory), x in together.items():
        of_factory = by_factory[factory]
        if of_factory.total() < min_decisions or x < 2:
            continue
        compared += 1
        parts = [
            (len(strata[s]), by_person[s][person], k)
            for s, k in sorted(of_factory.items(), key=str)
        ]
        p = tail(parts, x)
        if p <= threshold:
            expected = sum(k * n / size for size, n, k in parts)
            found.append(Pair(person, factory, x, of_factory.total(), expected, p))
    return Concentration(
        pairs=tuple(sorted(found, key=lambda f: (f.p, -f.together, f.person, f.factory_id))),
        compared=compared,
        by_chance=compared * threshold,
        decisions=total,
        alone=left_out,
    )


def tail(parts: Sequence[tuple[int, int, int]], together: int) -> float:
    """Return P(at least `together`) for a sum of hypergeometrics of (all, person's, factory's)."""
    import numpy as np

    spread = np.array([1.0])
    for part in parts:
        spread = np.convolve(spread, _chances(*part))
    return float(min(max(spread[together:].sum(), 0.0), 1.0))


@lru_cache(4096)
def _chances(size: int, of_person: int, of_factory: int) -> tuple[float, ...]:
    """The same few sizes are asked for again and again; each costs a millisecond."""
    import numpy as np
    from scipy.stats import hypergeom

    told = hypergeom.pmf(np.arange(of_factory + 1), size, of_person, of_factory)
    return tuple(float(p) for p in told)
