"""Keeps where every product that was ever verified stands in rotation.

A row is worked out from the facts when one of them changed, in the same transaction, and on the
day a store's holding begins or ends. It decides nothing: what is drawn is asked of the rules again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.clock import Clock, today
from marketplace.base.db import defer
from marketplace.base.house import House
from marketplace.features.catalog import rules as catalog_rules
from marketplace.features.catalog.tables import Product
from marketplace.features.promotion import rules
from marketplace.features.promotion.kinds import WindowStatus
from marketplace.features.promotion.queries.gathering import (
    Gathered,
    gather_facts,
)
from marketplace.features.promotion.queries.groups import groups_of
from marketplace.features.promotion.queries.rotation import RANK, microseconds
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.tables import Affiliate, Factory, Operator, StoreHolding

AT_ONCE = 1_000  # products worked out in one unit of work: nobody waits long for it
NEVER_ENDS = 3_652_059  # the last ordinal of the calendar
_LOOK_BACK = timedelta(days=31)  # holdings that began or ended while nothing ran
_WAITING = "promotion.ranks"
_REGROUPED = "promotion.groups"


@dataclass(frozen=True, slots=True)
class Difference:
    """A product whose kept row is not what its facts come to."""

    product_id: int
    fields: tuple[str, ...]


def rank_later(
    session: Session, house: House, program: str, product_ids: Iterable[int]
) -> None:
    """Have some products of a program worked out once at the end of this unit."""
    waiting: dict[str, set[int]] = session.info.setdefault(_WAITING, {})
    waiting.setdefault(program, set()).update(product_ids)
    defer(session, _WAITING, lambda s: _rank_waiting(s, house.clock))


def regroup_later(
    session: Session, *, program: str | None = None, factory_id: int | None = None
) -> None:
    """Have groups worked out once at the end of this unit: a program's, or those of a factory.

    Of a factory only where somebody declared its operator's code an affiliate's.
    """
    programs, factories = session.info.setdefault(_REGROUPED, (set(), set()))
    programs.update({program} - {None})
    factories.update({factory_id} - {None})
    defer(session, _REGROUPED, _regroup_waiting)


def refresh_ranks(
    session: Session, program: str, *, clock: Clock, product_ids: Iterable[int]
) -> None:
    """Write where some products stand in rotation."""
    ids = sorted(product_ids)
    session.flush()
    kept = _kept(session, ids)
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for values in _worked_out(session, program, clock, ids):
        known = kept.pop(values["product_id"], None)
        if known is None:
            new.append(values)
        elif any(known[name] != value for name, value in values.items()):
            changed.append({"_row": known["id"], **values})
    if changed:
        session.execute(sa.update(RANK).where(RANK.c.id == sa.bindparam("_row")), changed)
    if kept:
        session.execute(sa.delete(RANK).where(RANK.c.product_id.in_(list(kept))))
    if new:
        session.execute(sa.insert(RANK), new)


def is_rank_due(session: Session, *, program: str, clock: Clock) -> bool:
    """Tell whether a row is missing, or a holding began or ended since it was worked out."""
    return any(session.execute(due.limit(1)).first() for due in _due(program, clock))


def refresh_due_ranks(
    session: Session, *, program: str, clock: Clock, most: int = AT_ONCE
) -> int:
    """Work out some of the products that are due; return how many."""
    ids: set[int] = set()
    for due in _due(program, clock):
        ids.update(session.execute(due.limit(most)).scalars())
    if ids:
        refresh_ranks(session, program, clock=clock, product_ids=ids)
    return len(ids)


def forget_ranks(session: Session, *, program: str) -> None:
    """Drop every kept row of a program, so that all are worked out anew as due."""
    session.execute(sa.delete(RANK).where(RANK.c.program == program))


def check_ranks(session: Session, *, program: str, clock: Clock) -> list[Difference]:
    """Return every product whose kept row differs from its facts."""
    ids = list(session.execute(_ever_verified(program)).scalars())
    kept = {
        row["product_id"]: row
        for row in session.execute(sa.select(RANK).where(RANK.c.program == program)).mappings()
    }
    found = []
    for values in _worked_out(session, program, clock, ids):
        row = kept.pop(values["product_id"], None)
        fields = tuple(
            name
            for name, value in values.items()
            if name != "kept_on" and (row is None or row[name] != value)
        )
        if fields:
            found.append(Difference(values["product_id"], fields))
    return found + [Difference(number, ("product_id",)) for number in sorted(kept)]


def _worked_out(
    session: Session, program: str, clock: Clock, ids: Sequence[int]
) -> Iterator[dict[str, Any]]:
    for some in gather_facts(session, program, clock=clock, product_ids=ids):
        for one in some:
            if one.row.code is not None:
                yield {**_values(one), "kept_on": today(clock)}


def _values(one: Gathered) -> dict[str, Any]:
    row, facts = one.row, one.facts
    ready = (
        catalog_rules.is_live(
            status=row.status,
            valid_until=row.valid_until,
            open_lapses=int(facts.lapse_class is not None),
            today=date.min,
        )
        and facts.window == WindowStatus.CLEARED.value
        and facts.enrolled
        and facts.has_listing
        and facts.store_open
        and facts.store_held
    )
    return {
        "product_id": row.id,
        "program": row.program,
        "operator_id": row.operator_id,
        "group_id": facts.group,
        "category": facts.category or "",
        "ready": int(ready),
        "last_featured_us": microseconds(facts.last_featured_at),
        "draw": rules.draw_of(row.id),
        "until_day": row.valid_until.toordinal() if row.valid_until else NEVER_ENDS,
        "stock": facts.stock,
        "stock_as_of_us": microseconds(facts.stock_as_of),
        "price_fen": row.price_fen or 0,
    }


def _kept(session: Session, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    found: dict[int, Mapping[str, Any]] = {}
    for start in range(0, len(ids), AT_ONCE):
        rows = session.execute(
            sa.select(RANK).where(RANK.c.product_id.in_(ids[start : start + AT_ONCE]))
        ).mappings()
        found.update({row["product_id"]: row for row in rows})
    return found


def _ever_verified(program: str) -> sa.Select[Any]:
    return sa.select(col(Product.id)).where(
        col(Product.program) == program, col(Product.code).is_not(None)
    )


def _due(program: str, clock: Clock) -> list[sa.Select[Any]]:
    missing = (
        _ever_verified(program)
        .outerjoin(RANK, RANK.c.product_id == col(Product.id))
        .where(RANK.c.id.is_(None))
    )
    day = today(clock)
    turned = [
        sa.and_(day_of > day - _LOOK_BACK, day_of <= day, day_of > RANK.c.kept_on)
        for day_of in (col(StoreHolding.from_on), col(StoreHolding.until_on))
    ]
    changed = (
        sa.select(RANK.c.product_id)
        .join(Listing, col(Listing.product_id) == RANK.c.product_id)
        .join(StoreHolding, col(StoreHolding.store_id) == col(Listing.store_id))
        .where(
            RANK.c.program == program,
            col(StoreHolding.status) == HoldingStatus.CONFIRMED,
            sa.or_(*turned),
        )
        .distinct()
    )
    return [missing, changed]


def _rank_waiting(session: Session, clock: Clock) -> None:
    waiting: dict[str, set[int]] = session.info.pop(_WAITING, {})
    for program, ids in sorted(waiting.items()):
        refresh_ranks(session, program, clock=clock, product_ids=ids)


def _regroup_waiting(session: Session) -> None:
    programs, factories = session.info.pop(_REGROUPED, (set(), set()))
    session.flush()
    tied = (
        sa.select(col(Operator.program))
        .join(Factory, col(Factory.operator_id) == col(Operator.id))
        .where(
            col(Factory.id).in_(sorted(factories)),
            col(Operator.uscc).in_(sa.select(col(Affiliate.uscc))),
        )
        .distinct()
    )
    for program in sorted(programs.union(session.execute(tied).scalars())):
        groups = groups_of(session, program)
        alone = RANK.c.group_id == RANK.c.operator_id
        rows = session.execute(
            sa.select(RANK.c.operator_id, RANK.c.group_id)
            .where(
                RANK.c.program == program,
                sa.or_(~alone, RANK.c.operator_id.in_(list(groups))),
            )
            .distinct()
        ).all()
        for operator_id, group in rows:
            wanted = groups.get(operator_id, operator_id)
            if wanted != group:
                session.execute(
                    sa.update(RANK)
                    .where(RANK.c.operator_id == operator_id)
                    .values(group_id=wanted)
                )
