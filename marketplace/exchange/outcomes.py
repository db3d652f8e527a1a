"""Turns what became of each row into the lines of the report.

One line per data row, and one more per further fault. `column` is the canonical field. A firm
outside the program is reported under `district`: its code may be right, its place is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from marketplace.base.words import Lang, say
from marketplace.exchange.faults import RowFault
from marketplace.exchange.kinds import Outcome, Undone
from marketplace.exchange.rows import RowReading

_NO_FACTS: Mapping[str, object] = MappingProxyType({})  # one for all rows that went in plainly
REPORT_COLUMNS = ("row", "outcome", "column", "value", "reason", "fix")


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line: the row as the spreadsheet numbers it, and what there is to say.

    `code` and `fix_code` are empty when a row went in with nothing to say.
    """

    row: int
    outcome: Outcome
    column: str = ""
    value: str = ""
    code: str = ""
    fix_code: str = ""
    facts: Mapping[str, object] = field(default_factory=lambda: _NO_FACTS)

    def reason(self, lang: Lang) -> str:
        """Return the sentence of the fault, or nothing."""
        return say(f"error.{self.code}", lang, **self.facts) if self.code else ""

    def fix(self, lang: Lang) -> str:
        """Return the advice, or nothing."""
        return say(f"exchange.fix.{self.fix_code}", lang, **self.facts) if self.code else ""

    def stored(self) -> dict[str, object]:
        """Return the line in a canonical form, to be kept with the import."""
        return {
            "row": self.row,
            "outcome": self.outcome.value,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "fix": self.fix_code,
            "facts": {name: _plain(fact) for name, fact in self.facts.items()},
        }


def report_lines(
    reading: RowReading, *, outcome: Outcome | None = None, further: Sequence[RowFault] = ()
) -> tuple[ReportLine, ...]:
    """Return the lines of one row.

    Args:
        reading: the row as read.
        outcome: what the commit did; without it the row's own hint, or `inserted`.
        further: faults that only the commit could find; they come first.
    """
    final = outcome or reading.hint or Outcome.INSERTED
    faults = (*further, *(_as_taken(fault, final) for fault in reading.faults))
    if not faults:
        return (ReportLine(reading.row, final),)
    return tuple(line_of(reading.row, final, fault) for fault in faults)


def _as_taken(fault: RowFault, outcome: Outcome) -> RowFault:
    """What is said of a row without a code, where it became no draft.

    The register may have known the firm by its name; or something else kept the row out.
    """
    if fault.code != "row_uscc_missing":
        return fault
    match outcome:
        case Outcome.UNCHANGED | Outcome.UPDATED:
            return replace(fault, code="row_uscc_by_name")
        case Outcome.REJECTED:
            return replace(fault, code="row_uscc_absent")
        case _:
            return fault


def line_of(row: int, outcome: Outcome, fault: RowFault) -> ReportLine:
    """Return the line that says one fault of one row."""
    return ReportLine(
        row=row,
        outcome=outcome,
        column=fault.column,
        value=fault.value,
        code=fault.code,
        fix_code=fault.fix_code,
        facts=fault.facts,
    )


def line_from(stored: Mapping[str, object]) -> ReportLine:
    """Return a line from the form that `ReportLine.stored` gave.

    Raises:
        KeyError: when a part is missing.
        ValueError: when the row or outcome is none.
    """
    facts = stored["facts"]
    return ReportLine(
        row=int(str(stored["row"])),
        outcome=Outcome(str(stored["outcome"])),
        column=str(stored["column"]),
        value=str(stored["value"]),
        code=str(stored["code"]),
        fix_code=str(stored["fix"]),
        facts=dict(facts) if isinstance(facts, Mapping) and facts else _NO_FACTS,
    )


@dataclass(frozen=True, slots=True)
class UndoLine:
    """What the undo did with one row; `code` and `facts` say why something stayed."""

    row: int
    outcome: Undone
    code: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """Return the line in a plain form, to be kept with the row."""
        facts = {name: str(fact) for name, fact in self.facts.items()}
        return {"outcome": self.outcome.value, "code": self.code, "facts": facts}


def undo_told(row: int, stored: Mapping[str, Any]) -> UndoLine:
    """Return a line from the form that `UndoLine.stored` gave."""
    return UndoLine(row, Undone(stored["outcome"]), str(stored["code"]), dict(stored["facts"]))


def count_outcomes(lines: Iterable[ReportLine]) -> dict[str, int]:
    """Return how many rows had each outcome, every outcome named; a row counts once."""
    rows = {line.row: line.outcome for line in lines}
    counted = Counter(rows.values())
    return {outcome.value: counted[outcome] for outcome in Outcome}


def _plain(fact: object) -> str | int:
    return fact if isinstance(fact, int) else str(fact)
