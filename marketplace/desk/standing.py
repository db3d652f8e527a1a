"""Keeps where every factory of the lists stands, so that a list is a read and not a working out.

A row is worked out by the rules of progress when one of its facts changed, in the same
transaction, and once a day for what ends by the calendar. It must not decide anything: public
pages and commands ask the rules themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.clock import Clock, today
from marketplace.base.db import defer
from marketplace.base.house import House
from marketplace.base.rulebook import Rulebook, stage_of
from marketplace.desk import anchors
from marketplace.desk.tables import FactoryCount, FactoryStanding
from marketplace.features.enforcement.tables import PointsEntry
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.queries.facts import gather
from marketplace.features.progress.queries.standing import Standing
from marketplace.features.progress.rules import held_conditions, steps
from marketplace.features.progress.tables import Enrollment
from marketplace.features.registry.kinds import FactoryStatus, HoldingStatus
from marketplace.features.registry.tables import Factory, Operator, StoreHolding

AT_ONCE = 200  # factories worked out in one unit of work: nobody waits long for it
_WAITING = "desk.standing"
_COMBO = ("program", "district", "stage", "status", "band", "officer_id")
Combo = tuple[str, str, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A factory whose kept row is not what its facts come to."""

    factory_id: int
    fields: tuple[str, ...]


def refresh_later(session: Session, house: House, factory_ids: Iterable[int]) -> None:
    """Have some factories worked out once at the end of this unit, whatever else happens in it."""
    session.info.setdefault(_WAITING, set()).update(factory_ids)
    defer(session, _WAITING, lambda s: _refresh_waiting(s, house))


def refresh(
    session: Session, rulebook: Rulebook, clock: Clock, factory_ids: Collection[int]
) -> None:
    """Write where some factories of one program stand, and keep the counts in step."""
    ids = sorted(factory_ids)
    session.flush()
    worked_out = {row["factory_id"]: row for row in work_out(session, rulebook, clock, ids)}
    kept = {
        row.factory_id: row for row in session.execute(_kept_asked(), {"ids": ids}).scalars()
    }
    counts: Counter[Combo] = Counter()
    moved: set[anchors.Place] = set()
    new: list[dict[str, Any]] = []
    for factory_id in ids:
        row, values = kept.get(factory_id), worked_out.get(factory_id)
        moved |= anchors.moves(row, values)
        if row is not None:
            counts[_combo(row)] -= 1
        if values is None:
            if row is not None:
                session.delete(row)
            continue
        if row is None:
            new.append(values)
            counts[_combo_of(values)] += 1
            continue
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
        counts[_combo(row)] += 1
    session.flush()
    if new:
        session.execute(sa.insert(FactoryStanding.__table__), new)  # type: ignore[attr-defined]
    anchors.drop(session, moved)
    _count(session, counts)


def is_standing_due(session: Session, *, rulebook: Rulebook, clock: Clock) -> bool:
    """Tell whether the row of a factory is missing, of another day or by other rules."""
    return session.execute(_due(rulebook, clock).limit(1)).first() is not None


def refresh_due(
    session: Session, *, rulebook: Rulebook, clock: Clock, most: int = AT_ONCE
) -> int:
    """Work out some of the factories that are due; return how many."""
    ids = [int(i) for i in session.execute(_due(rulebook, clock).limit(most)).scalars()]
    if ids:
        refresh(session, rulebook, clock, ids)
    return len(ids)


