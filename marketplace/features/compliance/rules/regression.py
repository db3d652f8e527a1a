"""How much of the fall of those who entered was to be expected anyway.

Pure. Chosen for a bad record, firms fall back a little without changing anything (domain §3). The
spread of rates is fitted on every operator of the program; a firm's side before is shrunk by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.features.compliance.rules.refusal import Refusal, Why
from marketplace.features.compliance.rules.shrinkage import (
    ExpectedFall,
    Prior,
    Shrunken,
    Unit,
    expected_fall,
    fit_prior,
    shrink,
)
from marketplace.features.compliance.rules.sides import Sums, Watched


@dataclass(frozen=True, slots=True)
class Regression:
    """Each operator's raw rate before entry beside its estimate, and the fall expected anyway.

    Those not enrolled stand with all their months: they are part of the program's spread.
    """

    prior: Prior | None
    estimates: tuple[Shrunken, ...]
    expected: ExpectedFall | None
    refused: Refusal | None = None


def regress(
    watched: Sequence[Watched],
    *,
    min_operators: int,
    min_findings: int,
    level: float = 0.95,
) -> Regression:
    """Return the estimates before entry and the expected fall; refused under the minimums."""
    return regress_units(
        [_unit(w, after=False) for w in watched if w.zero is not None],
        [_unit(w, after=True) for w in watched if w.zero is not None],
        [_unit(w, after=False) for w in watched if w.zero is None],
        min_operators=min_operators,
        min_findings=min_findings,
        level=level,
    )


def regress_units(
    before: Sequence[Unit],
    after: Sequence[Unit],
    others: Sequence[Unit],
    *,
    min_operators: int,
    min_findings: int,
    level: float = 0.95,
) -> Regression:
    """Return the same from what was added up: the enrolled on both sides, and the others."""
    prior, refused = _fit(
        before, others, min_operators=min_operators, min_findings=min_findings
    )
    if prior is None:
        return Regression(None, (), None, refused)
    seen = [u for u in (*before, *others) if u.exposure > 0]
    return Regression(
        prior, shrink(seen, prior, level=level), expected_fall(before, after, prior)
    )


def expect_units(
    before: Sequence[Unit],
    after: Sequence[Unit],
    others: Sequence[Unit],
    *,
    min_operators: int,
    min_findings: int,
) -> ExpectedFall | None:
    """Return the fall to be expected alone, the same as of `regress_units`.

    Nobody's own estimate and interval are made, which are most of the work in a large program.
    """
    prior, _refused = _fit(
        before, others, min_operators=min_operators, min_findings=min_findings
    )
    return None if prior is None else expected_fall(before, after, prior)


def _fit(
    before: Sequence[Unit], others: Sequence[Unit], *, min_operators: int, min_findings: int
) -> tuple[Prior | None, Refusal | None]:
    seen = [u for u in (*before, *others) if u.exposure > 0]
    found = sum(u.count for u in seen)
    if len(seen) < min_operators:
        return None, Refusal(Why.FEW_OPERATORS, min_operators, len(seen))
    if found < min_findings:
        return None, Refusal(Why.FEW_FINDINGS, min_findings, found)
    prior = fit_prior(seen)
    return prior, None if prior else Refusal(Why.NOTHING_FOUND, 1, found)


def _unit(w: Watched, *, after: bool) -> Unit:
    zero = w.zero
    kept = [
        m for m in w.months if zero is None or (m.month > zero if after else m.month < zero)
    ]
    sums = Sums.of(kept)
    return Unit(w.operator_id, sums.findings, sums.exposure)
