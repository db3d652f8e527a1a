"""Whether an appeal may be filed, until when it is decided, and who must not decide it.

Pure. Terms are working days of the program file (`[enforcement.appeals]`), the last day included.
Who had a part before (`parts`), at any instance, or filed the appeal never decides: the source is
domain.md §2 rule 15 and the promise that a different person looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from marketplace.base.clock import add_working_days
from marketplace.base.rulebook import Rulebook
from marketplace.features.appeals.kinds import AppealStatus


@dataclass(frozen=True, slots=True)
class Filed:
    """An appeal as the rules see it: its instance, how it stands, the day it was decided."""

    instance: int
    status: AppealStatus
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class Door:
    """Whether the owner can appeal now: at which instance and until which day, or why not."""

    instance: int | None
    until: date | None
    refusal: str | None = None


def door(
    rulebook: Rulebook,
    *,
    appeal_until: date,
    filed: Iterable[Filed],
    day: date,
    reversed_already: bool = False,
) -> Door:
    """Return what an owner can do against a statement of reasons on a day.

    `appeal_until` is the last day the statement itself names.
    """
    last = max(filed, key=lambda one: one.instance, default=None)
    if reversed_already:
        return Door(None, None, "measures_reversed")
    if last is None:
        return _open(1, appeal_until, day)
    if last.status is AppealStatus.FILED:
        return Door(None, None, "appeal_open")
    if last.status is not AppealStatus.REJECTED or last.decided_on is None:
        return Door(None, None, "appeal_over")
    terms = rulebook.enforcement.appeals.file_working_days
    if last.instance >= len(terms):
        return Door(None, None, "no_instance_left")
    until = add_working_days(last.decided_on, terms[last.instance], rulebook.calendar)
    return _open(last.instance + 1, until, day)


def due_on(rulebook: Rulebook, *, instance: int, filed_on: date) -> date:
    """Return the day by which an instance decides."""
    days = rulebook.enforcement.appeals.decide_working_days[instance - 1]
    return add_working_days(filed_on, days, rulebook.calendar)


def paused_while_open(rulebook: Rulebook, measures: Iterable[str]) -> tuple[str, ...]:
    """Return which of the measures the program pauses while an appeal is open."""
    appeals = rulebook.enforcement.appeals
    stated = {m: appeals.effect_on(m) for m in measures}
    return tuple(
        m for m, rule in stated.items() if rule is not None and rule.effect == "paused"
    )


def _open(instance: int, until: date, day: date) -> Door:
    if day > until:
        return Door(None, until, "appeal_too_late")
    return Door(instance, until)
