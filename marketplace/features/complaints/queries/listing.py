"""The office's list of cases, a page at a time, with its facets.

What an open case waits for is derived by the rules, so open ones are read whole: there are as many as
an office can work on. Closed ones grow for years: they are counted, narrowed, ordered and cut in SQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, narrow
from marketplace.base.clock import Clock, today
from marketplace.features.complaints.kinds import CaseSort, CaseStatus, CaseStep, Turn
from marketplace.features.complaints.queries.cases import read_lines
from marketplace.features.complaints.queries.rows import CaseFilter, CaseLine, CasePage
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.registry.tables import Factory, Store

_OPEN = col(InfringementCase.status) == CaseStatus.OPEN
_CLOSED = col(InfringementCase.status) != CaseStatus.OPEN


@dataclass(frozen=True, slots=True)
class _Group:
    """So many cases that the facets cannot tell apart."""

    statuses: str
    origins: str
    steps: str
    turns: str
    officers: str
    late: bool
    count: int


_FACETS = ("statuses", "origins", "steps", "turns", "officers")


def list_cases(
    session: Session, actor: Actor, *, clock: Clock, program: str, wanted: CaseFilter
) -> CasePage:
    """Return a page of the cases this actor may see that match, open ones first, and the facets.

    A facet's count is under all other filters, so that choosing it gives that many lines. Without
    `wanted.size` the page holds all that match.
    """
    base = [
        *narrow(
            actor,
            "complaints.list_cases",
            program_column=InfringementCase.program,
            district_column=Factory.district,
            operator_column=InfringementCase.operator_id,
        ),
        InfringementCase.program == program,
    ]
    named = [*base, *_naming(wanted.query)]
    opened = read_lines(session, today(clock), [*named, _OPEN])
    groups = [_group_of(line) for line in opened] + _closed_groups(session, named)
    matching = [line for line in opened if _meets(_group_of(line), wanted)]
    matching.sort(key=_OPEN_ORDER[wanted.sort])
    first = (wanted.page - 1) * wanted.size if wanted.size else 0
    last = first + wanted.size if wanted.size else None
    shown = matching[first:last]
    room = None if last is None else wanted.size - len(shown) if wanted.size else None
    if room is None or room > 0:
        start = max(0, first - len(matching))
        shown += _closed_lines(session, clock, named, wanted, start, room)
    met = [g for g in groups if _meets(g, wanted)]
    return CasePage(
        lines=tuple(shown),
        open_lines=tuple(matching),
        matching=sum(g.count for g in met),
        total=_count(session, base),
        late=sum(g.count for g in groups if g.late and _meets(g, wanted, but="late")),
        **{name: _counted(groups, wanted, name) for name in _FACETS},
    )


def _naming(query: str) -> list[sa.ColumnElement[bool]]:
    """Return the condition that a case's number, store, firm, listing or words hold a text."""
    if not query:
        return []
    places = (
        InfringementCase.number,
        Store.name,
        Factory.name,
        InfringementCase.item_no,
        InfringementCase.statement,
    )
    return [sa.or_(*(col(place).icontains(query, autoescape=True) for place in places))]


def _group_of(line: CaseLine) -> _Group:
    return _Group(
        line.status.value,
        line.origin.value,
        line.step.value,
        line.turn.value,
        str(line.officer_id or 0),
        line.late,
        1,
    )


def _closed_groups(session: Session, conditions: Sequence[Any]) -> list[_Group]:
    """Return the closed cases counted; what they wait for and who holds them is known."""
    kinds = (
        col(InfringementCase.status),
        col(InfringementCase.origin),
        col(InfringementCase.officer_id),
    )
    rows = session.execute(
        _joined(sa.select(*kinds, sa.func.count())).where(*conditions, _CLOSED).group_by(*kinds)
    ).all()
    step, turn = CaseStep.CLOSED.value, Turn.NOBODY.value
    return [
        _Group(
            statuses=status.value,
            origins=origin.value,
            steps=step,
            turns=turn,
            officers=str(officer or 0),
            late=False,
            count=int(count),
        )
        for status, origin, officer, count in rows
    ]


def _closed_lines(
    session: Session,
    clock: Clock,
    conditions: Sequence[Any],
    wanted: CaseFilter,
    start: int,
    room: int | None,
) -> list[CaseLine]:
    """Return the closed cases from a place on; only those of the page are read."""
    if (
        wanted.late_only
        or (wanted.steps and CaseStep.CLOSED.value not in wanted.steps)
        or (wanted.turns and Turn.NOBODY.value not in wanted.turns)
    ):
        return []
    narrowed = [*conditions, _CLOSED]
    for column, values in (
        (InfringementCase.status, wanted.statuses),
        (InfringementCase.origin, wanted.origins),
    ):
        if values:
            narrowed.append(col(column).in_(values))
    if wanted.officers:
        officer = sa.func.coalesce(col(InfringementCase.officer_id), 0)
        narrowed.append(officer.in_([int(v) for v in wanted.officers if v.isdigit()]))
    ids = session.execute(
        _joined(sa.select(col(InfringementCase.id)))
        .where(*narrowed)
        .order_by(*_CLOSED_ORDER[wanted.sort])
        .offset(start)
        .limit(room)
    ).scalars()
    order = {int(number): place for place, number in enumerate(ids)}
    found = read_lines(session, today(clock), [col(InfringementCase.id).in_(sorted(order))])
    return sorted(found, key=lambda line: order[line.case_id])


def _joined(statement: Any) -> Any:
    """Return a statement over cases with the names a search reads."""
    return (
        statement.select_from(InfringementCase)
        .join(Store, col(Store.id) == col(InfringementCase.store_id))
        .outerjoin(Factory, col(Factory.id) == col(InfringementCase.factory_id))
    )


def _count(session: Session, conditions: Sequence[Any]) -> int:
    statement = _joined(sa.select(sa.func.count())).where(*conditions)
    return int(session.execute(statement).scalar_one())


def _meets(group: _Group, wanted: CaseFilter, *, but: str = "") -> bool:
    if wanted.late_only and but != "late" and not group.late:
        return False
    return all(
        name == but
        or not getattr(wanted, name)
        or getattr(group, name) in getattr(wanted, name)
        for name in _FACETS
    )


def _counted(groups: Iterable[_Group], wanted: CaseFilter, name: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for group in groups:
        if _meets(group, wanted, but=name):
            counts[getattr(group, name)] += group.count
    return counts


_OPEN_ORDER: Mapping[CaseSort, Callable[[CaseLine], Any]] = {
    CaseSort.DUE: lambda n: (n.due_on, n.case_id),
    CaseSort.NEWEST: lambda n: (-n.opened_at.timestamp(), -n.case_id),
    CaseSort.OLDEST: lambda n: (n.opened_at, n.case_id),
}
_CLOSED_ORDER: Mapping[CaseSort, tuple[Any, ...]] = {
    CaseSort.DUE: (
        col(InfringementCase.closed_at).desc(),
        col(InfringementCase.id).desc(),
    ),
    CaseSort.NEWEST: (
        col(InfringementCase.opened_at).desc(),
        col(InfringementCase.id).desc(),
    ),
    CaseSort.OLDEST: (col(InfringementCase.opened_at), col(InfringementCase.id)),
}
