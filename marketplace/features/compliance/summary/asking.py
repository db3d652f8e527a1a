"""The statements that ask for kept sums: built once, then run with other numbers.

All take `program`, `place` (empty for the whole program) and `last`, a month index. They grant
nothing; queries ask for permission.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from marketplace.features.compliance.asking import (
    PROGRAM,
    first_complaint,
    first_draw,
    table_of,
)
from marketplace.features.compliance.rules.summary import MEASURES, WINDOW
from marketplace.features.compliance.tables import (
    CohortCount,
    CohortMonth,
    CohortOffset,
    CohortOperator,
    CohortSide,
    CohortSource,
    OperatorMonth,
)
from marketplace.features.history.tables import Disclosure

ADDED = MEASURES[:-2]  # without `opened` and `closed`, which only coverage needs
_PLACE: sa.BindParameter[str] = sa.bindparam("place", type_=sa.String())
_NO_TEXT: Any = sa.literal_column("''")
_LAST: sa.BindParameter[int] = sa.bindparam("last", type_=sa.Integer())


@cache
def months() -> sa.CompoundSelect[Any]:
    """Months since enrollment, calendar month and sums: added up, and what does not count of them.

    The first have no calendar month and go beyond `last`; the others are the later months and
    entries to be taken away, with their sums below zero.
    """
    t, late = table_of(CohortOffset).c, table_of(CohortMonth).c
    return sa.union_all(
        sa.select(t.offset_months, sa.null(), *(t[name] for name in ADDED)).where(
            t.program == PROGRAM, t.district == _PLACE
        ),
        sa.select(
            (late.month - late.cohort), late.month, *(-late[name] for name in ADDED)
        ).where(
            late.program == PROGRAM,
            late.district == _PLACE,
            late.cohort > 0,
            late.cohort > _LAST - WINDOW - 1,
            sa.or_(late.month > _LAST, late.cohort > _LAST),
            *_near(late),
        ),
    )


@cache
def beside() -> sa.CompoundSelect[Any]:
    """Everything else in one go: part, text and four numbers.

    `side`: side, month, what was looked at and operators observed, later months than `last` included.
    `count`: operators by status and month of exit. `due`: store-months due up to `last`. `source`:
    the sources of the reports of all enrolled.
    """
    return sa.union_all(_sides(), _counts(), _due(), _sources())


def _part(
    part: str, text: Any, *numbers: Any
) -> sa.Select[tuple[str, str | None, int, int, int, int]]:
    zeros: tuple[Any, ...] = (sa.literal_column("0"),) * (4 - len(numbers))
    return sa.select(sa.literal_column(f"'{part}'"), text, *numbers, *zeros)


def _sides() -> sa.Select[Any]:
    t = table_of(CohortSide).c
    return _part("side", _NO_TEXT, t.side, t.month, t.exposure, t.operators).where(
        t.program == PROGRAM, t.district == _PLACE
    )


def _counts() -> sa.Select[Any]:
    t = table_of(CohortCount).c
    return (
        _part("count", t.status, t.exit_month, sa.func.sum(t.operators))
        .where(t.program == PROGRAM, t.district == _PLACE, t.cohort > 0, t.cohort <= _LAST)
        .group_by(t.status, t.exit_month)
    )


def _due() -> sa.Select[Any]:
    t = table_of(CohortMonth).c
    until = sa.case((t.cohort + WINDOW < _LAST, t.cohort + WINDOW), else_=_LAST)
    months = sa.func.sum((t.opened - t.closed) * (until - t.month + 1))
    return _part("due", _NO_TEXT, sa.func.coalesce(months, 0)).where(
        t.program == PROGRAM,
        t.district == _PLACE,
        t.cohort > 0,
        t.cohort <= _LAST,
        t.month <= _LAST,
        sa.text("opened <> closed"),  # as the partial index has it
        *_near(t),
    )


def _sources() -> sa.Select[Any]:
    t = table_of(CohortSource).c
    return (
        _part("source", t.source)
        .where(t.program == PROGRAM, t.district == _PLACE, t.cohort > 0, t.cohort <= _LAST)
        .distinct()
    )


@cache
def firsts() -> sa.Select[Any]:
    """The instants of the program's first complaint and first draw of listings."""
    return sa.select(first_complaint().scalar_subquery(), first_draw().scalar_subquery())


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


def _near(t: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return (t.month >= t.cohort - WINDOW, t.month <= t.cohort + WINDOW)
