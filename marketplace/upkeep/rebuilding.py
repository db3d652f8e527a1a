"""Makes everything that is kept beside the facts anew from them, or proves it equal to them.

Rows of operators and factories are worked out some at a time, so that nobody waits for long; sums
and counts over them are made anew in one short unit at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.assembly import App
from marketplace.base.db import read, write
from marketplace.base.rulebook import Rulebook
from marketplace.desk import anchors, standing
from marketplace.features.compliance import summary
from marketplace.features.enforcement.reactions import assign_findings, stores_to_assign
from marketplace.features.promotion.commands.ranking import check_ranks, forget_ranks
from marketplace.features.registry.tables import Factory
from marketplace.upkeep.minute import refresh_derived

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A kept row of a program that is not what its facts come to."""

    program: str
    table: str
    row: str
    columns: tuple[str, ...]


def rebuild(app: App, *, progress: Progress | None = None) -> int:
    """Make every summary of every program anew; return how many operators were worked out."""
    done = 0
    for rulebook in app.house.rulebooks.values():
        _assign_findings(app, rulebook)
        with read(app.store) as session:
            operators = list(summary.operator_batches(session, program=rulebook.program.key))
            factories = _factories(session, rulebook)
        total = sum(len(ids) for ids in operators) + len(factories)
        steps = [
            *(partial(_operators, app=app, rulebook=rulebook, ids=ids) for ids in operators),
            *(
                partial(_standing, app=app, rulebook=rulebook, ids=factories[start:][:_AT_ONCE])
                for start in range(0, len(factories), _AT_ONCE)
            ),
        ]
        for number, step in enumerate(steps, start=1):
            write(app.store, step)
            if progress is not None:
                progress(total * number // len(steps), total)
        write(app.store, partial(summary.rebuild_sums, rulebook=rulebook))
        write(app.store, partial(standing.recount, rulebook=rulebook))
        write(app.store, partial(forget_ranks, program=rulebook.program.key))
        done += sum(len(ids) for ids in operators)
    refresh_derived(app)
    return done


def find_differences(app: App) -> list[Difference]:
    """Return every kept row that differs from what the raw facts of now come to.

    What merely awaits the minute's work, such as the first hour of a day, is done before.
    """
    refresh_derived(app)
    found: list[Difference] = []
    for key, rulebook in app.house.rulebooks.items():
        with read(app.store) as session:
            drifts = summary.check(session, rulebook=rulebook)
            drifts += summary.check_years(session, rulebook=rulebook, clock=app.clock)
            listed = standing.check(session, rulebook=rulebook, clock=app.clock)
            misplaced = anchors.check(session, rulebook)
            ranks = check_ranks(session, program=key, clock=app.clock)
        found += [Difference(key, d.table, d.row, d.columns) for d in drifts]
        found += [_listed(key, d) for d in listed]
        found += [
            Difference(key, "factory_anchor", f"order {sort}", ("factory_id",))
            for sort in misplaced
        ]
        found += [
            Difference(key, "offer_rank", f"product {d.product_id}", d.fields) for d in ranks
        ]
    return found


def count_operators(app: App) -> int:
    """Return how many operators the programs have."""
    with read(app.store) as session:
        statement = sa.select(sa.func.count(sa.distinct(col(Factory.operator_id))))
        return int(session.execute(statement).scalar() or 0)


def _assign_findings(app: App, rulebook: Rulebook) -> None:
    """Count findings for who was confirmed later: the facts that all else is made of."""
    with read(app.store) as session:
        stores = stores_to_assign(session, program=rulebook.program.key)
    for store_id in stores:
        write(app.store, partial(assign_findings, clock=app.clock, store_id=store_id))


_AT_ONCE = standing.AT_ONCE


def _operators(session: Session, *, app: App, rulebook: Rulebook, ids: Sequence[int]) -> None:
    summary.refresh(session, rulebook, ids)
    summary.refresh_years(session, rulebook, app.clock, ids)


def _standing(session: Session, *, app: App, rulebook: Rulebook, ids: Sequence[int]) -> None:
    standing.refresh(session, rulebook, app.clock, ids)


def _factories(session: Session, rulebook: Rulebook) -> list[int]:
    ids = session.execute(
        sa.select(col(Factory.id))
        .where(col(Factory.program) == rulebook.program.key)
        .order_by(col(Factory.id))
    ).scalars()
    return [int(i) for i in ids if i is not None]


def _listed(program: str, found: standing.Difference) -> Difference:
    if found.factory_id == 0:
        return Difference(program, "factory_count", program, found.fields)
    return Difference(program, "factory_standing", f"factory {found.factory_id}", found.fields)
