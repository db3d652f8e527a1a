"""Pins and slots by marketer × operator against what rotation would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import civil_day, start_of
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog.tables import Product
from marketplace.features.oversight.kinds import PlacingKind
from marketplace.features.oversight.queries.patterns import Named, name_all
from marketplace.features.oversight.queries.within import operators_in_reach
from marketplace.features.oversight.rules import Placing, RotationPair, rotation_pairs
from marketplace.features.promotion.kinds import SlotKind
from marketplace.features.promotion.tables import Collection, Fill, Slot
from marketplace.features.registry.tables import Operator

_KINDS = {SlotKind.PINNED: PlacingKind.PIN, SlotKind.ROTATION: PlacingKind.ROTATION}


@dataclass(frozen=True, slots=True)
class MarketerRow:
    """One marketer: slots given by hand and by rotation, rotation acts and those taken back.

    Taking rotation back until it suits is a way to choose; the number stands beside the shares.
    """

    marketer: int
    pins: int
    rotated: int
    fills: int
    fills_undone: int


@dataclass(frozen=True, slots=True)
class RotationRow:
    """Every marketer, every pair with a slot, and the names in them.

    `elsewhere` counts by kind the pairs with firms beyond the reader's districts.
    """

    marketers: tuple[MarketerRow, ...]
    pairs: tuple[RotationPair, ...]
    named: Named
    operators: dict[int, str]
    elsewhere: Counter[PlacingKind] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Sold:
    product_id: int
    operator_id: int
    category: str | None
    verified_at: datetime | None
    valid_until: date | None


def list_rotation(
    session: Session, actor: Actor, rulebook: Rulebook, *, since: date, until: date
) -> RotationRow:
    """Return who gave slots to whom in a period, against what rotation gives.

    Rotation is the program's; pairs with firms of districts out of reach are only counted.
    """
    program = rulebook.program.key
    require(actor, "oversight.list_rotation", Scope(program=program))
    span = (start_of(since), start_of(until + timedelta(days=1)))
    sold = [
        _Sold(*row)
        for row in session.execute(
            sa.select(
                col(Product.id), col(Product.operator_id), col(Product.category),
                col(Product.verified_at), col(Product.valid_until),
            ).where(col(Product.program) == program)
        )
    ]  # fmt: skip
    fills = _fills(session, program)
    placings = list(_placings(session, program, span, sold, fills))
    compared = rotation_pairs(placings, min_placings=rulebook.oversight.min_placings)
    mine = operators_in_reach(session, actor, program)
    pairs = [p for p in compared if mine is None or p.operator_id in mine]
    acts = [f for f in fills if span[0] <= f.filled_at < span[1] and f.filled_by is not None]
    people = {p.marketer for p in placings} | {f.filled_by or 0 for f in acts}
    return RotationRow(
        marketers=tuple(
            MarketerRow(
                marketer=who,
                pins=_count(placings, who, PlacingKind.PIN),
                rotated=_count(placings, who, PlacingKind.ROTATION),
                fills=sum(1 for f in acts if f.filled_by == who),
                fills_undone=sum(
                    1 for f in acts if f.filled_by == who and f.undone_at is not None
                ),
            )
            for who in sorted(people)
        ),
        pairs=tuple(pairs),
        named=name_all(session, people, set()),
        operators=_names(session, {p.operator_id for p in pairs}),
        elsewhere=Counter(p.kind for p in compared) - Counter(p.kind for p in pairs),
    )


def _count(placings: Sequence[Placing], who: int, kind: PlacingKind) -> int:
    return sum(1 for p in placings if p.marketer == who and p.kind is kind)


def _fills(session: Session, program: str) -> list[Fill]:
    return list(
        session.execute(
            sa.select(Fill)
            .join(Collection, col(Collection.id) == col(Fill.collection_id))
            .where(col(Collection.program) == program)
            .order_by(col(Fill.id))
        ).scalars()
    )


def _placings(
    session: Session,
    program: str,
    span: tuple[datetime, datetime],
    sold: Sequence[_Sold],
    fills: Sequence[Fill],
) -> Iterable[Placing]:
    """Give the slots people gave; what a taken-back rotation gave was given by nobody."""
    owner = {s.product_id: s.operator_id for s in sold}
    rows = session.execute(
        sa.select(Slot, col(Collection.category))
        .join(Collection, col(Collection.id) == col(Slot.collection_id))
        .where(
            col(Collection.program) == program, col(Slot.placed_by).is_not(None),
            col(Slot.kind).in_(tuple(_KINDS)), col(Slot.placed_at) >= span[0],
            col(Slot.placed_at) < span[1],
            sa.func.coalesce(col(Slot.removed_reason), "") != "fill_undone",
        )
        .order_by(col(Slot.id))
    ).all()  # fmt: skip
    by_fill = {f.key: f for f in fills}
    of_collection = {f.collection_id: f for f in fills}
    for slot, category in rows:
        fill = by_fill.get(slot.fill_id) or of_collection.get(slot.collection_id)
        known = [int(p) for p in fill.inputs.get("pool", ())] if fill else []
        pool = {owner[p] for p in known if p in owner} or _verified_then(
            sold, category, slot.placed_at
        )
        yield Placing(
            _KINDS[slot.kind], slot.placed_by, owner[slot.product_id], frozenset(pool)
        )


def _verified_then(sold: Sequence[_Sold], category: str | None, at: datetime) -> set[int]:
    """Return whose products were verified at an instant, where no rotation recorded its pool."""
    day = civil_day(at)
    return {
        s.operator_id
        for s in sold
        if s.verified_at is not None
        and s.verified_at <= at
        and (s.valid_until is None or day < s.valid_until)
        and category in {None, s.category}
    }


def _names(session: Session, operators: set[int]) -> dict[int, str]:
    rows = session.execute(
        sa.select(col(Operator.id), col(Operator.name)).where(
            col(Operator.id).in_(sorted(operators))
        )
    ).all()
    return {int(key): name for key, name in rows}
