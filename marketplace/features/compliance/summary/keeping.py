"""Keeps the summaries in step: what changed for an operator changes the sums by the difference.

Rows of one operator are worked out anew from its raw facts at the end of the unit in which one of
them changed; the sums over a cohort then change by new minus old. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.db import defer
from marketplace.base.db.upsert import add_to
from marketplace.base.errors import Unavailable
from marketplace.base.house import House
from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance.rules.summary import MEASURES, WINDOW
from marketplace.features.compliance.summary.working_out import (
    LINE,
    MONTH,
    Where,
    WorkedOut,
    work_out,
)
from marketplace.features.compliance.summary.years import refresh_years
from marketplace.features.compliance.tables import (
    CohortCount,
    CohortMonth,
    CohortOffset,
    CohortOperator,
    CohortSide,
    CohortSource,
    OperatorMonth,
)
from marketplace.features.registry.tables import Factory, StoreHolding

AT_ONCE = 50  # operators worked out in one unit of work: nobody waits long for it
_WAITING = "compliance.summary"
_FACTORIES = "compliance.summary.factories"
_STORES = "compliance.summary.stores"
Sums = dict[tuple[Any, ...], list[int]]


def refresh_later(
    session: Session,
    house: House,
    operator_ids: Iterable[int] = (),
    *,
    factory_ids: Iterable[int] = (),
    store_ids: Iterable[int] = (),
) -> None:
    """Have some operators worked out once at the end of this unit, whatever else happens in it.

    Those of factories, and those that ever held a store, are looked up then, all at once: a
    factory never changes hands, and events are handled when the work is done already.
    """
    session.info.setdefault(_WAITING, set()).update(operator_ids)
    session.info.setdefault(_FACTORIES, set()).update(factory_ids)
    session.info.setdefault(_STORES, set()).update(store_ids)
    defer(session, _WAITING, lambda s: _refresh_waiting(s, house))


def refresh(session: Session, rulebook: Rulebook, operator_ids: Collection[int]) -> None:
    """Write the rows of some operators of one program, and change the sums by the difference."""
    if not operator_ids:
        return
    session.flush()
    program, ids = rulebook.program.key, sorted(operator_ids)
    new = work_out(session, rulebook, ids)
    old, row_ids = read_rows(session, program, ids)
    connection = session.connection()
    _replace(connection, OperatorMonth, MONTH, old.months, new.months, row_ids, program)
    _replace(connection, CohortOperator, LINE, old.lines, new.lines, row_ids, program)
    for table, key, measures, sums in (
        (CohortMonth, ("district", "cohort", "month"), MEASURES, month_sums),
        (CohortOffset, ("district", "offset_months"), MEASURES, offset_sums),
        (CohortSide, ("district", "side", "month"), OBSERVED, side_sums),
        (CohortCount, ("district", "cohort", "status", "exit_month"), COUNTED, count_sums),
        (CohortSource, ("district", "cohort", "source"), ("operators",), source_sums),
    ):
        change = _difference(sums(new), sums(old))
        rows = [
            {"program": program}
            | dict(zip(key, at, strict=True))
            | dict(zip(measures, values, strict=True))
            for at, values in sorted(change.items())
        ]
        add_to(connection, _table(table), rows, key=("program", *key), measures=measures)


COUNTED = ("operators", "residual", "expected")
OBSERVED = ("exposure", "operators")


def read_rows(
    session: Session, program: str, operator_ids: Collection[int]
) -> tuple[WorkedOut, dict[tuple[str, Any], int]]:
    """Return the kept rows of some operators, and the number of each row."""
    found = WorkedOut({}, {})
    row_ids: dict[tuple[str, Any], int] = {}
    months, lines = _table(OperatorMonth), _table(CohortOperator)
    asked = {"program": program, "operators": sorted(operator_ids)}
    for row in session.execute(_rows_asked(OperatorMonth), asked).mappings():
        at = ((row["operator_id"], bool(row["whole"]), row["district"]), row["month"])
        found.months[at] = tuple(row[name] for name in MONTH)
        row_ids[(months.name, at)] = row["id"]
    for row in session.execute(_rows_asked(CohortOperator), asked).mappings():
        where = (row["operator_id"], bool(row["whole"]), row["district"])
        found.lines[where] = tuple(row[name] for name in LINE)
        row_ids[(lines.name, where)] = row["id"]
    return found, row_ids


@cache
def _rows_asked(kind: Any) -> sa.Select[Any]:
    table = _table(kind)
    return sa.select(table).where(
        table.c.program == sa.bindparam("program"),
        table.c.operator_id.in_(sa.bindparam("operators", expanding=True)),
    )


@cache
def _programs_asked() -> sa.Select[Any]:
    """Operators with their programs: by number, by their factories, by who held their stores."""
    t, holding = _table(Factory).c, _table(StoreHolding).c
    held = sa.select(holding.factory_id).where(
        holding.store_id.in_(sa.bindparam("stores", expanding=True))
    )
    return (
        sa.select(t.operator_id, t.program)
        .where(
            sa.or_(
                t.operator_id.in_(sa.bindparam("operators", expanding=True)),
                t.id.in_(sa.bindparam("factories", expanding=True)),
                t.id.in_(held),
            )
        )
        .distinct()
    )


def is_summary_due(session: Session, *, rulebook: Rulebook) -> bool:
    """Tell whether an operator has no row yet, or one of another kind of exposure."""
    return session.execute(_due(rulebook).limit(1)).first() is not None


def require_sums(session: Session, *, rulebook: Rulebook) -> None:
    """Make sure that the sums hold everybody, before what is read from them is written on paper.

    After an upgrade that makes them anew they fill up in the minutes that follow; meanwhile a
    spread read from them would be too small, and with it every interval.

    Raises:
        Unavailable: while somebody is missing.
    """
    if is_summary_due(session, rulebook=rulebook):
        raise Unavailable("sums_awaited")


def refresh_due(session: Session, *, rulebook: Rulebook, most: int = AT_ONCE) -> int:
    """Work out some of the operators that are due; return how many."""
    ids = [int(i) for i in session.execute(_due(rulebook).limit(most)).scalars()]
    refresh(session, rulebook, ids)
    return len(ids)


def month_sums(rows: WorkedOut) -> Sums:
    """Return the sums by district, cohort and month that some rows add up to."""
    sums: Sums = {}
    for (where, month), (cohort, *values) in rows.months.items():
        for district in _scopes(where):
            _add(sums, (district, cohort, month), values)
    return sums


def offset_sums(rows: WorkedOut) -> Sums:
    """Return the sums by district and months since enrollment, within the window."""
    sums: Sums = {}
    for (where, month), (cohort, *values) in rows.months.items():
        if cohort and abs(month - cohort) <= WINDOW:
            for district in _scopes(where):
                _add(sums, (district, month - cohort), values)
    return sums


def side_sums(rows: WorkedOut) -> Sums:
    """Return what was looked at and operators observed by district, side of enrollment and month."""
    sums: Sums = {}
    for (where, month), (cohort, *values) in rows.months.items():
        if cohort and 0 < abs(month - cohort) <= WINDOW:
            seen = [values[MEASURES.index(name)] for name in OBSERVED]
            for district in _scopes(where):
                _add(sums, (district, 1 if month > cohort else -1, month), seen)
    return sums


def count_sums(rows: WorkedOut) -> Sums:
    """Return counts and spread by district, cohort, status and month of exit."""
    sums: Sums = {}
    for where, values in rows.lines.items():
        cohort, status, exit_month, residual, expected = values[:5]
        for district in _scopes(where):
            _add(sums, (district, cohort, status, exit_month), (1, residual, expected))
    return sums


def source_sums(rows: WorkedOut) -> Sums:
    """Return how many operators have exposure from each source."""
    sums: Sums = {}
    for where, values in rows.lines.items():
        for district in _scopes(where):
            for source in values[-1]["sources"]:
                _add(sums, (district, values[0], source), (1,))
    return sums


def _scopes(where: Where) -> list[str]:
    _operator_id, whole, district = where
    return ([""] if whole else []) + ([district] if district else [])


def _add(sums: Sums, at: tuple[Any, ...], values: Iterable[int]) -> None:
    known = sums.get(at)
    sums[at] = (
        list(values) if known is None else [a + b for a, b in zip(known, values, strict=True)]
    )


def _difference(new: Sums, old: Sums) -> Sums:
    change: Sums = {}
    for at in new.keys() | old.keys():
        one, other = new.get(at), old.get(at)
        width = len(one or other or ())
        values = [a - b for a, b in zip(one or [0] * width, other or [0] * width, strict=True)]
        if any(values):
            change[at] = values
    return change


def _replace(
    connection: sa.Connection,
    kind: Any,
    names: tuple[str, ...],
    old: Mapping[Any, tuple[Any, ...]],
    new: Mapping[Any, tuple[Any, ...]],
    row_ids: Mapping[tuple[str, Any], int],
    program: str,
) -> None:
    """Take away the rows that changed or went, and put in those that changed or came."""
    table = _table(kind)
    gone = [row_ids[(table.name, at)] for at, was in old.items() if new.get(at) != was]
    if gone:
        connection.execute(sa.delete(table).where(table.c.id.in_(gone)))
    come = [
        {"program": program} | _key(at) | dict(zip(names, values, strict=True))
        for at, values in new.items()
        if old.get(at) != values
    ]
    if come:
        connection.execute(sa.insert(table), come)


def _key(at: Any) -> dict[str, Any]:
    if len(at) == 2:
        (operator_id, whole, district), month = at
        return {
            "operator_id": operator_id, "whole": whole, "district": district, "month": month,
        }  # fmt: skip
    operator_id, whole, district = at
    return {"operator_id": operator_id, "whole": whole, "district": district}


def _due(rulebook: Rulebook) -> sa.Select[Any]:
    line = CohortOperator
    return (
        sa.select(col(Factory.operator_id))
        .outerjoin(
            line,
            sa.and_(
                col(line.operator_id) == col(Factory.operator_id),
                col(line.program) == col(Factory.program),
                col(line.whole).is_(True),
            ),
        )
        .where(
            col(Factory.program) == rulebook.program.key,
            sa.or_(col(line.id).is_(None), col(line.kind) != rulebook.compliance.exposure_kind),
        )
        .distinct()
        .order_by(col(Factory.operator_id))
    )


def _refresh_waiting(session: Session, house: House) -> None:
    ids: set[int] = session.info.pop(_WAITING, set())
    factories: set[int] = session.info.pop(_FACTORIES, set())
    stores: set[int] = session.info.pop(_STORES, set())
    session.flush()
    asked = {
        "operators": sorted(ids),
        "factories": sorted(factories),
        "stores": sorted(stores),
    }
    programs = session.execute(_programs_asked(), asked).all()
    for program in sorted({row[1] for row in programs}):
        if program in house.rulebooks:
            some = [int(row[0]) for row in programs if row[1] == program]
            refresh(session, house.rulebook(program), some)
            refresh_years(session, house.rulebook(program), house.clock, some)


def _table(kind: Any) -> sa.Table:
    found: sa.Table = kind.__table__
    return found
