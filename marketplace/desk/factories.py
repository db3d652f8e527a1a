"""The factory list: facets, search, sort and pages in SQL; a page is the same query everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, narrow
from marketplace.base.access.tables import Account
from marketplace.base.clock import Clock, today
from marketplace.base.rulebook import Rulebook, stage_of
from marketplace.desk.search import matching
from marketplace.features.enforcement.tables import PointsEntry
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.queries.facts import gather
from marketplace.features.progress.queries.standing import Standing
from marketplace.features.progress.rules import held_conditions, steps
from marketplace.features.progress.tables import Enrollment
from marketplace.features.registry.kinds import FactoryStatus, HoldingStatus
from marketplace.features.registry.tables import Factory, Operator, StoreHolding

PAGE_ROWS = 25


@dataclass(frozen=True, slots=True)
class FactoryFilter:
    """What is asked of the list; the page's URL says the same."""

    query: str = ""
    districts: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class FactoryLine:
    """One factory in the list."""

    factory_id: int
    name: str
    uscc: str | None
    district: str | None
    stage: str
    status: str
    next_step: str | None
    holder: str
    due_on: date | None
    done: int
    total: int
    points: int
    band: str
    officer: str | None
    enrolled_on: date | None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many factories each value would give, under the other filters as they are."""

    districts: dict[str, int]
    stages: dict[str, int]
    statuses: dict[str, int]
    bands: dict[str, int]
    officers: dict[str, int]


@dataclass(frozen=True, slots=True)
class FactoryPage:
    """One page of the list with its facets and the size of the whole result."""

    lines: tuple[FactoryLine, ...]
    total: int
    facets: Facets


def list_factories(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    wanted: FactoryFilter,
    page: int = 1,
    page_rows: int | None = PAGE_ROWS,
) -> FactoryPage:
    """Return a page of factories this actor may see; `page_rows=None` returns the full result.

    SQL narrows by program, scope, search and district; where a factory stands is a rule and is
    decided in Python for all that are left.
    """
    rows = session.execute(_narrowed(actor, rulebook, wanted)).all()
    lines = _lines(session, rulebook, clock, rows)
    facets = _facets(lines, wanted)
    kept = [line for line in lines if _fits(line, wanted)]
    kept.sort(key=_sort_key(wanted.sort))
    total = len(kept)
    if page_rows is not None:
        start = (max(page, 1) - 1) * page_rows
        kept = kept[start : start + page_rows]
    return FactoryPage(tuple(kept), total, facets)


def status_of(factory: FactoryStatus, enrollment: EnrollmentStatus | None) -> str:
    """Return the one status a list shows: the enrollment's, else the register's."""
    if factory is not FactoryStatus.REGISTERED or enrollment is None:
        return factory.value
    return enrollment.value


def _narrowed(
    actor: Actor, rulebook: Rulebook, wanted: FactoryFilter
) -> sa.Select[*tuple[Any, ...]]:
    statement = (
        sa.select(
            Factory,
            col(Operator.uscc),
            col(Enrollment.status),
            col(Enrollment.enrolled_on),
            col(Account.name),
        )
        .join(Operator, col(Operator.id) == col(Factory.operator_id))
        .outerjoin(
            Enrollment,
            sa.and_(
                col(Enrollment.operator_id) == col(Operator.id),
                col(Enrollment.reversed_at).is_(None),
            ),
        )
        .outerjoin(Account, col(Account.id) == col(Factory.officer_id))
        .where(
            col(Factory.program) == rulebook.program.key,
            col(Factory.status) != FactoryStatus.ARCHIVED,
            *narrow(
                actor,
                "desk.list_factories",
                program_column=Factory.program,
                district_column=Factory.district,
                operator_column=Factory.operator_id,
            ),
        )
    )
    found = matching("factory", wanted.query)
    if found is not None:
        statement = statement.where(col(Factory.id).in_(found))
    return statement


def _lines(
    session: Session, rulebook: Rulebook, clock: Clock, rows: Sequence[Any]
) -> list[FactoryLine]:
    ids = [row[0].key for row in rows]
    day = today(clock)
    gathered = gather(session, rulebook, ids, day)
    points = _points(session, ids)
    lines = []
    for factory, uscc, enrollment, enrolled_on, officer in rows:
        facts = gathered[factory.key]
        standing = Standing(
            factory.key,
            stage_of(rulebook, held_conditions(facts, day)),
            steps(rulebook, facts, day),
        )
        review = next((s for s in standing.steps if s.state.value == "review"), None)
        step = review or standing.next
        highest = points.get(factory.key, 0)
        lines.append(
            FactoryLine(
                factory_id=factory.key,
                name=factory.name,
                uscc=uscc,
                district=factory.district,
                stage=standing.stage,
                status=status_of(factory.status, enrollment),
                next_step=step.key if step else None,
                holder=step.holder if step else "nobody",
                due_on=step.due_on if step else None,
                done=standing.done,
                total=standing.total,
                points=highest,
                band=rulebook.points_band(highest),
                officer=officer,
                enrolled_on=enrolled_on,
            )
        )
    return lines


def _points(session: Session, factory_ids: Sequence[int]) -> dict[int, int]:
    """Return factory → highest balance among the stores it operates."""
    balances = (
        sa.select(
            col(StoreHolding.factory_id).label("factory_id"),
            sa.func.sum(col(PointsEntry.points)).label("balance"),
        )
        .join(PointsEntry, col(PointsEntry.store_id) == col(StoreHolding.store_id))
        .where(
            col(StoreHolding.factory_id).in_(list(factory_ids)),
            col(StoreHolding.status) == HoldingStatus.CONFIRMED,
            col(StoreHolding.until_on).is_(None),
        )
        .group_by(col(StoreHolding.factory_id), col(StoreHolding.store_id))
        .subquery()
    )
    rows = session.execute(
        sa.select(balances.c.factory_id, sa.func.max(balances.c.balance)).group_by(
            balances.c.factory_id
        )
    ).all()
    return {int(row[0]): int(row[1]) for row in rows}


def _fits(line: FactoryLine, wanted: FactoryFilter, *, ignoring: str = "") -> bool:
    checks: dict[str, bool] = {
        "districts": not wanted.districts or (line.district or "") in wanted.districts,
        "stages": not wanted.stages or line.stage in wanted.stages,
        "statuses": not wanted.statuses or line.status in wanted.statuses,
        "bands": not wanted.bands or line.band in wanted.bands,
        "officers": not wanted.officers or line.officer in wanted.officers,
    }
    return all(ok for name, ok in checks.items() if name != ignoring)


def _facets(lines: Sequence[FactoryLine], wanted: FactoryFilter) -> Facets:
    def count(name: str, field: str) -> dict[Any, int]:
        found = Counter(
            getattr(line, field) for line in lines if _fits(line, wanted, ignoring=name)
        )
        return {k: n for k, n in sorted(found.items(), key=lambda kv: str(kv[0])) if k}

    return Facets(
        districts=count("districts", "district"),
        stages=count("stages", "stage"),
        statuses=count("statuses", "status"),
        bands=count("bands", "band"),
        officers=count("officers", "officer"),
    )


def _sort_key(sort: str) -> Any:
    far = date.max
    keys: dict[str, Any] = {
        "name": lambda line: (line.name, line.factory_id),
        "due": lambda line: (line.due_on or far, line.name),
        "progress": lambda line: (-line.done, line.name),
        "points": lambda line: (-line.points, line.name),
        "enrolled": lambda line: (line.enrolled_on or far, line.name),
    }
    return keys.get(sort, keys["name"])