def check(session: Session, *, rulebook: Rulebook, clock: Clock) -> list[Difference]:
    """Return every factory of a program whose kept row or count differs from its facts.

    A count that is wrong is told under number 0.
    """
    program = rulebook.program.key
    ids = session.execute(
        sa.select(col(Factory.id)).where(col(Factory.program) == program)
    ).scalars()
    worked_out = {
        row["factory_id"]: row
        for row in work_out(session, rulebook, clock, [int(i) for i in ids])
    }
    kept = {
        row.factory_id: row
        for row in session.execute(
            sa.select(FactoryStanding).where(col(FactoryStanding.program) == program)
        ).scalars()
    }
    found = [
        Difference(factory_id, differing)
        for factory_id in sorted(worked_out.keys() | kept.keys())
        if (differing := _differing(worked_out.get(factory_id), kept.get(factory_id)))
    ]
    counted = Counter(_combo(row) for row in kept.values())
    rows = session.execute(
        sa.select(FactoryCount).where(col(FactoryCount.program) == program)
    ).scalars()
    if counted != {_combo(row): row.n for row in rows}:
        found.insert(0, Difference(0, ("counts",)))
    return found


def recount(session: Session, *, rulebook: Rulebook) -> None:
    """Make the counts of a program anew from its kept rows; its anchors are the minute's to make."""
    program, rows, counts = rulebook.program.key, FactoryStanding, FactoryCount
    anchors.drop(session, [(program, order) for order in anchors.ORDERS])
    session.execute(sa.delete(counts).where(col(counts.program) == program))
    parts = (
        col(rows.program), sa.func.coalesce(col(rows.district), ""), col(rows.stage),
        col(rows.status), col(rows.band), sa.func.coalesce(col(rows.officer_id), 0),
    )  # fmt: skip
    made = (
        sa.select(*parts, sa.func.count()).where(col(rows.program) == program).group_by(*parts)
    )
    session.execute(sa.insert(counts).from_select([*_COMBO, "n"], made))


def work_out(
    session: Session, rulebook: Rulebook, clock: Clock, factory_ids: Sequence[int]
) -> list[dict[str, Any]]:
    """Return the row of each factory that belongs on a list, from the facts alone."""
    day = today(clock)
    asked = {"program": rulebook.program.key, "ids": list(factory_ids)}
    rows = session.execute(_facts_asked(), asked).all()
    ids = [row[0].key for row in rows]
    gathered = gather(session, rulebook, ids, day)
    points = _points(session, ids)
    found = []
    for factory, uscc, enrollment, enrolled_on in rows:
        facts = gathered[factory.key]
        held = held_conditions(facts, day)
        standing = Standing(factory.key, stage_of(rulebook, held), steps(rulebook, facts, day))
        review = next((s for s in standing.steps if s.state.value == "review"), None)
        step = review or standing.next
        highest = points.get(factory.key, 0)
        found.append(
            {
                "factory_id": factory.key,
                "program": factory.program,
                "operator_id": factory.operator_id,
                "name": factory.name,
                "name_key": factory.name,
                "uscc": uscc,
                "district": factory.district,
                "stage": standing.stage,
                "status": status_of(factory.status, enrollment),
                "next_step": step.key if step else None,
                "holder": step.holder if step else "nobody",
                "due_on": step.due_on if step else None,
                "done": standing.done,
                "total": standing.total,
                "points": highest,
                "band": rulebook.points_band(highest),
                "officer_id": factory.officer_id,
                "enrolled_on": enrolled_on,
                "counted_on": day,
                "rules_sha256": rulebook.sha256,
            }
        )
        found[-1] |= sort_keys(found[-1])
    return found


def sort_keys(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys that order a list by a row's values."""
    return {
        "due_key": values["due_on"] or date.max,
        "enrolled_key": values["enrolled_on"] or date.max,
        "points_key": -values["points"],
        "progress_key": -values["done"],
    }


def status_of(factory: FactoryStatus, enrollment: EnrollmentStatus | None) -> str:
    """Return the one status a list shows: the enrollment's, else the register's."""
    if factory is not FactoryStatus.REGISTERED or enrollment is None:
        return factory.value
    return enrollment.value


def _due(rulebook: Rulebook, clock: Clock) -> sa.Select[Any]:
    one = FactoryStanding
    return (
        sa.select(col(Factory.id))
        .outerjoin(one, col(one.factory_id) == col(Factory.id))
        .where(
            col(Factory.program) == rulebook.program.key,
            col(Factory.status) != FactoryStatus.ARCHIVED,
            sa.or_(
                col(one.id).is_(None),
                col(one.counted_on) != today(clock),
                col(one.rules_sha256) != rulebook.sha256,
            ),
        )
        .order_by(col(Factory.id))
    )


# Built once: building a statement costs more than one factory's rows.
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)


