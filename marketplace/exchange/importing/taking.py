"""Gives the rows of a file to the commands of their kind, one savepoint a row.

A row that is refused leaves nothing behind and holds up no other row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock
from marketplace.base.db.watching import Touched
from marketplace.base.errors import Invalid, MarketplaceError
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import has_key
from marketplace.exchange.faults import RowFault, Value
from marketplace.exchange.kinds import Outcome
from marketplace.exchange.periods import Period
from marketplace.features.enforcement.kinds import Origin


@dataclass(frozen=True, slots=True)
class Sending:
    """What all rows of one file have in common.

    `first_days` maps a store of the file to the first day its rows speak of. `origin` is that of
    the rows of complaints that do not tell their own.
    """

    rulebook: Rulebook
    clock: Clock
    actor: Actor
    source: str
    source_on: date | None
    confirms_stores: bool
    first_days: Mapping[tuple[str, str], date]
    origin: Origin | None = None

    @property
    def program(self) -> str:
        """The program the rows go into."""
        return self.rulebook.program.key


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one row, and what the commit has to say about it."""

    outcome: Outcome
    faults: tuple[RowFault, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenAhead:
    """A row that was taken together with others, and the rows written for it."""

    taken: Taken
    touched: tuple[Touched, ...]


class Rejected(Exception):
    """The row cannot go in; `fault` says why."""

    def __init__(self, fault: RowFault) -> None:
        """Keep the fault."""
        super().__init__(fault.code)
        self.fault = fault


# Where a command's word for a fact is not the column's.
_COLUMN_OF = {
    "period_from": "decided_on",
    "period_until": "decided_on",
    "reference_no": "decision_no",
}

Taker = Callable[[Session, Sending, Mapping[str, Value]], Taken]
# Given many rows by number, takes those it can take together; the rest goes to a `Taker`.
ManyTaker = Callable[
    [Session, Sending, Mapping[int, Mapping[str, Value]]], dict[int, TakenAhead]
]


def take_row(
    session: Session, sending: Sending, values: Mapping[str, Value], taker: Taker
) -> Taken:
    """Take one row in a savepoint; what refuses it becomes its faults."""
    announced = len(session.info["events"])
    try:
        with session.begin_nested():
            return taker(session, sending, values)
    except Rejected as verdict:
        faults: tuple[RowFault, ...] = (verdict.fault,)
    except Invalid as error:
        faults = tuple(
            _fault(column, f.code, f.facts, _said(values.get(column)))
            for f in error.faults
            for column in [_COLUMN_OF.get(f.place, f.place)]
        )
    except MarketplaceError as error:
        faults = (_fault("", error.code, error.facts, ""),)
    # The savepoint took back what was written; what was announced about it goes too.
    del session.info["events"][announced:]
    return Taken(Outcome.REJECTED, faults)


def combined(outcomes: Sequence[Outcome | str]) -> Outcome:
    """Return what one row made of several writes comes to."""
    said = {Outcome(o) for o in outcomes}
    if not said or said == {Outcome.UNCHANGED}:
        return Outcome.UNCHANGED
    return (
        Outcome.INSERTED if said <= {Outcome.INSERTED, Outcome.UNCHANGED} else Outcome.UPDATED
    )


def _said(value: Value) -> str:
    return value.from_on.isoformat() if isinstance(value, Period) else str(value or "")


def _fault(place: str, code: str, facts: Mapping[str, object], value: str) -> RowFault:
    fix = "" if has_key(f"exchange.fix.{code}") else "as_said"
    return RowFault(place, code, value[:200], dict(facts), fix)
