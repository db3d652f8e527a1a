"""The statements that ask for kept sums: built once, then run with other numbers.

All take `program`, `place` (empty for the whole program) and `last`, a month index. They grant
nothing; queries ask for permission.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from marketplace.features.compliance.asking import PROGRAM, table_of
from marketplace.features.compliance.rules.summary import MEASURES, WINDOW
from marketplace.features.compliance.tables import (
    CohortCount,
    CohortMonth,
    CohortOperator,
    CohortSource,
    OperatorMonth,
)
from marketplace.features.history.tables import Disclosure

_ADDED = MEASURES[:-2]  # without `opened` and `closed`, which only coverage needs
_PLACE: sa.BindParameter[str] = sa.bindparam("place", type_=sa.String())
_LAST: sa.BindParameter[int] = sa.bindparam("last", type_=sa.Integer())
_SINCE: sa.BindParameter[int] = sa.bindparam("since", type_=sa.Integer())
_DRAWN: sa.BindParameter[int] = sa.bindparam("drawn", type_=sa.Integer())


@cache
def months() -> sa.Select[Any]:
    """By months since enrollment: the added sums, months from `since` and `drawn`, those due."""
    t = table_of(CohortMonth).c
    offset = (t.month - t.cohort).label("offset_months")
    due_until = sa.case((t.cohort + WINDOW < _LAST, t.cohort + WINDOW), else_=_LAST)
    due = (t.opened - t.closed) * (due_until - t.month + 1)
    return (
        sa.select(
            offset,
            *(sa.func.sum(t[name]) for name in _ADDED),
            sa.func.sum(sa.case((t.month >= _SINCE, t.operators), else_=0)),
            sa.func.sum(sa.case((t.month >= _DRAWN, t.operators), else_=0)),
            sa.func.sum(due),
        )
        .where(*_within())
        .group_by(offset)
        .order_by(offset)
    )


@cache
def sampled(*, whole: bool) -> sa.Select[Any]:
    """Operator and month of what is observed after enrollment, for the operators in `operators`."""
    t = table_of(OperatorMonth).c
    return (
        sa.select(t.operator_id, t.month)
        .where(
            t.program == PROGRAM,
            _in_place(t, whole=whole),
            t.operator_id.in_(sa.bindparam("operators", expanding=True)),
            t.stores > 0,
            t.cohort > 0,
            t.cohort <= _LAST,
            t.month <= _LAST,
            t.month > t.cohort,
            t.month <= t.cohort + WINDOW,
        )
        .distinct()
    )


@cache
def distinct_months() -> sa.Select[Any]:
    """How many calendar months hold a report before, and after, anybody's time zero."""
    t = table_of(CohortMonth).c

    def distinct(side: sa.ColumnElement[bool]) -> Any:
        seen = sa.and_(side, t.stores > 0)
        return sa.func.count(sa.distinct(sa.case((seen, t.month))))

    return sa.select(distinct(t.month < t.cohort), distinct(t.month > t.cohort)).where(
        *_within()
    )


@cache
def counts() -> sa.Select[Any]:
    """Operators by status and month of exit."""
    t = table_of(CohortCount).c
    return (
        sa.select(t.status, t.exit_month, sa.func.sum(t.operators))
        .where(t.program == PROGRAM, t.district == _PLACE, t.cohort > 0, t.cohort <= _LAST)
        .group_by(t.status, t.exit_month)
    )


@cache
def residuals() -> sa.Select[Any]:
    """The two sums of the whole program's dispersion."""
    t = table_of(CohortCount).c
    return sa.select(sa.func.sum(t.residual), sa.func.sum(t.expected)).where(
        t.program == PROGRAM, t.district == ""
    )


@cache
def left(*, whole: bool) -> sa.Select[Any]:
    """Those who left, with what stood on both sides; in order of their number."""
    t = table_of(CohortOperator).c
    return (
        sa.select(
            t.cohort, t.last_seen, t.months, t.exposure,
            t.before_listings, t.before_exposure, t.after_listings, t.after_exposure,
        )
        .where(
            t.program == PROGRAM,
            _in_place(t, whole=whole),
            t.exit_month > 0,
            t.exit_month <= _LAST,
            t.cohort > 0,
            t.cohort <= _LAST,
            t.months > 0,
        )
        .order_by(t.operator_id)
    )  # fmt: skip


@cache
def declared(*, whole: bool) -> sa.Select[Any]:
    """One declaration by anybody enrolled, if there is one."""
    t, d = table_of(CohortOperator).c, table_of(Disclosure).c
    return (
        sa.select(d.id)
        .join_from(
            table_of(Disclosure), table_of(CohortOperator), t.operator_id == d.operator_id
        )
        .where(
            t.program == PROGRAM,
            _in_place(t, whole=whole),
            d.program == PROGRAM,
            t.cohort > 0,
            t.cohort <= _LAST,
        )
        .limit(1)
    )


@cache
def sources() -> sa.Select[Any]:
    """The sources of the reports of all enrolled."""
    t = table_of(CohortSource).c
    return (
        sa.select(t.source)
        .where(t.program == PROGRAM, t.district == _PLACE, t.cohort > 0, t.cohort <= _LAST)
        .distinct()
    )


@cache
def units(*, whole: bool) -> sa.Select[Any]:
    """Operator, side (-1 before, 0 not enrolled, 1 after), findings and checks."""
    t = table_of(OperatorMonth).c
    side = sa.case((t.cohort == 0, 0), (t.month < t.cohort, -1), (t.month > t.cohort, 1)).label(
        "side"
    )
    return (
        sa.select(t.operator_id, side, sa.func.sum(t.findings), sa.func.sum(t.exposure))
        .where(
            t.program == PROGRAM,
            _in_place(t, whole=whole),
            t.stores > 0,
            t.month <= _LAST,
            t.cohort <= _LAST,
            sa.or_(t.cohort == 0, sa.func.abs(t.month - t.cohort) <= WINDOW),
        )
        .group_by(t.operator_id, side)
        .order_by(t.operator_id)
    )


def _in_place(t: Any, *, whole: bool) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = t.whole.is_(True) if whole else t.district == _PLACE
    return found


def _within() -> tuple[sa.ColumnElement[bool], ...]:
    t = table_of(CohortMonth).c
    return (
        t.program == PROGRAM,
        t.district == _PLACE,
        t.cohort > 0,
        t.cohort <= _LAST,
        t.month <= _LAST,
        t.month >= t.cohort - WINDOW,
        t.month <= t.cohort + WINDOW,
    )