@cache
def _kept_asked() -> sa.Select[Any]:
    return sa.select(FactoryStanding).where(col(FactoryStanding.factory_id).in_(_IDS))


@cache
def _programs_asked() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(col(Factory.id), col(Factory.program)).where(col(Factory.id).in_(_IDS))


@cache
def _count_asked() -> sa.Select[Any]:
    return sa.select(FactoryCount).where(
        *(getattr(FactoryCount, name) == sa.bindparam(name) for name in _COMBO)
    )


@cache
def _facts_asked() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Factory, col(Operator.uscc), col(Enrollment.status), col(Enrollment.enrolled_on)
        )
        .join(Operator, col(Operator.id) == col(Factory.operator_id))
        .outerjoin(
            Enrollment,
            sa.and_(
                col(Enrollment.operator_id) == col(Operator.id),
                col(Enrollment.reversed_at).is_(None),
            ),
        )
        .where(
            col(Factory.id).in_(_IDS),
            col(Factory.program) == sa.bindparam("program"),
            col(Factory.status) != FactoryStatus.ARCHIVED,
        )
    )


@cache
def _points_asked() -> sa.Select[Any]:
    """The highest balance among the stores each factory operates."""
    balances = (
        sa.select(
            col(StoreHolding.factory_id).label("factory_id"),
            sa.func.sum(col(PointsEntry.points)).label("balance"),
        )
        .join(PointsEntry, col(PointsEntry.store_id) == col(StoreHolding.store_id))
        .where(
            col(StoreHolding.factory_id).in_(_IDS),
            col(StoreHolding.status) == HoldingStatus.CONFIRMED,
            col(StoreHolding.until_on).is_(None),
        )
        .group_by(col(StoreHolding.factory_id), col(StoreHolding.store_id))
        .subquery()
    )
    return sa.select(balances.c.factory_id, sa.func.max(balances.c.balance)).group_by(
        balances.c.factory_id
    )


def _points(session: Session, factory_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(_points_asked(), {"ids": list(factory_ids)}).all()
    return {int(row[0]): int(row[1]) for row in rows}


def _refresh_waiting(session: Session, house: House) -> None:
    ids: set[int] = session.info.pop(_WAITING, set())
    session.flush()
    programs = session.execute(_programs_asked(), {"ids": sorted(ids)}).all()
    for program in sorted({row[1] for row in programs}):
        if program in house.rulebooks:
            some = [int(row[0]) for row in programs if row[1] == program]
            refresh(session, house.rulebook(program), house.clock, some)


def _count(session: Session, changes: Counter[Combo]) -> None:
    for combo, change in sorted(changes.items()):
        if change == 0:
            continue
        asked: dict[str, Any] = dict(zip(_COMBO, combo, strict=True))
        row = session.execute(_count_asked(), asked).scalar()
        if row is None:
            row = FactoryCount(**asked, n=0)
        row.n += change
        if row.n > 0:
            session.add(row)
        elif row.id is not None:
            session.delete(row)
    session.flush()


def _combo(row: FactoryStanding | FactoryCount) -> Combo:
    return (
        row.program, row.district or "", row.stage, row.status, row.band, row.officer_id or 0
    )  # fmt: skip


def _combo_of(values: Mapping[str, Any]) -> Combo:
    return (
        values["program"], values["district"] or "", values["stage"], values["status"],
        values["band"], values["officer_id"] or 0,
    )  # fmt: skip


def _differing(
    worked_out: dict[str, Any] | None, kept: FactoryStanding | None
) -> tuple[str, ...]:
    if worked_out is None or kept is None:
        return () if worked_out is None and kept is None else ("factory_id",)
    return tuple(name for name, value in worked_out.items() if getattr(kept, name) != value)
