"""Keeps what every operator's last twelve whole months come to, in step with its kept months.

Worked out from `operator_month`, which is proven equal to the raw facts, at the end of the unit in
which a fact changed, and for everybody when a month ends. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from marketplace.base.clock import Clock, month_index, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance.asking import table_of
from marketplace.features.compliance.rules.years import MONTHS, rank_of
from marketplace.features.compliance.tables import CohortOperator, OperatorMonth, OperatorYear
from marketplace.features.registry.tables import Factory

AT_ONCE = 500  # operators in one unit of work: nobody waits long for it
SUMS = (
    "exposure", "findings", "listings", "overturned", "outside_findings", "outside_listings", "inspections",
    "near_misses", "complaints",
)  # fmt: skip
VALUES = (
    "factory_id", "name_key", "factories", "status", "exit_month", "until_month", "ranked_from",
    "months", *SUMS, "rank",
)  # fmt: skip
At = tuple[int, str]  # operator, place
Years = dict[At, tuple[Any, ...]]
_IDS: sa.BindParameter[Any] = sa.bindparam("operators", expanding=True)
_PROGRAM: sa.BindParameter[str] = sa.bindparam("program", type_=sa.String())


def refresh_years(
    session: Session, rulebook: Rulebook, clock: Clock, operator_ids: Collection[int]
) -> None:
    """Write the years of some operators of one program where they changed."""
    if not operator_ids:
        return
    program, table = rulebook.program.key, table_of(OperatorYear)
    new = work_out_years(session, rulebook, clock, operator_ids)
    old, row_ids = read_years(session, program, operator_ids)
    gone = [row_ids[at] for at, was in old.items() if new.get(at) != was]
    come = [
        {"program": program, "operator_id": at[0], "place": at[1]}
        | dict(zip(VALUES, values, strict=True))
        for at, values in new.items()
        if old.get(at) != values
    ]
    connection = session.connection()
    if gone:
        connection.execute(sa.delete(table).where(table.c.id.in_(gone)))
    if come:
        connection.execute(sa.insert(table), come)


def is_year_due(session: Session, *, rulebook: Rulebook, clock: Clock) -> bool:
    """Tell whether a year is missing, ends with another month or was ranked by another rule."""
    return session.execute(_due(), _due_asked(rulebook, clock, 1)).first() is not None


def refresh_due_years(
    session: Session, *, rulebook: Rulebook, clock: Clock, most: int = AT_ONCE
) -> int:
    """Work out some of the years that are due; return of how many operators."""
    asked = _due_asked(rulebook, clock, most)
    ids = [int(i) for i in session.execute(_due(), asked).scalars()]
    refresh_years(session, rulebook, clock, ids)
    return len(ids)


def work_out_years(
    session: Session, rulebook: Rulebook, clock: Clock, operator_ids: Collection[int]
) -> Years:
    """Return operator and place → values in the order of `VALUES`, from the kept months."""
    program, until = rulebook.program.key, month_index(today(clock)) - 1
    ranked_from = rulebook.methods.min_funnel_checked
    ids = sorted(operator_ids)
    asked = {"program": program, "operators": ids}
    firms = _firms(session, asked)
    within = {**asked, "first": until - MONTHS + 1, "until": until}
    sums: dict[tuple[int, bool, str], tuple[int, ...]] = {
        (operator_id, bool(whole), district): tuple(int(n) for n in numbers)
        for operator_id, whole, district, *numbers in session.execute(_sums(), within)
    }
    nothing = (0,) * (1 + len(SUMS))
    found: Years = {}
    for operator_id, whole, district, status, left in session.execute(_lines(), asked):
        numbers = sums.get((operator_id, bool(whole), district), nothing)
        rank = rank_of(numbers[2], numbers[1], ranked_from)
        for place in ([""] if whole else []) + ([district] if district else []):
            firm = firms.get((operator_id, place))
            if firm is not None:
                told = (*firm, status, left, until, ranked_from, *numbers, rank)
                found[(operator_id, place)] = told
    return found


def read_years(
    session: Session, program: str, operator_ids: Collection[int]
) -> tuple[Years, dict[At, int]]:
    """Return the kept years of some operators, and the number of each row."""
    found: Years = {}
    row_ids: dict[At, int] = {}
    asked = {"program": program, "operators": sorted(operator_ids)}
    for row_id, operator_id, place, *values in session.execute(_kept(), asked):
        found[(operator_id, place)] = tuple(values)
        row_ids[(operator_id, place)] = row_id
    return found, row_ids


def _firms(session: Session, asked: dict[str, Any]) -> dict[At, tuple[int, str, int]]:
    """Return operator and place → first factory there, its name, how many there are."""
    found: dict[At, tuple[int, str, int]] = {}
    for operator_id, factory_id, name, district in session.execute(_factories(), asked):
        for place in {"", district or ""}:
            first = found.get((operator_id, place), (factory_id, name, 0))
            found[(operator_id, place)] = (first[0], first[1], first[2] + 1)
    return found


@cache
def _factories() -> sa.Select[Any]:
    t = table_of(Factory).c
    return (
        sa.select(t.operator_id, t.id, t.name, t.district)
        .where(t.program == _PROGRAM, t.operator_id.in_(_IDS))
        .order_by(t.id)
    )


@cache
def _lines() -> sa.Select[Any]:
    t = table_of(CohortOperator).c
    return sa.select(t.operator_id, t.whole, t.district, t.status, t.exit_month).where(
        t.program == _PROGRAM, t.operator_id.in_(_IDS)
    )


@cache
def _sums() -> sa.Select[Any]:
    """Operator, scope, months observed and sums over the months `first` to `until`."""
    t = table_of(OperatorMonth).c
    scope = (t.operator_id, t.whole, t.district)
    return (
        sa.select(*scope, sa.func.sum(t.operators), *(sa.func.sum(t[name]) for name in SUMS))
        .where(
            t.program == _PROGRAM,
            t.operator_id.in_(_IDS),
            t.month.between(sa.bindparam("first"), sa.bindparam("until")),
        )
        .group_by(*scope)
    )


@cache
def _kept() -> sa.Select[Any]:
    t = table_of(OperatorYear).c
    return sa.select(t.id, t.operator_id, t.place, *(t[name] for name in VALUES)).where(
        t.program == _PROGRAM, t.operator_id.in_(_IDS)
    )


@cache
def _due() -> sa.Select[Any]:
    year, line = table_of(OperatorYear).c, table_of(CohortOperator).c
    return (
        sa.select(line.operator_id)
        .outerjoin_from(
            table_of(CohortOperator),
            table_of(OperatorYear),
            sa.and_(
                year.operator_id == line.operator_id,
                year.program == line.program,
                year.place == "",
            ),
        )
        .where(
            line.program == _PROGRAM,
            line.whole.is_(True),
            sa.or_(
                year.id.is_(None),
                year.until_month != sa.bindparam("until"),
                year.ranked_from != sa.bindparam("ranked_from"),
            ),
        )
        .order_by(line.operator_id)
        .limit(sa.bindparam("most"))
    )


def _due_asked(rulebook: Rulebook, clock: Clock, most: int) -> dict[str, Any]:
    return {
        "program": rulebook.program.key,
        "until": month_index(today(clock)) - 1,
        "ranked_from": rulebook.methods.min_funnel_checked,
        "most": most,
    }
