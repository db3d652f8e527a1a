"""Proves the summaries equal to the raw facts, and makes the sums anew.

Rows of operators are worked out again in Python, by the code that reads raw facts for every figure;
the sums over them are compared, and made anew, by the database alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.clock import Clock
from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance.rules.summary import MEASURES, WINDOW
from marketplace.features.compliance.summary.keeping import (
    COUNTED,
    OBSERVED,
    read_rows,
    source_sums,
)
from marketplace.features.compliance.summary.working_out import (
    LINE,
    MONTH,
    WorkedOut,
    work_out,
)
from marketplace.features.compliance.summary.years import (
    VALUES,
    read_years,
    work_out_years,
)
from marketplace.features.compliance.tables import (
    CohortCount,
    CohortMonth,
    CohortOffset,
    CohortOperator,
    CohortSide,
    CohortSource,
    OperatorMonth,
)
from marketplace.features.registry.tables import Factory

_BATCH = 200
_Rows = Mapping[Any, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Drift:
    """A kept row that is not what it should be: its table, what names it, and which columns."""

    table: str
    row: str
    columns: tuple[str, ...]


def check(session: Session, *, rulebook: Rulebook) -> list[Drift]:
    """Return every difference between the summaries of a program and its raw facts."""
    found: list[Drift] = []
    sources: dict[tuple[Any, ...], int] = {}
    for ids in _batches(_operators(session, rulebook.program.key)):
        raw = work_out(session, rulebook, ids)
        kept, _row_ids = read_rows(session, rulebook.program.key, ids)
        found += _rows_differing(raw, kept)
        for at, (n,) in source_sums(kept).items():
            sources[at] = sources.get(at, 0) + n
    return found + _sums_differing(session, rulebook.program.key, sources)


def check_years(session: Session, *, rulebook: Rulebook, clock: Clock) -> list[Drift]:
    """Return every kept year that differs from its kept months; `check` proves those."""
    found: list[Drift] = []
    for ids in _batches(_operators(session, rulebook.program.key)):
        now = work_out_years(session, rulebook, clock, ids)
        was, _row_ids = read_years(session, rulebook.program.key, ids)
        found += [
            Drift(
                "operator_year",
                " ".join(part for part in (f"operator {at[0]}", at[1]) if part),
                _columns(VALUES, now.get(at), was.get(at)),
            )
            for at in sorted(now.keys() | was.keys())
            if now.get(at) != was.get(at)
        ]
    return found


def rebuild_sums(session: Session, *, rulebook: Rulebook) -> None:
    """Make the sums over cohorts anew from the rows of operators."""
    program = rulebook.program.key
    for kind, statement, key, measures in _made(program):
        table, columns = _table(kind), (*_PLACE, *key, *measures)
        session.connection().execute(sa.delete(table).where(table.c.program == program))
        session.connection().execute(sa.insert(table).from_select(columns, statement))
    sources: dict[tuple[Any, ...], int] = {}
    for ids in _batches(_operators(session, program)):
        kept, _row_ids = read_rows(session, program, ids)
        for at, (n,) in source_sums(kept).items():
            sources[at] = sources.get(at, 0) + n
    table = _table(CohortSource)
    session.connection().execute(sa.delete(table).where(table.c.program == program))
    rows = [
        {"program": program, "district": d, "cohort": c, "source": s, "operators": n}
        for (d, c, s), n in sorted(sources.items())
    ]
    if rows:
        session.connection().execute(sa.insert(table), rows)


def operator_batches(session: Session, *, program: str) -> Iterator[Sequence[int]]:
    """Yield the operators of a program, and those that only a summary knows, some at a time."""
    yield from _batches(_operators(session, program))


def _operators(session: Session, program: str) -> list[int]:
    told = sa.union(
        sa.select(col(Factory.operator_id)).where(col(Factory.program) == program),
        sa.select(col(CohortOperator.operator_id)).where(
            col(CohortOperator.program) == program
        ),
    )
    return sorted(int(i) for i in session.execute(told).scalars())


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]


def _rows_differing(raw: WorkedOut, kept: WorkedOut) -> list[Drift]:
    pairs: tuple[tuple[str, tuple[str, ...], _Rows, _Rows], ...] = (
        ("operator_month", MONTH, raw.months, kept.months),
        ("cohort_operator", LINE, raw.lines, kept.lines),
    )
    return [
        Drift(table, _told(at), _columns(names, now.get(at), was.get(at)))
        for table, names, now, was in pairs
        for at in sorted(now.keys() | was.keys(), key=str)
        if now.get(at) != was.get(at)
    ]


def _columns(
    names: tuple[str, ...], one: tuple[Any, ...] | None, other: tuple[Any, ...] | None
) -> tuple[str, ...]:
    if one is None or other is None:
        return ("missing",) if other is None else ("too_many",)
    return tuple(n for n, a, b in zip(names, one, other, strict=True) if a != b)


def _told(at: Any) -> str:
    where, month = at if len(at) == 2 else (at, None)
    operator_id, whole, district = where
    parts = [f"operator {operator_id}", district or ("program" if whole else "")]
    return " ".join(p for p in (*parts, f"month {month}" if month else "") if p)


def _sums_differing(
    session: Session, program: str, sources: dict[tuple[Any, ...], int]
) -> list[Drift]:
    found = []
    for kind, statement, key, measures in _made(program):
        table, columns = _table(kind), (*_PLACE, *key, *measures)
        kept = sa.select(*(table.c[name] for name in columns)).where(table.c.program == program)
        wrong = session.execute(sa.union_all(
            sa.select(sa.except_(statement, kept).subquery()),
            sa.select(sa.except_(kept, statement).subquery()),
        )).all()  # fmt: skip
        width = len(_PLACE) + len(key)
        rows = sorted({tuple(row)[1:width] for row in wrong}, key=str)
        found += [Drift(table.name, _named(columns[1:], row), ("sums",)) for row in rows]
    one = _table(CohortSource)
    rows_kept = session.execute(
        sa.select(one.c.district, one.c.cohort, one.c.source, one.c.operators).where(
            one.c.program == program
        )
    ).all()
    kept_sources = {(d, c, s): int(n) for d, c, s, n in rows_kept}
    for at in sorted(sources.keys() | kept_sources.keys(), key=str):
        if sources.get(at) != kept_sources.get(at):
            named = _named(("district", "cohort", "source"), at)
            found.append(Drift(one.name, named, ("operators",)))
    return found


def _named(columns: Sequence[str], row: Sequence[Any]) -> str:
    return " ".join(f"{name} {value}" for name, value in zip(columns, row, strict=False))


def _made(program: str) -> Iterator[tuple[Any, Any, tuple[str, ...], tuple[str, ...]]]:
    """Yield each table of sums with the statement that makes its rows, its key and measures."""
    m, lines = _table(OperatorMonth).c, _table(CohortOperator).c
    all_months = [m[name] for name in MEASURES]
    yield (
        CohortMonth,
        _summed(program, {"cohort": m.cohort, "month": m.month}, all_months),
        ("cohort", "month"),
        MEASURES,
    )
    apart = m.month - m.cohort
    near = (m.cohort > 0, apart >= -WINDOW, apart <= WINDOW)
    yield (
        CohortOffset,
        _summed(program, {"offset_months": apart}, all_months, *near),
        ("offset_months",),
        MEASURES,
    )
    # Kept rows are never all zero: a month of inspections alone observes nobody.
    side = sa.case((apart > 0, 1), else_=-1)
    seen = sa.or_(*(m[name] != 0 for name in OBSERVED))
    yield (
        CohortSide,
        _summed(
            program, {"side": side, "month": m.month}, [m[name] for name in OBSERVED],
            *near, apart != 0, seen,
        ),
        ("side", "month"),
        OBSERVED,
    )  # fmt: skip
    by_exit = ("cohort", "status", "exit_month")
    counted = [sa.literal(1), lines.residual, lines.expected]
    yield (
        CohortCount,
        _summed(program, {name: lines[name] for name in by_exit}, counted),
        by_exit,
        COUNTED,
    )


_PLACE = ("program", "district")


def _summed(
    program: str, key: Mapping[str, Any], measures: Sequence[Any], *conditions: Any
) -> Any:
    """Sum rows over the program (district empty), and over each district."""
    t = measures[-1].table.c
    inner = sa.select(
        t.program, t.district, t.whole,
        *(column.label(name) for name, column in key.items()),
        *(measure.label(f"m{i}") for i, measure in enumerate(measures)),
    ).where(t.program == program, *conditions).subquery()  # fmt: skip
    kept = [inner.c[name] for name in key]
    sums = [sa.cast(sa.func.sum(inner.c[f"m{i}"]), sa.BigInteger) for i in range(len(measures))]
    whole = (
        sa.select(inner.c.program, sa.literal("").label("place"), *kept, *sums)
        .where(inner.c.whole.is_(True))
        .group_by(inner.c.program, *kept)
    )
    places = (
        sa.select(inner.c.program, inner.c.district, *kept, *sums)
        .where(inner.c.district != "")
        .group_by(inner.c.program, inner.c.district, *kept)
    )
    # SQLite takes no brackets around one side of a compound statement; a subquery it takes.
    return sa.select(sa.union_all(whole, places).subquery())


def _table(kind: Any) -> sa.Table:
    found: sa.Table = kind.__table__
    return found
