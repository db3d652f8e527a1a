"""The error rate of drawn decisions; unjudged ones and those nobody can tell never enter it.

Source of the interval: Clopper and Pearson (1934), exact. A sample without replacement from a
small frame knows more than it says: the interval errs on the wide side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.features.compliance.rules.intervals import Interval, proportion_interval
from marketplace.features.oversight.kinds import Judgment


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """What the judgments say; `interval` is None while none is clear.

    `told` = correct + wrong is the denominator; `open` were drawn and not judged yet; `frame` is
    how many decisions the draw was taken from.
    """

    wrong: int
    told: int
    cannot_tell: int
    open: int
    frame: int
    interval: Interval | None

    @property
    def rate(self) -> float | None:
        """Wrong of told; None of none."""
        return self.wrong / self.told if self.told else None


def error_rate(
    judgments: Sequence[Judgment | None], *, frame: int, level: float = 0.95
) -> ErrorRate:
    """Return the error rate of the judged ones; None stands for one not judged."""
    wrong = sum(1 for j in judgments if j is Judgment.WRONG)
    told = wrong + sum(1 for j in judgments if j is Judgment.CORRECT)
    return ErrorRate(
        wrong=wrong,
        told=told,
        cannot_tell=sum(1 for j in judgments if j is Judgment.CANNOT_TELL),
        open=sum(1 for j in judgments if j is None),
        frame=frame,
        interval=proportion_interval(wrong, told, level),
    )
