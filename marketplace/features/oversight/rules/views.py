"""Whether somebody had reason to look at what belongs to a firm; no cause is a question only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.features.oversight.kinds import ViewCause, ViewKind


@dataclass(frozen=True, slots=True)
class View:
    """One look: who, at what of which operator, when."""

    kind: ViewKind
    ref_id: int
    person: int
    operator_id: int
    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Span:
    """Something of an operator that waits from-until; `until` None is still open.

    `person` is whose task it is; None means anybody of the office.
    """

    operator_id: int
    since: datetime
    until: datetime | None
    cause: ViewCause
    person: int | None = None


def cause_of(view: View, spans: Iterable[Span], *, within_days: int) -> ViewCause | None:
    """Return the nearest cause that held within ± `within_days` of the view; None without one."""
    wide = timedelta(days=within_days)
    held = {
        s.cause
        for s in spans
        if s.operator_id == view.operator_id
        and s.person in {None, view.person}
        and s.since - wide <= view.at
        and (s.until is None or view.at <= s.until + wide)
    }
    return next((cause for cause in ViewCause if cause in held), None)
