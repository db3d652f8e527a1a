"""Works out from the raw facts what the summaries must hold for some operators.

It writes nothing: keeping writes what it returns, checking compares it with what was written.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from marketplace.base.clock import month_index
from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance.asking import table_of
from marketplace.features.compliance.observing import Observation, observe
from marketplace.features.compliance.rules.summary import (
    MEASURES,
    Beside,
    Cell,
    Line,
    line_of,
    months_of,
)
from marketplace.features.compliance.watching import on_sale, watched
from marketplace.features.registry.tables import Factory

NO_END = 10**6  # a month index after every month that can be recorded
Where = tuple[int, bool, str]  # operator, adds up to the program, district
_measured = attrgetter(*MEASURES)


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """Rows of `operator_month` and `cohort_operator` by what names them, values in one tuple."""

    months: dict[tuple[Where, int], tuple[int, ...]]
    lines: dict[Where, tuple[Any, ...]]


def work_out(session: Session, rulebook: Rulebook, operator_ids: Collection[int]) -> WorkedOut:
    """Return the rows of some operators of a program.

    An operator in one district has one set of rows for both; one in several has a set for the
    program and one for each district, because an operator counts once in each.
    """
    found = WorkedOut({}, {})
    program = rulebook.program.key
    districts = _districts(session, program, operator_ids)
    for o in observe(session, program, operator_ids=operator_ids):
        of = districts.get(o.operator_id, set())
        _add(found, rulebook, o, whole=True, district=_only(of) if len(of) == 1 else "")
    several = {i: of for i, of in districts.items() if len(of) > 1}
    for district in sorted({d for of in several.values() for d in of if d}):
        ids = [i for i, of in several.items() if district in of]
        for o in observe(session, program, district=district, operator_ids=ids):
            _add(found, rulebook, o, whole=False, district=district)
    return found


def month_values(cohort: int, cell: Cell) -> tuple[int, ...]:
    """Return a month's row without its key: cohort, then the measures in order."""
    return (cohort, *_measured(cell))


def line_values(line: Line, kind: str) -> tuple[Any, ...]:
    """Return a line's row without its key, in the order of `LINE`."""
    left = line.left
    return (
        line.cohort, line.status, line.exit_month, line.spread.residual, line.spread.expected,
        left.months, left.last_seen, left.exposure, *left.before, *left.after, kind,
        {"sources": list(line.sources)},
    )  # fmt: skip


MONTH = ("cohort", *MEASURES)
LINE = (
    "cohort", "status", "exit_month", "residual", "expected", "months", "last_seen", "exposure",
    "before_listings", "before_exposure", "after_listings", "after_exposure", "kind", "sources",
)  # fmt: skip


def _add(
    found: WorkedOut, rulebook: Rulebook, o: Observation, *, whole: bool, district: str
) -> None:
    w = watched(rulebook, o, NO_END)
    exit_month = month_index(o.exit_on) if o.exit_on and o.time_zero else 0
    beside = Beside(o.inspections, o.near_misses, o.complaints, on_sale(rulebook, o))
    line = line_of(
        w,
        status=o.status.value if o.status and o.time_zero else "",
        exit_month=exit_month,
        sources=[row.source for row in o.exposure],
    )
    where = (o.operator_id, whole, district)
    found.lines[where] = line_values(line, rulebook.compliance.exposure_kind)
    for month, cell in months_of(w, beside, exit_month=exit_month).items():
        found.months[(where, month)] = month_values(line.cohort, cell)


def _districts(
    session: Session, program: str, operator_ids: Collection[int]
) -> dict[int, set[str]]:
    asked = {"program": program, "operators": sorted(operator_ids)}
    rows = session.execute(_districts_asked(), asked).all()
    found: dict[int, set[str]] = {}
    for operator_id, district in rows:
        found.setdefault(int(operator_id), set()).add(district or "")
    return found


@cache
def _districts_asked() -> sa.Select[Any]:
    t = table_of(Factory).c
    return (
        sa.select(t.operator_id, t.district)
        .where(
            t.program == sa.bindparam("program"),
            t.operator_id.in_(sa.bindparam("operators", expanding=True)),
        )
        .distinct()
    )


def _only(districts: set[str]) -> str:
    return next(iter(districts))
